/** Recognises the tone prompts in what a phone receives (G.711 µ-law). */

/** Tone that lasts at least so long is told; what a barge-in leaves may be shorter. */
const SHORTEST_MS = 60;

export interface Heard {
  name: string;
  /** performance.now() when it began. */
  at: number;
  milliseconds: number;
}

export class Hearing {
  readonly heard: Heard[] = [];
  /** When the first audible sample came. */
  firstSoundAt: number | null = null;
  #samples = 0;
  #crossings = 0;
  #quiet = 0;
  #previous = 0;
  #beganAt = 0;

  constructor(private readonly nameOf: (hertz: number) => string) {}

  /** Takes the payload of one packet. */
  take(payload: Buffer): void {
    for (const byte of payload) this.#sample(linear(byte));
  }

  /** What has been heard, by name; a tone that is still on is not told yet. */
  get names(): string[] {
    return this.heard.map(({ name }) => name);
  }

  #sample(value: number): void {
    if (Math.abs(value) > 200) {
      if (this.#samples === 0) this.#beganAt = performance.now();
      this.firstSoundAt ??= this.#beganAt;
      if (value > 0 !== this.#previous > 0 && this.#samples > 0) this.#crossings++;
      this.#previous = value;
      this.#samples += 1 + this.#quiet;
      this.#quiet = 0;
    } else if (this.#samples > 0 && ++this.#quiet > 160) {
      this.#tell();
    }
  }

  #tell(): void {
    const milliseconds = this.#samples / 8;
    if (milliseconds >= SHORTEST_MS) {
      const hertz = (this.#crossings * 1000) / (2 * milliseconds);
      this.heard.push({ name: this.nameOf(hertz), at: this.#beganAt, milliseconds });
    }
    this.#samples = this.#crossings = this.#quiet = 0;
  }
}

/** G.711 µ-law to linear (ITU-T G.711, table 2a). */
function linear(byte: number): number {
  const code = ~byte & 0xff;
  const magnitude = (((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4);
  return code & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
}

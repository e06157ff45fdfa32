import { FRAME_SAMPLES, MAX_PACKET_MS, SAMPLE_RATE } from './format.js';

/** Makes packets of another length out of 20 ms frames of G.711, whose bytes are samples. */
export class Packetizer {
  /** A packet not yet whole, and the frame that makes it so. */
  readonly #bytes = Buffer.alloc((MAX_PACKET_MS * SAMPLE_RATE) / 1000 + FRAME_SAMPLES);
  #length = 0;

  /** Takes a frame, which starts at `from` in `source`. */
  add(source: Buffer, from: number): void {
    this.#length += source.copy(this.#bytes, this.#length, from, from + FRAME_SAMPLES);
  }

  /** The next packet of so many samples; undefined while there is not enough for it. */
  take(samples: number): Buffer | undefined {
    if (this.#length < samples) return undefined;
    const packet = Buffer.from(this.#bytes.subarray(0, samples));
    this.#bytes.copyWithin(0, samples, this.#length);
    this.#length -= samples;
    return packet;
  }

  /** Gives up what has not become a packet; answers how many samples that is. */
  clear(): number {
    const samples = this.#length;
    this.#length = 0;
    return samples;
  }
}

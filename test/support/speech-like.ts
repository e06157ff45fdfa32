/**
 * Sound with the properties of speech that mislead a tone detector, as long as wanted and the same
 * every time: voices whose pitch glides and sometimes stands still, whose harmonics are shaped by
 * moving formants, broken by pauses and by breath; several at once.
 */
import { clip, noiseSource } from './tone-signals.js';

const RATE = 8000;
/**
 * The ranges of the first three formants in Hz and their bandwidths: those of men, women and
 * children together.
 */
const FORMANTS = [
  { from: 250, to: 1000, width: 70 },
  { from: 800, to: 2600, width: 100 },
  { from: 2200, to: 3500, width: 160 },
] as const;

/** A resonance whose frequency moves; the loudest harmonics of a voice lie at its frequency. */
class Formant {
  #hz = 500;
  #a = 0;
  #b = 0;
  #last = 0;
  #beforeLast = 0;
  readonly #radius: number;

  constructor(width: number) {
    this.#radius = Math.exp((-Math.PI * width) / RATE);
  }

  moveTowards(hz: number, share: number): void {
    this.#hz += (hz - this.#hz) * share;
    this.#a = 2 * this.#radius * Math.cos((2 * Math.PI * this.#hz) / RATE);
    this.#b = -this.#radius * this.#radius;
  }

  filter(excitation: number): number {
    const value = (1 - this.#radius) * excitation + this.#a * this.#last + this.#b * this.#beforeLast;
    this.#beforeLast = this.#last;
    this.#last = value;
    return value;
  }
}

/**
 * One voice. Its syllables last 60 to 400 ms; some are breath, some are silence, and some are held
 * like a sung note.
 */
class Voice {
  readonly #next: () => number;
  readonly #formants = FORMANTS.map(({ width }) => new Formant(width));
  #targets: number[] = [];
  #left = 0;
  #pitch = 150;
  #pitchStep = 0;
  #phase = 0;
  #voiced = 0;
  #breath = 0;
  #level = 0;
  #levelTarget = 0;

  constructor(seed: number) {
    this.#next = noiseSource(seed);
  }

  /** Adds 10 ms of itself to `sum` from `at` on. */
  speak(sum: Float64Array, at: number): void {
    if (this.#left-- <= 0) this.#beginSyllable();
    for (const [i, formant] of this.#formants.entries()) formant.moveTowards(this.#targets[i] ?? 500, 0.25);
    const [first, second, third] = this.#formants;
    if (first === undefined || second === undefined || third === undefined) return;
    for (let n = at; n < at + 80; n++) {
      this.#pitch = Math.max(70, Math.min(600, this.#pitch + this.#pitchStep));
      this.#level += (this.#levelTarget - this.#level) * 0.004;
      this.#phase += this.#pitch / RATE;
      let excitation = this.#breath * this.#next();
      if (this.#phase >= 1) {
        this.#phase -= 1;
        excitation += this.#voiced * 12;
      }
      sum[n] =
        (sum[n] ?? 0) +
        this.#level *
          (first.filter(excitation) + 0.6 * second.filter(excitation) + 0.3 * third.filter(excitation));
    }
  }

  #beginSyllable(): void {
    const next = this.#next;
    const chance = (next() + 1) / 2;
    this.#left = 6 + Math.floor(17 * (next() + 1));
    this.#targets = FORMANTS.map(({ from, to }) => from + ((next() + 1) / 2) * (to - from));
    const held = chance > 0.85;
    if (chance < 0.15) this.#levelTarget = 0;
    else this.#levelTarget = 4000 * 10 ** (next() * 0.7);
    this.#voiced = chance > 0.3 ? 1 : 0;
    this.#breath = chance > 0.3 ? 0.05 : 1;
    this.#pitch = 70 + 330 * ((next() + 1) / 2) ** 2;
    this.#pitchStep = held ? 0 : next() * 0.02;
  }
}

/**
 * `seconds` of speech-like sound, in pieces of one second; from one to four voices at a time,
 * changing each second.
 */
export function* speechLike(seconds: number, seed = 1): Generator<Int16Array> {
  const voices = [1, 2, 3, 4].map((n) => new Voice(seed * 1000 + n));
  for (let second = 0; second < seconds; second++) {
    const sum = new Float64Array(RATE);
    for (const voice of voices.slice(0, 1 + ((second >> 3) % voices.length)))
      for (let at = 0; at < RATE; at += 80) voice.speak(sum, at);
    yield Int16Array.from(sum, clip);
  }
}

/** The same sound faster or slower, and so higher or lower: another speaker. */
export function atSpeed(samples: Int16Array, speed: number): Int16Array {
  const other = new Int16Array(Math.floor((samples.length - 1) / speed));
  for (let n = 0; n < other.length; n++) {
    const at = Math.floor(n * speed);
    const between = n * speed - at;
    other[n] = Math.round((samples[at] ?? 0) * (1 - between) + (samples[at + 1] ?? 0) * between);
  }
  return other;
}

import { FRAME_SAMPLES, SAMPLE_RATE } from './format.js';

/** Rows and columns of the keypad in Hz (ITU-T Q.23). */
export const ROW_HZ = [697, 770, 852, 941] as const;
export const COLUMN_HZ = [1209, 1336, 1477, 1633] as const;

/** A key is one row's and one column's tone together. */
const KEYS = ['123A', '456B', '789C', '*0#D'];

/** A stretch of the signal that is judged at once, and by how much the next one is later: 20 ms and 10 ms. */
const BLOCK = FRAME_SAMPLES;
const HOP = FRAME_SAMPLES / 2;

/** The two tones hold at least this share of the energy: speech does not (ITU-T Q.24 leaves the figure to the receiver). */
const MIN_SHARE = 0.8;
/** The strongest tone of a group is so many times stronger (in power) than the next one. */
const MIN_CONTRAST = 4;
/** The two groups differ by no more, in power: 10 dB, a little over the 8 dB of Q.24. */
const MAX_TWIST = 10;
/** Mean square of the weakest signal: about -40 dBm0. */
const MIN_POWER = 6400;
/** So many blocks in a row make a key, and end it: 30 ms. */
const CONFIRMING_BLOCKS = 2;

/** Energy of one frequency in a block (Goertzel), scaled so that a pure tone gives the sum of its squares. */
function energyAt(hz: number, block: Int16Array): number {
  const factor = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE);
  let last = 0;
  let beforeLast = 0;
  for (const sample of block) {
    const next = sample + factor * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  return ((last * last + beforeLast * beforeLast - factor * last * beforeLast) * 2) / block.length;
}

interface Peak {
  readonly index: number;
  readonly energy: number;
}

/** The one tone of a group that stands out. */
function findPeak(group: readonly number[], block: Int16Array): Peak | undefined {
  const energies = group.map((hz) => energyAt(hz, block));
  const energy = Math.max(...energies);
  const index = energies.indexOf(energy);
  const standsOut = energies.every((other, i) => i === index || other * MIN_CONTRAST < energy);
  return standsOut ? { index, energy } : undefined;
}

function keyIn(block: Int16Array): string | undefined {
  let total = 0;
  for (const sample of block) total += sample * sample;
  if (total < MIN_POWER * block.length) return undefined;
  const row = findPeak(ROW_HZ, block);
  const column = findPeak(COLUMN_HZ, block);
  if (row === undefined || column === undefined) return undefined;
  if (row.energy + column.energy < MIN_SHARE * total) return undefined;
  if (row.energy > column.energy * MAX_TWIST || column.energy > row.energy * MAX_TWIST) return undefined;
  return KEYS[row.index]?.charAt(column.index);
}

/** A key heard as tones. Secret: it may belong to a PAP. */
export interface HeardKey {
  readonly digit: string;
  /** Samples at 8 kHz. */
  readonly duration: number;
}

/** Hears keys in audio ("in-band DTMF"), for callers whose telephone sends them no other way. A key is reported when it ends. */
export class ToneDetector {
  readonly #block = new Int16Array(BLOCK);
  #filled = 0;
  #candidate: string | undefined;
  #candidateBlocks = 0;
  #pressed: string | undefined;
  #pressedBlocks = 0;

  /** Takes the next samples of the stream. */
  push(samples: Int16Array): HeardKey[] {
    const keys: HeardKey[] = [];
    for (const sample of samples) {
      this.#block[this.#filled++] = sample;
      if (this.#filled < BLOCK) continue;
      const key = this.#judge(keyIn(this.#block));
      if (key !== undefined) keys.push(key);
      this.#block.copyWithin(0, HOP);
      this.#filled = BLOCK - HOP;
    }
    return keys;
  }

  #judge(heard: string | undefined): HeardKey | undefined {
    if (this.#pressed !== undefined) this.#pressedBlocks++;
    if (heard === this.#pressed) {
      this.#candidateBlocks = 0;
      return undefined;
    }
    this.#candidateBlocks = heard === this.#candidate ? this.#candidateBlocks + 1 : 1;
    this.#candidate = heard;
    if (this.#candidateBlocks < CONFIRMING_BLOCKS) return undefined;
    const ended = this.#pressed;
    const duration = (this.#pressedBlocks - CONFIRMING_BLOCKS + 2) * HOP;
    this.#pressed = heard;
    this.#pressedBlocks = CONFIRMING_BLOCKS;
    this.#candidateBlocks = 0;
    return ended === undefined ? undefined : { digit: ended, duration };
  }
}

/** The tones of a key, `amplitude` each (of 32767). Throws for what is no key. */
export function synthesizeKey(key: string, ms: number, amplitude = 4000): Int16Array {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  const column = KEYS[row]?.indexOf(key) ?? -1;
  const [low, high] = [ROW_HZ[row], COLUMN_HZ[column]];
  if (key.length !== 1 || low === undefined || high === undefined)
    throw new RangeError('not a telephone key');
  const turn = (2 * Math.PI) / SAMPLE_RATE;
  return Int16Array.from({ length: (ms * SAMPLE_RATE) / 1000 }, (_, i) =>
    Math.round(amplitude * (Math.sin(turn * low * i) + Math.sin(turn * high * i))),
  );
}

import { BLOCK_SAMPLES, keyInBlock } from './tone-block.js';

/** By how much one block is later than the one before: 5 ms. */
const HOP = BLOCK_SAMPLES / 4;

/** A block is the key's when so much of it is: about 15 ms. */
const SUFFICIENT_SAMPLES = 120;
/**
 * So many blocks in a row make a key: 40 ms have at least 5 and 23 ms at most 3, as ITU-T Q.24
 * wants the one taken and not the other.
 */
const BEGINNING_BLOCKS = 5;
/**
 * So many without it end the key: a pause of 40 ms has more, an interruption of 10 ms less (Q.24).
 */
const ENDING_BLOCKS = 6;

/** A key heard as tones. Secret: it may belong to a PAP. */
export interface HeardKey {
  readonly digit: string;
  /** Samples at 8 kHz. */
  readonly duration: number;
}

/**
 * Hears keys in audio ("in-band DTMF"), for callers whose telephone sends them no other way. A key
 * is reported when it ends.
 */
export class ToneDetector {
  readonly #block = new Float64Array(BLOCK_SAMPLES);
  #filled = 0;
  /** What the last blocks had in them, and how many they are. */
  #candidate: string | null = null;
  #candidateBlocks = 0;
  #pressed: string | null = null;
  /** Blocks from the first to the last one with the pressed key, and blocks since. */
  #pressedBlocks = 0;
  #missedBlocks = 0;

  /** Takes the next samples of the stream. */
  push(samples: Int16Array): HeardKey[] {
    const keys: HeardKey[] = [];
    for (let at = 0; at < samples.length;) {
      const taken = Math.min(BLOCK_SAMPLES - this.#filled, samples.length - at);
      for (let n = 0; n < taken; n++) this.#block[this.#filled + n] = samples[at + n] ?? 0;
      at += taken;
      this.#filled += taken;
      if (this.#filled < BLOCK_SAMPLES) break;
      const key = this.#judge(keyInBlock(this.#block));
      if (key !== null) keys.push(key);
      this.#block.copyWithin(0, HOP);
      this.#filled = BLOCK_SAMPLES - HOP;
    }
    return keys;
  }

  /**
   * A piece of the stream was lost: what comes next does not join on to what was before. A key goes
   * on.
   */
  miss(): void {
    this.#filled = 0;
  }

  #judge(heard: string | null): HeardKey | null {
    this.#candidateBlocks = heard === this.#candidate ? this.#candidateBlocks + 1 : 1;
    this.#candidate = heard;
    let ended: HeardKey | null = null;
    if (this.#pressed !== null) {
      if (heard === this.#pressed) {
        this.#pressedBlocks += this.#missedBlocks + 1;
        this.#missedBlocks = 0;
      } else if (++this.#missedBlocks === ENDING_BLOCKS) {
        const duration = SUFFICIENT_SAMPLES + (this.#pressedBlocks - 1) * HOP;
        ended = { digit: this.#pressed, duration };
        this.#pressed = null;
      }
    }
    if (this.#pressed === null && heard !== null && this.#candidateBlocks >= BEGINNING_BLOCKS) {
      this.#pressed = heard;
      this.#pressedBlocks = this.#candidateBlocks;
      this.#missedBlocks = 0;
    }
    return ended;
  }
}

/** How a digit came: RFC 4733, SIP INFO, a command, or heard in the audio. */
export type DigitSource = 'RTP' | 'ENDPOINT' | 'APP' | 'INBAND_AUDIO';

export interface QueuedDigit {
  readonly digit: string;
  /** Samples at 8 kHz. */
  readonly duration: number;
  readonly source: DigitSource;
}

/** Digits that were not fetched; then the oldest are dropped. */
const MAX_QUEUED = 1000;
/** Bounds of what is reported: 50 ms to 24 s. */
const MIN_DURATION = 400;
const MAX_DURATION = 192_000;
/** What a command's digit lasts: 250 ms. */
export const DEFAULT_DURATION = 2000;

/**
 * Digits that wait for an application. A digit becomes an event when it is taken out, not when it
 * comes: what an application leaves in the queue, the next one finds, and no event has told of it
 * yet.
 */
export class DigitQueue {
  readonly #digits: QueuedDigit[] = [];
  readonly #onTaken: (digit: QueuedDigit) => void;

  constructor(onTaken: (digit: QueuedDigit) => void) {
    this.#onTaken = onTaken;
  }

  get isEmpty(): boolean {
    return this.#digits.length === 0;
  }

  put(digit: QueuedDigit): void {
    const duration = Math.min(Math.max(digit.duration, MIN_DURATION), MAX_DURATION);
    this.#digits.push({ ...digit, duration });
    if (this.#digits.length > MAX_QUEUED) this.#digits.shift();
  }

  take(): QueuedDigit | undefined {
    const digit = this.#digits.shift();
    if (digit !== undefined) this.#onTaken(digit);
    return digit;
  }
}

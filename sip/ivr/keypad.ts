import { DuplicateDigits } from './duplicate-digits.js';
import { readEntry, type Key, type Question } from './entry.js';

/** By which way a digit came; the same digit by two ways is one digit. */
export type DigitSource = 'rtp' | 'info' | 'in-band';

/** More keys than that in advance are a stuck key or mischief. */
const MAX_KEYS_AHEAD = 64;

/**
 * The caller's keys, from whatever way they come, kept from the first moment of the call to the
 * last: during prompts, between them, and while a verdict is being asked for. Entries are read from
 * it one after the other, so what is keyed ahead belongs to the next one.
 */
export class Keypad {
  readonly #duplicates = new DuplicateDigits();
  #keys: Key[] = [];
  #listener: ((key: string) => void) | null = null;
  #wasUsed = false;

  /** @param now a clock that only goes forward, in milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Takes a key that was let go just now; `lasted`: for how many milliseconds it was held, where
   * that is known.
   */
  press(key: string, source: DigitSource, lasted = 0): void {
    const at = this.now();
    if (!/^[0-9*#]$/.test(key) || this.#duplicates.isDuplicate(key, source, at, lasted)) return;
    this.#wasUsed = true;
    if (this.#keys.length < MAX_KEYS_AHEAD) this.#keys.push({ key, at });
    this.#listener?.(key);
  }

  /**
   * Told of a key at once: a prompt that is to be interrupted. One at a time; null for none.
   */
  notify(listener: ((key: string) => void) | null): void {
    this.#listener = listener;
  }

  /** Whether any key has been heard in this call. */
  get wasUsed(): boolean {
    return this.#wasUsed;
  }

  /** Whether an entry has been begun: a digit or `*` waits to be read. */
  get hasBegun(): boolean {
    return this.#keys.some(({ key }) => key !== '#');
  }

  /** Waits for the next entry; null when the signal ends the waiting. */
  nextEntry(question: Omit<Question, 'promptEndedAt'>, signal: AbortSignal): Promise<string | null> {
    const whole: Question = { ...question, promptEndedAt: this.now() };
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (entry: string | null): void => {
        clearTimeout(timer);
        this.notify(null);
        signal.removeEventListener('abort', giveUp);
        resolve(entry);
      };
      const giveUp = (): void => settle(null);
      const look = (): void => {
        clearTimeout(timer);
        const now = this.now();
        const reading = readEntry(this.#keys, whole, now);
        if (reading.kind === 'entry') {
          this.#keys = this.#keys.slice(reading.taken);
          settle(reading.digits);
        } else {
          timer = setTimeout(look, Math.max(1, Math.ceil(reading.until - now)));
        }
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      this.notify(look);
      look();
    });
  }
}

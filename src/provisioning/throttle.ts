import { sourceText } from '../domain/prefix.js';
import { addSeconds, secondsUntil } from '../domain/time.js';

/** Fetches without a token that one source may make in a minute: a site behind one address reboots, and each phone asks for a file or two. */
export const TOKENLESS_PER_MINUTE = 600;
const MINUTE_SECONDS = 60;
/** Sources that are remembered; beyond these the one whose minute began first is forgotten. */
const MAX_SOURCES = 10_000;

interface Minute {
  endsAt: Date;
  fetches: number;
}

/**
 * Counts the fetches of each source (an IPv4 address, an IPv6 /64) that come without a token, whatever they ask for: what it refuses tells
 * nothing about whether there is such a device. A source's minute begins with its first fetch. In memory, for each instance by itself.
 */
export class Throttle {
  readonly #minutes = new Map<string, Minute>();

  constructor(private readonly perMinute = TOKENLESS_PER_MINUTE) {}

  /** Counts one more. Answers null, or, where it is one too many, the seconds until the source may ask again. */
  take(address: string | null, now: Date): number | null {
    const source = sourceText(address) ?? '';
    const minute = this.#minutes.get(source);
    if (minute === undefined || minute.endsAt <= now) {
      this.#begin(source, now);
      return null;
    }
    if (minute.fetches >= this.perMinute) return Math.max(1, secondsUntil(minute.endsAt, now));
    minute.fetches += 1;
    return null;
  }

  /** Sources that are remembered. */
  get size(): number {
    return this.#minutes.size;
  }

  #begin(source: string, now: Date): void {
    this.#minutes.delete(source);
    this.#minutes.set(source, { endsAt: addSeconds(now, MINUTE_SECONDS), fetches: 1 });
    const [first] = this.#minutes.keys();
    if (first !== undefined && this.#minutes.size > MAX_SOURCES) this.#minutes.delete(first);
  }
}

import { LRUCache } from 'lru-cache';

/** Wrong keys of one source within a minute; beyond them its keys are not looked at. */
export const WRONG_KEYS_PER_MINUTE = 20;

const MINUTE_MS = 60_000;
/** Sources of which something is remembered; those that were wrong longest ago are forgotten. */
const MAX_SOURCES = 10_000;

interface Minute {
  since: number;
  wrong: number;
}

/** How many wrong keys a source has left, and in how many seconds it begins anew. */
export interface WrongKeyAllowance {
  left: number;
  resetSeconds: number;
}

/**
 * Counts wrong keys by source, each for a minute from its first wrong one. A source is an IPv4
 * address or an IPv6 /64.
 */
export class WrongKeys {
  readonly #minutes = new LRUCache<string, Minute>({ max: MAX_SOURCES });

  /** Counts a wrong key. Answers how many of this minute there are, this one included. */
  count(source: string, now: Date): number {
    const minute = this.#minuteOf(source, now) ?? { since: now.getTime(), wrong: 0 };
    minute.wrong += 1;
    this.#minutes.set(source, minute);
    return minute.wrong;
  }

  allowance(source: string, now: Date): WrongKeyAllowance {
    const minute = this.#minuteOf(source, now);
    if (minute === null) return { left: WRONG_KEYS_PER_MINUTE, resetSeconds: MINUTE_MS / 1000 };
    return {
      left: Math.max(0, WRONG_KEYS_PER_MINUTE - minute.wrong),
      resetSeconds: Math.ceil((minute.since + MINUTE_MS - now.getTime()) / 1000),
    };
  }

  /** A minute that lies ahead is that of a clock that was set back. */
  #minuteOf(source: string, now: Date): Minute | null {
    const minute = this.#minutes.get(source);
    const age = minute === undefined ? null : now.getTime() - minute.since;
    return minute === undefined || age === null || age < 0 || age >= MINUTE_MS ? null : minute;
  }
}

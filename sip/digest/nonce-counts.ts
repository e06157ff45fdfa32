import { ownText } from '../sip-messages.js';

/**
 * How far a count may fall behind the highest one that was seen: requests over UDP overtake each
 * other.
 */
const WINDOW = 32;

interface Use {
  /** Milliseconds of the process's own age. */
  issuedAt: number;
  /** The highest count seen. */
  highest: number;
  /** Bit n: the count `highest - n` was seen. */
  seen: number;
}

/**
 * Which counts (`nc`) of our nonces have been used: each is good once (RFC 7616 3.4). Only
 * nonces that proved an account are noted, so that strangers fill nothing, and of these a bounded
 * number: those that had to be forgotten, and all that were issued before the oldest of them, are
 * used up. A phone with a nonce that is used up is challenged anew (`stale`) and never refused, so
 * that being forgotten, or the habit of some phones to count nothing, costs it one round trip.
 *
 * Each instance notes what it has seen itself: of several that share the phones, each takes an
 * overheard request once. After a restart everything from before counts as used.
 */
export class NonceCounts {
  readonly #uses = new Map<string, Use>();
  readonly #max: number;
  /**
   * Of a nonce that is not noted: issued until then, it counts as used. At first that is all from
   * before the process began.
   */
  #usedUntil = -1;

  /**
   * Times are milliseconds since the process began, by a clock that never steps.
   * @param lifetimeMs after which a nonce is good for nothing, used or not.
   */
  constructor(
    private readonly lifetimeMs: number,
    max = 50_000,
  ) {
    this.#max = max;
  }

  /** Whether this count of the nonce is still good. */
  isGood(nonce: string, issuedAt: number, count: number): boolean {
    const use = this.#uses.get(nonce);
    if (use === undefined) return issuedAt > this.#usedUntil;
    const behind = use.highest - count;
    return behind < 0 || (behind < WINDOW && ((use.seen >>> behind) & 1) === 0);
  }

  /** Uses the count up. False when it was not good. */
  spend(nonce: string, issuedAt: number, count: number, now: number): boolean {
    if (!this.isGood(nonce, issuedAt, count)) return false;
    const use = this.#uses.get(nonce);
    if (use === undefined) {
      this.#makeRoom(now);
      this.#uses.set(ownText(nonce), { issuedAt, highest: count, seen: 1 });
    } else if (count > use.highest) {
      const ahead = count - use.highest;
      use.seen = ahead < WINDOW ? (use.seen << ahead) | 1 : 1;
      use.highest = count;
    } else {
      use.seen |= 1 << (use.highest - count);
    }
    return true;
  }

  /** In the order of their first use, which is nearly that of their issue. */
  #makeRoom(now: number): void {
    for (const [nonce, { issuedAt }] of this.#uses) {
      const isOver = now - issuedAt > this.lifetimeMs;
      if (!isOver && this.#uses.size < this.#max) return;
      this.#uses.delete(nonce);
      if (!isOver) this.#usedUntil = Math.max(this.#usedUntil, issuedAt);
    }
  }
}

/**
 * Some phones send a digit in two ways at once (RFC 4733 and SIP INFO, or audibly too). It counts
 * once.
 */

/**
 * How far apart the same press may be told of by two ways, beyond the time that it lasted: INFO at
 * once, in-band after detection.
 */
const WINDOW_MS = 1000;
/** A key that is held down for longer is no input. */
const MAX_PRESS_MS = 30_000;
/** More keys than a person presses in that time. */
const MAX_HEARD = 32;

interface Heard {
  readonly key: string;
  from: number;
  to: number;
  readonly sources: Set<string>;
}

/**
 * Pairs each digit with the same digit from another source. A digit pressed twice comes twice from
 * each source, and is paired one to one: `11` stays `11`, however fast. A key that is held down is
 * told of at the press by one way and at the release by another; how long it was held tells that
 * they mean the same.
 */
export class DuplicateDigits {
  #heard: Heard[] = [];

  /**
   * Whether this digit, which lasted for so many milliseconds until `at`, has been heard already by
   * another way.
   */
  isDuplicate(key: string, source: string, at: number, lasted = 0): boolean {
    const from = at - Math.min(Math.max(lasted, 0), MAX_PRESS_MS);
    this.#heard = this.#heard.slice(-MAX_HEARD).filter((one) => from - one.to <= WINDOW_MS + MAX_PRESS_MS);
    const counterpart = this.#heard.find(
      (one) =>
        one.key === key &&
        !one.sources.has(source) &&
        from - one.to <= WINDOW_MS &&
        one.from - at <= WINDOW_MS,
    );
    if (counterpart !== undefined) {
      counterpart.sources.add(source);
      counterpart.from = Math.min(counterpart.from, from);
      counterpart.to = Math.max(counterpart.to, at);
      return true;
    }
    this.#heard.push({ key, from, to: at, sources: new Set([source]) });
    return false;
  }
}

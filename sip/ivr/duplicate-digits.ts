/** Some phones send a digit in two ways at once (RFC 4733 and SIP INFO, or audibly too). It counts once. */

/** How far apart the same digit may come by two ways: INFO at the press, RFC 4733 at the release, in-band after detection. */
const WINDOW_MS = 1000;
/** Nobody presses more keys in that time. */
const MAX_HEARD = 32;

interface Heard {
  key: string;
  at: number;
  sources: Set<string>;
}

/**
 * Pairs each digit with the same digit from another source. A digit pressed twice comes twice from each source, and is paired one to
 * one: `11` stays `11`, however fast.
 */
export class DuplicateDigits {
  #heard: Heard[] = [];

  /** Whether this digit has been heard already, by another way. */
  isDuplicate(key: string, source: string, at: number): boolean {
    this.#heard = this.#heard.slice(-MAX_HEARD).filter((one) => at - one.at <= WINDOW_MS);
    const counterpart = this.#heard.find((one) => one.key === key && !one.sources.has(source));
    if (counterpart !== undefined) {
      counterpart.sources.add(source);
      return true;
    }
    this.#heard.push({ key, at, sources: new Set([source]) });
    return false;
  }
}

import { sourceText } from '../../src/domain/prefix.js';

/** A phone needs one or two, a base one for each handset in use. */
const PER_ACCOUNT = 40;
/** Everybody behind one address (IPv6: one /64): a company that brings up all its phones on one morning. A media server has 500 places for all. */
const PER_SOURCE = 400;

/** How many calls to the authentication service one account, and one address, has at a time: nobody takes up all places of the media servers. */
export class CallLimits {
  readonly #calls = new Map<string, number>();

  /** Takes one of the places, and answers what gives it back; null when there is none. */
  enter(user: string, address: string): (() => void) | null {
    const places = [
      { key: `account ${user}`, most: PER_ACCOUNT },
      { key: `source ${sourceText(address) ?? ''}`, most: PER_SOURCE },
    ];
    if (places.some(({ key, most }) => (this.#calls.get(key) ?? 0) >= most)) return null;
    for (const { key } of places) this.#calls.set(key, (this.#calls.get(key) ?? 0) + 1);
    return () => {
      for (const { key } of places) this.#leave(key);
    };
  }

  /** Accounts and addresses that have a call. */
  get size(): number {
    return this.#calls.size;
  }

  #leave(key: string): void {
    const left = (this.#calls.get(key) ?? 0) - 1;
    if (left > 0) this.#calls.set(key, left);
    else this.#calls.delete(key);
  }
}

import { LRUCache } from 'lru-cache';
import type { Account } from '../../src/contract/messages.js';
import type { AdmissionWatch } from './admission.js';
import { InternalAppUnavailable, type InternalClient } from '../internal-client.js';
import { ownText } from '../sip-messages.js';

/**
 * Look-ups under way at once; and how many more wait for their turn before phones are told to come
 * again.
 */
const MAX_LOOK_UPS = 32;
const MAX_WAITING = 1000;
const MAX_KNOWN = 10_000;
const MAX_UNKNOWN = 1000;
/**
 * How long HA1 values stay in memory. They never change; whether the account still exists is asked
 * before anything is done for its phone.
 */
const KNOWN_MS = 600_000;
/** An unknown name stays unknown for so long. */
const UNKNOWN_MS = 5000;

/**
 * The accounts that credentials are checked against. What a flood can make up costs no query: names
 * that cannot be ours are rejected here, known ones are cached, requests for the same one share one
 * look-up, and few look-ups run at a time.
 */
export class Accounts {
  readonly #known = new LRUCache<string, Account>({ max: MAX_KNOWN, ttl: KNOWN_MS });
  readonly #unknown = new LRUCache<string, true>({ max: MAX_UNKNOWN, ttl: UNKNOWN_MS });
  readonly #asked = new Map<string, Promise<Account | null>>();
  readonly #waiting: (() => void)[] = [];
  #lookUps = 0;

  constructor(
    private readonly internal: Pick<InternalClient, 'account'>,
    private readonly admission: Pick<AdmissionWatch, 'mayBeAccount'>,
  ) {}

  /**
   * The account of that name, null where there is none. One that was found may have been revoked
   * since.
   * @throws InternalAppUnavailable also when too many others wait
   */
  async find(user: string): Promise<Account | null> {
    if (!this.admission.mayBeAccount(user)) return null;
    const known = this.#known.get(user);
    if (known !== undefined) return known;
    if (this.#unknown.has(user)) return null;
    const asked = this.#asked.get(user);
    if (asked !== undefined) return asked;
    const asking = this.#ask(user);
    this.#asked.set(user, asking);
    try {
      return await asking;
    } finally {
      this.#asked.delete(user);
    }
  }

  /** The account does not exist any more. */
  forget(user: string): void {
    this.#known.delete(user);
  }

  async #ask(user: string): Promise<Account | null> {
    await this.#turn();
    try {
      const account = await this.internal.account(user);
      this.#remember(user, account);
      return account;
    } finally {
      this.#lookUps -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#lookUps >= MAX_LOOK_UPS) {
      if (this.#waiting.length >= MAX_WAITING)
        throw new InternalAppUnavailable('GET /v1/accounts', 'too many look-ups wait');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#lookUps += 1;
  }

  #remember(user: string, account: Account | null): void {
    if (account === null) this.#unknown.set(ownText(user), true);
    else this.#known.set(ownText(user), account);
  }
}

import { LRUCache } from 'lru-cache';

import type { Flow } from '../../telephony/sip/flow.js';
import type { SipRequest, SipResponse } from '../../telephony/sip/message.js';
import { parseNameAddr } from '../../telephony/sip/name-addr.js';
import { sourceKey } from '../../telephony/sip/source-key.js';
import { parseUri } from '../../telephony/sip/uri.js';
import { LeakyBuckets } from './leaky-buckets.js';

/** Challenges that can be answered. A nonce is good for five minutes. */
const MAX_NONCES = 50_000;
const NONCE_MS = 300_000;
/** Requests with one nonce, repetitions included, until one of them succeeds. */
const TRIES = 4;
/**
 * Requests with a nonce of ours, from one address: a flooder at that address can get nonces, too.
 */
const WITH_NONCE = { most: 400, perSecond: 50 };

/** Accounts by the address that they registered from. */
const MAX_ACCOUNTS = 50_000;
const ACCOUNT_MS = 3_600_000;
/** Requests in the name of one of these. */
const OF_ACCOUNT = { most: 100, perSecond: 50 };

/**
 * Tells a phone from the datagrams that are sent in its name. A sender that forges the phone's
 * address and port does not see what is sent to it: no nonce, and not the name of its account. What
 * has one of these is read even when the flood fills the allowance of that address and port, up to
 * an allowance of its own.
 */
export class KnownPhones {
  /** Tries that are left. */
  readonly #nonces = new LRUCache<string, number>({ max: MAX_NONCES, ttl: NONCE_MS });
  readonly #accounts = new LRUCache<string, true>({ max: MAX_ACCOUNTS, ttl: ACCOUNT_MS });
  readonly #withNonce = new LeakyBuckets(WITH_NONCE);
  readonly #ofAccount = new LeakyBuckets(OF_ACCOUNT);
  readonly #now: () => number;

  /** @param now milliseconds on a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * A request has its answer: a challenge, or what came of a nonce or an account. The phone may
   * come again from another port of its NAT.
   */
  note({ remoteAddress }: Flow, request: SipRequest, response: SipResponse): void {
    if (response.status === 401) {
      const nonce = nonceOf(response.headers.first('WWW-Authenticate') ?? '');
      if (nonce !== undefined) this.#nonces.set(`${remoteAddress} ${nonce}`, TRIES);
    }
    if (request.method !== 'REGISTER' || response.status >= 300) return;
    const nonce = nonceOf(request.headers.get('Authorization') ?? '');
    if (nonce !== undefined) this.#nonces.set(`${remoteAddress} ${nonce}`, TRIES);
    const user = parseUri(parseNameAddr(request.headers.get('To') ?? '')?.uri ?? '')?.user;
    if (user !== undefined) this.#accounts.set(`${remoteAddress} ${user}`, true);
  }

  /**
   * Whether a request, or its beginning, comes from the phone at that address and not only in its
   * name; what is let through so is limited.
   */
  recognise({ remoteAddress }: Flow, head: string): boolean {
    const now = this.#now();
    const nonce = `${remoteAddress} ${nonceOf(head) ?? ''}`;
    const tries = this.#nonces.get(nonce) ?? 0;
    if (tries > 0 && take(this.#withNonce, sourceKey(remoteAddress), now)) {
      this.#nonces.set(nonce, tries - 1);
      return true;
    }
    const user = FROM_USER.exec(head)?.[1];
    const account = `${remoteAddress} ${user ?? ''}`;
    return user !== undefined && this.#accounts.has(account) && take(this.#ofAccount, account, now);
  }
}

const FROM_USER = /\n(?:from|f)[ \t]*:[^\r\n]*?sips?:([^@;>:\s]+)@/i;

function nonceOf(text: string): string | undefined {
  return /\bnonce="([^"]+)"/i.exec(text)?.[1];
}

function take(buckets: LeakyBuckets, key: string, now: number): boolean {
  if (buckets.isFull(key, now)) return false;
  buckets.add(key, 1, now);
  return true;
}

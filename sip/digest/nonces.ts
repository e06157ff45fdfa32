import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { NonceCounts } from './nonce-counts.js';

/** Long enough to dial after the challenge, short enough to make a recorded answer worthless soon. */
const LIFETIME_MS = 300_000;
const MAC_BYTES = 16;
const TIME_BYTES = 6;
const SALT_BYTES = 6;

/**
 * Nonces that need not be remembered when they are issued: the time of issue and a salt, signed. With the same key in all instances, a nonce of one is
 * good at the other.
 */
export class Nonces {
  readonly #key: Buffer;
  readonly #counts: NonceCounts;

  constructor(secret: string, startedAt: Date) {
    this.#key = createHmac('sha256', secret).update('sip nonces').digest();
    this.#counts = new NonceCounts(startedAt, LIFETIME_MS);
  }

  issue(now: Date): string {
    const head = Buffer.alloc(TIME_BYTES + SALT_BYTES);
    head.writeUIntBE(now.getTime(), 0, TIME_BYTES);
    randomBytes(SALT_BYTES).copy(head, TIME_BYTES);
    return Buffer.concat([head, this.#sign(head)]).toString('base64url');
  }

  /** `used up` is one of ours that was good once, or whose count was used before (RFC 7616: stale). */
  judge(nonce: string, count: number, now: Date): 'good' | 'used up' | 'foreign' {
    const issuedAt = this.#issuedAt(nonce);
    if (issuedAt === null) return 'foreign';
    if (now.getTime() - issuedAt > LIFETIME_MS) return 'used up';
    return this.#counts.isGood(nonce, issuedAt, count) ? 'good' : 'used up';
  }

  /** Notes that a count was used by somebody who has proved himself. False when another request was quicker with it. */
  spend(nonce: string, count: number, now: Date): boolean {
    const issuedAt = this.#issuedAt(nonce);
    return issuedAt !== null && this.#counts.spend(nonce, issuedAt, count, now);
  }

  /** null: it is none of ours. */
  #issuedAt(nonce: string): number | null {
    const bytes = Buffer.from(nonce, 'base64url');
    if (bytes.length !== TIME_BYTES + SALT_BYTES + MAC_BYTES) return null;
    // The same bytes can be written in more than one way; as many nonces they would be as often good.
    if (bytes.toString('base64url') !== nonce) return null;
    const head = bytes.subarray(0, TIME_BYTES + SALT_BYTES);
    if (!timingSafeEqual(this.#sign(head), bytes.subarray(TIME_BYTES + SALT_BYTES))) return null;
    return head.readUIntBE(0, TIME_BYTES);
  }

  #sign(head: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(head).digest().subarray(0, MAC_BYTES);
  }
}

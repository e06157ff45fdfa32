import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Long enough to dial after the challenge, short enough to make a recorded answer worthless soon. */
const LIFETIME_MS = 300_000;
const MAC_BYTES = 16;
const TIME_BYTES = 6;
const SALT_BYTES = 6;

/**
 * Nonces that need not be remembered: the time of issue and a salt, signed. With the same key in all instances and after a restart, a
 * nonce of one is good at the other.
 */
export class Nonces {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = createHmac('sha256', secret).update('sip nonces').digest();
  }

  issue(now: Date): string {
    const head = Buffer.alloc(TIME_BYTES + SALT_BYTES);
    head.writeUIntBE(now.getTime(), 0, TIME_BYTES);
    randomBytes(SALT_BYTES).copy(head, TIME_BYTES);
    return Buffer.concat([head, this.#sign(head)]).toString('base64url');
  }

  /** `expired` is one of ours that was good once (RFC 7616: stale). */
  judge(nonce: string, now: Date): 'good' | 'expired' | 'foreign' {
    const bytes = Buffer.from(nonce, 'base64url');
    if (bytes.length !== TIME_BYTES + SALT_BYTES + MAC_BYTES) return 'foreign';
    const head = bytes.subarray(0, TIME_BYTES + SALT_BYTES);
    if (!timingSafeEqual(this.#sign(head), bytes.subarray(TIME_BYTES + SALT_BYTES))) return 'foreign';
    const age = now.getTime() - head.readUIntBE(0, TIME_BYTES);
    return age <= LIFETIME_MS ? 'good' : 'expired';
  }

  #sign(head: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(head).digest().subarray(0, MAC_BYTES);
  }
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../src/domain/time.js';
import { NonceCounts } from './nonce-counts.js';

/**
 * Long enough to dial after the challenge, short enough to make a recorded answer worthless soon.
 */
const LIFETIME_MS = 300_000;
const BOOT_BYTES = 4;
/** Milliseconds since the process began: 34 years. */
const STEADY_BYTES = 5;
const WALL_BYTES = 6;
const SALT_BYTES = 3;
const ADDRESS_BYTES = 6;
const MAC_BYTES = 12;

const WALL_AT = BOOT_BYTES + STEADY_BYTES;
const SALT_AT = WALL_AT + WALL_BYTES;
const ADDRESS_AT = SALT_AT + SALT_BYTES;
const MAC_AT = ADDRESS_AT + ADDRESS_BYTES;
const LENGTH = MAC_AT + MAC_BYTES;

/**
 * Nonces that need not be remembered when they are issued: which process issued it and when, a
 * salt, and a mark of the address that it was sent to, all signed. A nonce is good from that
 * address only, so that an answer to it proves the address as well as the password. It is the whole
 * address, for IPv6 too: a host that takes another one of its /64 for each connection pays one more
 * challenge, while a mark of the /64 would let every host of a network speak in the name of all
 * others. The port is not part of it: behind a NAT it changes.
 *
 * The age of a nonce of this process is measured by a clock that never steps. With the same key in
 * all instances, a nonce of one is good at the others; its age is then measured by the time of day,
 * so that a step of the clock costs those that were issued before it one more challenge.
 */
export class Nonces {
  readonly #key: Buffer;
  readonly #boot = randomBytes(BOOT_BYTES);
  readonly #startedAt: number;
  readonly #counts = new NonceCounts(LIFETIME_MS);

  /** @param steady a clock that only goes forward, in milliseconds. */
  constructor(
    secret: string,
    private readonly clock: Clock,
    private readonly steady: () => number = () => performance.now(),
  ) {
    this.#key = createHmac('sha256', secret).update('sip nonces').digest();
    this.#startedAt = steady();
  }

  /** @param address where it is sent to, in its one spelling. */
  issue(address: string): string {
    const nonce = Buffer.alloc(LENGTH);
    this.#boot.copy(nonce);
    nonce.writeUIntBE(Math.floor(this.#age()), BOOT_BYTES, STEADY_BYTES);
    nonce.writeUIntBE(this.clock.now().getTime(), WALL_AT, WALL_BYTES);
    randomBytes(SALT_BYTES).copy(nonce, SALT_AT);
    this.#markOf(nonce, address).copy(nonce, ADDRESS_AT);
    this.#sign(nonce).copy(nonce, MAC_AT);
    return nonce.toString('base64url');
  }

  /**
   * `stale` is one of ours that was good once, whose count was used before, or that was sent to
   * another address (RFC 7616).
   */
  judge(nonce: string, address: string, count: number): 'good' | 'stale' | 'foreign' {
    const read = this.#read(nonce);
    if (read === null) return 'foreign';
    if (!this.#markOf(read, address).equals(read.subarray(ADDRESS_AT, MAC_AT))) return 'stale';
    const issuedAt = this.#issuedAt(read);
    if (Math.abs(this.#age() - issuedAt) > LIFETIME_MS) return 'stale';
    return this.#counts.isGood(nonce, issuedAt, count) ? 'good' : 'stale';
  }

  /**
   * Notes that a count was used for something that a proved account asked for. False when another
   * request was quicker with it.
   */
  spend(nonce: string, count: number): boolean {
    const read = this.#read(nonce);
    return read !== null && this.#counts.spend(nonce, this.#issuedAt(read), count, this.#age());
  }

  /** Of this process, in milliseconds. */
  #age(): number {
    return this.steady() - this.#startedAt;
  }

  /**
   * How old this process was when the nonce was issued; negative: it had not begun. Of another
   * process the time of day says so, and says it of both in the same way however the clock has
   * stepped since this one began.
   */
  #issuedAt(nonce: Buffer): number {
    if (nonce.subarray(0, BOOT_BYTES).equals(this.#boot)) return nonce.readUIntBE(BOOT_BYTES, STEADY_BYTES);
    return this.#age() - (this.clock.now().getTime() - nonce.readUIntBE(WALL_AT, WALL_BYTES));
  }

  /** null: it is none of ours. */
  #read(text: string): Buffer | null {
    const nonce = Buffer.from(text, 'base64url');
    if (nonce.length !== LENGTH) return null;
    // The same bytes can be written in more than one way; as many nonces they would be as often
    // good.
    if (nonce.toString('base64url') !== text) return null;
    return timingSafeEqual(this.#sign(nonce), nonce.subarray(MAC_AT)) ? nonce : null;
  }

  #markOf(nonce: Buffer, address: string): Buffer {
    const hash = createHmac('sha256', this.#key).update('address').update(nonce.subarray(0, ADDRESS_AT));
    return hash.update(address).digest().subarray(0, ADDRESS_BYTES);
  }

  #sign(nonce: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(nonce.subarray(0, MAC_AT)).digest().subarray(0, MAC_BYTES);
  }
}

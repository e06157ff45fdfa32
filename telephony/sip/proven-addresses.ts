import { LRUCache } from 'lru-cache';

import { isStream, type Flow } from './flow.js';

/**
 * Those that proved themselves last; a phone that was forgotten proves itself again with its next
 * registration or call.
 */
const MAX_ADDRESSES = 50_000;
/** An address may be another peer's after a while; calls last longer than an hour. Milliseconds. */
const LIFETIME_MS = 12 * 3_600_000;

/**
 * IP addresses from which something came back that only who receives there can know: a tag, a
 * branch or a sequence number of ours, or credentials for a nonce that was sent there. The sender
 * of a datagram can be forged; what is sent to an address that has proved nothing is therefore
 * bounded (ResponseAllowance).
 */
export class ProvenAddresses {
  readonly #addresses = new LRUCache<string, true>({ max: MAX_ADDRESSES, ttl: LIFETIME_MS });

  /** A connection proves the address of its peer by its handshake. */
  has(flow: Flow): boolean {
    return isStream(flow.protocol) || this.#addresses.has(flow.remoteAddress);
  }

  /**
   * What was sent to an address has come back over a flow. It proves nothing when that flow is
   * another address's: then who received it speaks in the name of another.
   */
  note(sentTo: string, cameBackOver: Flow): void {
    if (sentTo === cameBackOver.remoteAddress) this.#addresses.set(sentTo, true);
  }
}

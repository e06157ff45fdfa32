import { canonicalAddress } from './address.js';
import { type Prefix, isWithin } from './prefix.js';

/**
 * What a request says of where it came from, as Node has it: several lines of a header are one,
 * with a comma between.
 */
export interface ForwardingHeaders {
  readonly [name: string]: string | string[] | undefined;
}

/** Where a request came from. Decided once, and passed on as an argument. */
export interface ClientAddress {
  /** As `canonicalAddress` spells it; null when the connection has gone. */
  address: string | null;
  /** The other end of the connection: the client itself, or the last proxy in front of us. */
  peer: string | null;
  /**
   * Whether that is one of our proxies: only then what its headers say of the client is believed.
   */
  isProxied: boolean;
  /** Somebody said where the request came from and was not believed. */
  ignoredHeader: boolean;
}

/** For an access log: the client, and the peer where that is another host. */
export function loggedClient({ address, peer }: ClientAddress): {
  address: string | null;
  peer?: string | null;
} {
  return peer === address ? { address } : { address, peer };
}

/** Longer than `[` an IPv6 address with a zone `]:` a port. */
const MAX_HOP_LENGTH = 80;
/** Trusted proxies in a row: more than any installation has. */
const MAX_HOPS = 50;

/**
 * The address of the client: the peer's, unless that is one of our proxies; then the right-most
 * address of `X-Forwarded-For` that is none of them. Every proxy writes down, at the right, from
 * whom it got the request, so what stands further left was told by that address and may be
 * invented. Where an entry is no address, the last proxy before it is all that is known for
 * certain; where all are our proxies, the left-most is the client.
 *
 * `Forwarded` (RFC 7239) and `X-Real-IP` are never believed. A proxy that writes one of the three
 * passes the other two on as the client sent them, so believing all three would mean believing the
 * client.
 */
export function clientAddress(
  remoteAddress: string | undefined,
  headers: ForwardingHeaders,
  trustedProxies: readonly Prefix[],
): ClientAddress {
  const peer = remoteAddress === undefined ? null : canonicalAddress(remoteAddress);
  const header = headers['x-forwarded-for'];
  const hasOther = headers.forwarded !== undefined || headers['x-real-ip'] !== undefined;
  const isTrusted = (address: string): boolean => trustedProxies.some((prefix) => isWithin(address, prefix));
  const isProxied = peer !== null && isTrusted(peer);
  if (header === undefined || !isProxied)
    return { address: peer, peer, isProxied, ignoredHeader: header !== undefined || hasOther };

  let address = peer;
  for (const hop of hopsFromTheRight(typeof header === 'string' ? header : header.join(','))) {
    const read = readHop(hop);
    if (read === null) break;
    address = read;
    if (!isTrusted(read)) break;
  }
  return { address, peer, isProxied, ignoredHeader: false };
}

/**
 * The entries of a list, the last first, no more than are asked for: the header may be of any
 * length.
 */
function* hopsFromTheRight(list: string): Generator<string> {
  let end = list.length;
  for (let hops = 0; end >= 0 && hops < MAX_HOPS; hops += 1) {
    const comma = end === 0 ? -1 : list.lastIndexOf(',', end - 1);
    yield list.slice(comma + 1, Math.min(end, comma + 1 + MAX_HOP_LENGTH + 1));
    end = comma;
  }
}

/**
 * `192.0.2.7`, `2001:db8::7` or `[2001:db8::7]`; some proxies add the port (`192.0.2.7:4711`,
 * `[2001:db8::7]:4711`).
 */
function readHop(text: string): string | null {
  if (text.length > MAX_HOP_LENGTH) return null;
  const hop = text.trim();
  const [, bare] = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(hop) ?? /^([\d.]+):\d{1,5}$/.exec(hop) ?? [];
  return canonicalAddress(bare ?? hop);
}

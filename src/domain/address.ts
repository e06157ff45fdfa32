import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * RFC 4291 2.5.5.1: deprecated, and not the same as `::ffff:192.0.2.7`, for which
 * ipaddr.js takes it.
 */
const COMPATIBLE = /^::(\d+\.\d+\.\d+\.\d+)$/;

/** Reads an address in any of its spellings; null for anything else, a zone included. */
export function readAddress(text: string): Address | null {
  // Each kind is asked only about what may be of it: ipaddr.js finds out by an exception, which
  // costs more than all the rest.
  if (!text.includes(':')) {
    // Not `isValid`: that takes 192.0.2 for 192.0.0.2, and 0300.0.2.1 for octal.
    return ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : null;
  }
  const [, low] = COMPATIBLE.exec(text) ?? [];
  if (low !== undefined) {
    const octets = readAddress(low)?.toByteArray() ?? null;
    return octets === null ? null : new ipaddr.IPv6([...Array<number>(12).fill(0), ...octets]);
  }
  return ipaddr.IPv6.isValid(text) && !text.includes('%') ? ipaddr.IPv6.parse(text) : null;
}

/**
 * The one spelling of a network address: `::ffff:192.0.2.7` is `192.0.2.7`, IPv6 is compressed and
 * without a zone. Null for anything else.
 */
export function canonicalAddress(text: string): string | null {
  const address = readAddress(text.replace(/%.*$/, ''));
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress())
    return address.toIPv4Address().toString();
  return address?.toString() ?? null;
}

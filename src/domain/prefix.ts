import ipaddr from 'ipaddr.js';
import { type Address, readAddress } from './address.js';

/**
 * An address or a range of addresses, in its one spelling: `192.0.2.0/24`, `2001:db8::/32`; a
 * single address has the whole length.
 */
export interface Prefix {
  text: string;
  family: 'ipv4' | 'ipv6';
  /** Bits that are fixed. */
  length: number;
}

const BITS = { ipv4: 32, ipv6: 128 } as const;
/** `::ffff:0:0/96`, the IPv4 addresses within IPv6 (RFC 4291 2.5.5.2). */
const MAPPED_LENGTH = 96;

/**
 * Reads `192.0.2.7`, `192.0.2.0/24`, `192.0.2.0/255.255.255.0` and the IPv6 forms; bits beyond the
 * prefix are dropped, and IPv4-mapped IPv6 is IPv4. null for anything else, a mask with a hole in
 * it included.
 */
export function parsePrefix(text: string): Prefix | null {
  const [, host = '', mask] = /^([^/]+)(?:\/([^/]+))?$/.exec(text.trim()) ?? [];
  const address = readAddress(host);
  if (address === null) return null;
  const length = mask === undefined ? BITS[address.kind()] : readLength(mask, address.kind());
  if (length === null) return null;
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && length >= MAPPED_LENGTH) {
    return prefixOf(address.toIPv4Address(), length - MAPPED_LENGTH);
  }
  return prefixOf(address, length);
}

function readLength(mask: string, family: Prefix['family']): number | null {
  if (/^\d{1,3}$/.test(mask)) return Number(mask) <= BITS[family] ? Number(mask) : null;
  if (family !== 'ipv4' || !ipaddr.IPv4.isValidFourPartDecimal(mask)) return null;
  return ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask();
}

function prefixOf(address: Address, length: number): Prefix {
  const family = address.kind();
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.min(8, Math.max(0, length - index * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  return { text: `${ipaddr.fromByteArray(bytes).toString()}/${length}`, family, length };
}

/** Whether an address, in the spelling of `canonicalAddress`, lies in a prefix. */
export function isWithin(address: string, prefix: Prefix): boolean {
  const read = readAddress(address);
  if (read === null || read.kind() !== prefix.family) return false;
  return prefixOf(read, prefix.length).text === prefix.text;
}

/**
 * Bits of an IPv6 address that tell one customer from another: within its /64 a phone takes any
 * address (RFC 8981).
 */
const SITE_LENGTH = 64;

/** `sourceOf` as text; null where there is no address. */
export function sourceText(address: string | null): string | null {
  return address === null ? null : (sourceOf(address)?.text ?? null);
}

/**
 * Bits of an IPv6 address that tell one subscriber of a provider from another, at the least: RFC
 * 6177 gives a site a /48 to a /56.
 */
const SUBSCRIBER_LENGTH = 48;

/**
 * The block that one party can be expected to hold all of: an IPv4 address itself, an IPv6 one its
 * /48. For shares that an attacker must not multiply by the addresses within its own block. null
 * for what is no address.
 */
export function subscriberText(address: string | null): string | null {
  return blockText(address, SUBSCRIBER_LENGTH);
}

/** An IPv4 address itself, of an IPv6 one its first `length` bits; null for what is no address. */
export function blockText(address: string | null, length: number): string | null {
  const read = address === null ? null : readAddress(address);
  if (address === null || read === null) return null;
  const own = parsePrefix(address);
  return own?.family === 'ipv6' ? prefixOf(read, length).text : (own?.text ?? null);
}

/**
 * Who an address stands for: an IPv4 address itself, an IPv6 one its /64. null for what is no
 * address.
 */
export function sourceOf(address: string): Prefix | null {
  const read = readAddress(address);
  if (read === null) return null;
  const own = parsePrefix(address);
  return own?.family === 'ipv6' ? prefixOf(read, SITE_LENGTH) : own;
}

/**
 * The prefix of an IPv6 address with so many bits, as text; null for IPv4, which has no wider
 * prefix that would stand for one customer.
 */
export function widerSource(address: string, length: 48 | 56): string | null {
  const source = sourceOf(address);
  const read = source?.family === 'ipv6' ? readAddress(address) : null;
  return read === null ? null : prefixOf(read, length).text;
}

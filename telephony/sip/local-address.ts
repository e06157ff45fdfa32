import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

import ipaddr from 'ipaddr.js';

/** IPv4-mapped IPv6 addresses are the IPv4 address, everywhere and however they are spelled. */
export function plainAddress(address: string): string {
  if (!address.includes(':')) return address;
  if (/^::ffff:[\d.]+$/.test(address)) return address.slice(7);
  const [bare = ''] = address.split('%', 1);
  if (!ipaddr.IPv6.isValid(bare)) return address;
  const parsed = ipaddr.IPv6.parse(bare);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : address;
}

/**
 * Whether both texts are one IP address, however it is spelled (`2001:DB8::1`, `2001:db8:0::1`;
 * IPv4-mapped). A host name is never one.
 */
export function isSameAddress(one: string, other: string): boolean {
  if (one === other) return ipaddr.isValid(one);
  // The spellings of an IPv4 address differ only by those of IPv6 that stand for it.
  if (!one.includes(':') && !other.includes(':')) return false;
  const canonical = canonicalAddress(one);
  return canonical !== undefined && canonical === canonicalAddress(other);
}

/** Without the zone of a link-local address, which means something on its own host alone. */
function canonicalAddress(text: string): string | undefined {
  const address = text.split('%', 1)[0] ?? '';
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : undefined;
}

export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

interface OwnAddress {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly subnet: BlockList;
  readonly isExternal: boolean;
}

/** Interfaces come and go (VPN, DHCP), but not between two datagrams. Milliseconds. */
const REREAD_AFTER_MS = 10_000;

/**
 * Which of our addresses a peer should be told when we listen on all of them: the one in the peer's
 * subnet, else the first that is not internal, else loopback. An approximation of the routing
 * table, which Node does not show; where it is not good enough (1:1 NAT, several uplinks), the
 * advertised host is configured.
 */
export class LocalAddresses {
  #own: readonly OwnAddress[] = [];
  #readAt = Number.NEGATIVE_INFINITY;

  facing(remoteAddress: string): string {
    if (performance.now() - this.#readAt > REREAD_AFTER_MS) {
      this.#own = readOwnAddresses();
      this.#readAt = performance.now();
    }
    const family = isIPv6(remoteAddress) ? 'ipv6' : 'ipv4';
    let external: string | undefined;
    for (const own of this.#own) {
      if (own.family !== family) continue;
      if (own.subnet.check(remoteAddress, family)) return own.address;
      if (own.isExternal) external ??= own.address;
    }
    return external ?? (family === 'ipv6' ? '::1' : '127.0.0.1');
  }
}

function readOwnAddresses(): OwnAddress[] {
  const own: OwnAddress[] = [];
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address, cidr, internal } of addresses ?? []) {
      if (cidr === null) continue;
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      const subnet = new BlockList();
      subnet.addSubnet(address, Number(cidr.slice(cidr.indexOf('/') + 1)), family);
      const isExternal = !internal && !address.toLowerCase().startsWith('fe80:');
      own.push({ address, family, subnet, isExternal });
    }
  }
  return own;
}

import ipaddr from 'ipaddr.js';
import { readAddress } from './address.js';

/** What the IPv6 part of the Internet is made of so far (RFC 4291 2.5.4, IANA). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** IPv4 addresses behind a NAT64: the low 32 bits are theirs (RFC 6052 2.1). */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Public by its number, yet answered to each virtual machine of Azure by the host that it runs on.
 */
const AZURE_HOST = '168.63.129.16';

/**
 * Whether an address is one of the public Internet: none of our own networks and machine, nor one
 * with a special meaning (the IANA special-purpose registries, RFC 6890). An IPv4 address within an
 * IPv6 one (IPv4-mapped, NAT64) counts as itself; other ways to write one into an IPv6 address
 * (6to4, Teredo, IPv4-compatible) are special. Text that is no address is not public either.
 */
export function isPublicAddress(text: string): boolean {
  const address = readAddress(text.replace(/%.*$/, ''));
  if (address === null) return false;
  if (address instanceof ipaddr.IPv4) return isPublicIpv4(address);
  if (address.isIPv4MappedAddress()) return isPublicIpv4(address.toIPv4Address());
  if (address.match(NAT64)) return isPublicIpv4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  return address.match(GLOBAL_UNICAST) && address.range() === 'unicast';
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && address.toString() !== AZURE_HOST;
}

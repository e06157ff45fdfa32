import { isIPv6 } from 'node:net';

/**
 * Who an address stands for, as a key: an IPv4 address itself, an IPv6 one its /64, within which a
 * host takes what address it likes (RFC 8981). Not for people: groups are not shortened.
 */
export function sourceKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    // What stands after the gap counts from the end; an IPv4 address there makes two groups.
    const after = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0);
    const zeros = 8 - groups.length - after;
    groups.push(
      ...Array.from({ length: Math.max(0, zeros) }, () => '0'),
      ...(tail === '' ? [] : tail.split(':')),
    );
  }
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

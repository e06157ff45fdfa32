import ipaddr from 'ipaddr.js';

/** The one spelling of a network address: `::ffff:192.0.2.7` is `192.0.2.7`, IPv6 is compressed and without a zone. Null for anything else. */
export function canonicalAddress(text: string): string | null {
  const bare = text.replace(/%.*$/, '');
  // Not `isValid`: that takes 192.0.2 for 192.0.0.2, and 0300.0.2.1 for octal.
  if (!ipaddr.IPv6.isValid(bare) && !ipaddr.IPv4.isValidFourPartDecimal(bare)) return null;
  return ipaddr.process(bare).toString();
}

/**
 * The vendor families. `cisco` covers Linksys too: the ATAs share firmware and configuration
 * format.
 */
export const VENDOR_IDS = [
  'yealink',
  'cisco',
  'patton',
  'snom',
  'poly',
  'panasonic',
  'gigaset',
  'grandstream',
  'fanvil',
] as const;
export type VendorId = (typeof VENDOR_IDS)[number];

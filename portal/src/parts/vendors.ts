import type { Schemas } from '../api/client.js';

export type Vendor = Schemas['Device']['vendor'];

/** The makes of phones, as they write themselves. */
export const VENDOR_NAMES: Readonly<Record<Vendor, string>> = {
  cisco: 'Cisco',
  fanvil: 'Fanvil',
  gigaset: 'Gigaset',
  grandstream: 'Grandstream',
  panasonic: 'Panasonic',
  patton: 'Patton',
  poly: 'Poly',
  snom: 'Snom',
  yealink: 'Yealink',
};

export const VENDORS = Object.keys(VENDOR_NAMES) as readonly Vendor[];

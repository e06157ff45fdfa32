import type { Mac } from '../domain/mac.js';
import type { VendorId } from '../domain/vendor-id.js';
import { gigaset } from './gigaset/index.js';
import { fanvil } from './fanvil/index.js';
import { grandstream } from './grandstream/index.js';
import { panasonic } from './panasonic/index.js';
import { poly } from './poly/index.js';
import { cisco } from './cisco/index.js';
import { patton } from './patton/index.js';
import { snom } from './snom/index.js';
import { makerOf } from './maker.js';
import type { RequestedFile, Vendor } from './vendor.js';
import { yealink } from './yealink/index.js';

const VENDORS: readonly Vendor[] = [
  yealink,
  snom,
  poly,
  cisco,
  patton,
  grandstream,
  fanvil,
  panasonic,
  gigaset,
];
const BY_ID = new Map<VendorId, Vendor>(VENDORS.map((vendor) => [vendor.id, vendor]));

/** All families that there are, in the order in which they are asked. */
export function allVendors(): readonly Vendor[] {
  return VENDORS;
}

/** The family, or null for one that Dialgate cannot render yet. */
export function vendorOf(id: VendorId): Vendor | null {
  return BY_ID.get(id) ?? null;
}

/**
 * Whose file a name means, for the look-up of the device. Several families have the same names
 * (`<mac>.cfg`), so what the name means is then for the device's own family to say. null for every
 * name that means no device: optional files, common files and nonsense.
 */
export function macOfFile(file: RequestedFile): Mac | null {
  for (const vendor of VENDORS) {
    const recognised = vendor.recogniseFile(file);
    if (recognised?.kind === 'device') return recognised.mac;
  }
  return null;
}

/**
 * The family that answers a file of a whole model; of several that have such a name, the one whose
 * User-Agent came with it, else the first. null for every other name: one that is a device's to any
 * family is not a model's.
 */
export function commonVendorOf(file: RequestedFile, userAgent: string | undefined): Vendor | null {
  const families = VENDORS.filter(
    (vendor) => vendor.renderCommon !== null && vendor.recogniseFile(file)?.kind === 'common',
  );
  if (families.length === 0 || macOfFile(file) !== null) return null;
  const named = families.find((vendor) => vendor.recogniseUserAgent(userAgent ?? '') !== null);
  return named ?? families[0] ?? null;
}

/** The MAC that a User-Agent tells, whichever family's it is; null where it tells none. */
export function macOfUserAgent(userAgent: string): Mac | null {
  for (const vendor of VENDORS) {
    const facts = vendor.recogniseUserAgent(userAgent);
    if (facts !== null) return facts.mac;
  }
  return null;
}

/**
 * The family that a file of a device nobody has created is of: the one that has such names; of
 * several, the one whose User-Agent came with it, else that of the MAC's maker, else the first.
 * null for every name that means no device.
 */
export function guessVendor(file: RequestedFile, userAgent: string | undefined): VendorId | null {
  const families = VENDORS.filter((vendor) => vendor.recogniseFile(file)?.kind === 'device');
  const named = families.find((vendor) => vendor.recogniseUserAgent(userAgent ?? '') !== null);
  if (named !== undefined) return named.id;
  const mac = macOfFile(file);
  const maker = mac === null ? null : makerOf(mac);
  return (families.find(({ id }) => id === maker) ?? families[0])?.id ?? null;
}

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

/** All families, in the order in which they are asked about a file name. */
export function allVendors(): readonly Vendor[] {
  return VENDORS;
}

/** null for a family that Dialgate writes no configuration for yet. */
export function vendorOf(id: VendorId): Vendor | null {
  return BY_ID.get(id) ?? null;
}

/**
 * The MAC in a file name, for the look-up of the device. Several families have the same names
 * (`<mac>.cfg`): what such a file is, the device's own family decides. null for a name without a
 * device: optional files, common files and names of no family.
 */
export function macOfFile(file: RequestedFile): Mac | null {
  for (const vendor of VENDORS) {
    const recognised = vendor.recogniseFile(file);
    if (recognised?.kind === 'device') return recognised.mac;
  }
  return null;
}

/**
 * The family that answers a `common` file. Of several families with such a name it is the one that
 * the User-Agent is of, else the first. null for every other name, and for one that any family
 * takes for a device's.
 *
 * @param userAgent empty where the request has none
 */
export function commonVendorOf(file: RequestedFile, userAgent: string): Vendor | null {
  const families = VENDORS.filter(
    (vendor) => vendor.renderCommon !== null && vendor.recogniseFile(file)?.kind === 'common',
  );
  if (families.length === 0 || macOfFile(file) !== null) return null;
  const named = families.find((vendor) => vendor.recogniseUserAgent(userAgent) !== null);
  return named ?? families[0] ?? null;
}

/** The MAC in the User-Agent of a phone of any family; null where there is none. */
export function macOfUserAgent(userAgent: string): Mac | null {
  for (const vendor of VENDORS) {
    const facts = vendor.recogniseUserAgent(userAgent);
    if (facts !== null) return facts.mac;
  }
  return null;
}

/**
 * The family of a device that was not created, by the file it asks for. Of several families with
 * such a name it is the one that the User-Agent is of, else that of the maker of the MAC, else the
 * first. null for a name without a device.
 *
 * @param userAgent empty where the request has none
 */
export function guessVendor(file: RequestedFile, userAgent: string): VendorId | null {
  const families = VENDORS.filter((vendor) => vendor.recogniseFile(file)?.kind === 'device');
  const named = families.find((vendor) => vendor.recogniseUserAgent(userAgent) !== null);
  if (named !== undefined) return named.id;
  const mac = macOfFile(file);
  const maker = mac === null ? null : makerOf(mac);
  return (families.find(({ id }) => id === maker) ?? families[0])?.id ?? null;
}

import type { Mac } from '../domain/mac.js';
import type { VendorId } from '../domain/vendor-id.js';
import { snom } from './snom/index.js';
import type { RequestedFile, Vendor } from './vendor.js';
import { yealink } from './yealink/index.js';

const VENDORS: readonly Vendor[] = [yealink, snom];
const BY_ID = new Map<VendorId, Vendor>(VENDORS.map((vendor) => [vendor.id, vendor]));

/** The family, or null for one that Dialgate cannot render yet. */
export function vendorOf(id: VendorId): Vendor | null {
  return BY_ID.get(id) ?? null;
}

/**
 * Whose file a name means, for the look-up of the device. Several families have the same names (`<mac>.cfg`), so what the name means is
 * then for the device's own family to say. null for every name that means no device: optional files, common files and nonsense.
 */
export function macOfFile(file: RequestedFile): Mac | null {
  for (const vendor of VENDORS) {
    const recognised = vendor.recogniseFile(file);
    if (recognised?.kind === 'device') return recognised.mac;
  }
  return null;
}

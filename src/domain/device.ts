import type { Authentication } from './authentication.js';
import type { Mac } from './mac.js';
import type { VendorId } from './vendor-id.js';
import type { ProvisioningWindow } from './window.js';

/**
 * `managed`: an administrator made it, or somebody claimed it. `unclaimed`: it waits for the code
 * of a line to be dialled. `decoy`: nobody's; it is there so that a scanner learns nothing.
 */
export const DEVICE_KINDS = ['managed', 'unclaimed', 'decoy'] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

/** A phone, ATA or DECT base; known by its MAC. */
export interface Device extends ProvisioningWindow {
  id: string;
  mac: Mac;
  kind: DeviceKind;
  vendor: VendorId;
  model: string | null;
  label: string | null;
  /** As it is printed on the phone; told apart from others by nothing here. */
  serialNumber: string | null;
  /** null while nobody has claimed it. */
  tenantId: string | null;
  siteId: string | null;
  /** Wishes of the administrator for this device alone, such as its `language`. */
  settings: Record<string, unknown>;
  authentication: Authentication;
  /** Why an administrator should look at it; null when there is nothing to see. */
  attention: string | null;
  lastProvisionedAt: Date | null;
  lastSeenAt: Date | null;
  lastSeenAddress: string | null;
  keyVersion: number;
  createdAt: Date;
}

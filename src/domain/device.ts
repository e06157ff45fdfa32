import type { Authentication } from './authentication.js';
import type { Mac } from './mac.js';
import type { VendorId } from './vendor-id.js';
import type { ProvisioningWindow } from './window.js';

/**
 * `managed`: created by an administrator, or claimed by a line's code. `unclaimed`: its phone has
 * yet to dial the code of a line. `decoy`: stands in for a MAC that does not exist, so that a
 * scanner learns nothing.
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
  /** As it is printed on the phone. Not unique, and not checked. */
  serialNumber: string | null;
  /** null for an unclaimed device and for a decoy. */
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

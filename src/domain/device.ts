import type { Authentication } from './authentication.js';
import type { Mac } from './mac.js';
import type { VendorId } from './vendor-id.js';

/** A phone, ATA or DECT base; known by its MAC. */
export interface Device {
  id: string;
  mac: Mac;
  vendor: VendorId;
  model: string | null;
  label: string | null;
  /** null while nobody has claimed it. */
  tenantId: string | null;
  siteId: string | null;
  /** Wishes of the administrator for this device alone, such as its `language`. */
  settings: Record<string, unknown>;
  authentication: Authentication;
  /** Why an administrator should look at it; null when there is nothing to see. */
  attention: string | null;
  firstSyncUntil: Date | null;
  lastProvisionedAt: Date | null;
  lastSeenAt: Date | null;
  lastSeenAddress: string | null;
  keyVersion: number;
  createdAt: Date;
}

import type { ColumnType } from 'kysely';
import type { AuthenticatedBy, AuthenticationState } from '../domain/authentication.js';
import type { DeviceKind } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import type { VendorId } from '../domain/vendor-id.js';
import type { Json } from './schema.js';

export interface DeviceTable {
  id: string;
  mac: Mac;
  kind: DeviceKind;
  vendor: VendorId;
  model: string | null;
  label: string | null;
  serialNumber: string | null;
  tenantId: string | null;
  siteId: string | null;
  settings: Json<Record<string, unknown>>;
  state: AuthenticationState;
  wrongInRow: number;
  lockouts: number;
  failedUntil: Date | null;
  suspendedAt: Date | null;
  suspendedUntil: Date | null;
  papSerial: number | null;
  papDigits: number | null;
  papIssuedAt: Date | null;
  nextPapSerial: number;
  authenticatedBy: AuthenticatedBy | null;
  /** Why an administrator should look at this device; null when there is nothing to see. */
  attention: string | null;
  firstSyncUntil: Date | null;
  firstSyncedAt: Date | null;
  windowClaimedBy: string | null;
  /** Since when the stages below count: the last reset; null: since it was created. */
  progressSince: ColumnType<Date | null, never, Date | null>;
  contactedAt: ColumnType<Date | null, never, Date | null>;
  minimalAt: ColumnType<Date | null, never, Date | null>;
  registeredAt: ColumnType<Date | null, never, Date | null>;
  calledAt: ColumnType<Date | null, never, Date | null>;
  authenticatedAt: ColumnType<Date | null, never, Date | null>;
  fullAt: ColumnType<Date | null, never, Date | null>;
  /** Whether the last configuration that its phone was served is the full one. */
  holdsFull: ColumnType<boolean, never, boolean>;
  lastProvisionedAt: Date | null;
  lastSeenAt: Date | null;
  lastSeenAddress: string | null;
  keyVersion: number;
  createdAt: Date;
}

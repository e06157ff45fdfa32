import type { Insertable, Selectable } from 'kysely';
import type { Authentication, PapIssue } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import type { ProvisioningWindow } from '../domain/window.js';
import type { Database } from './schema.js';
import type { Queryable } from './store.js';

export type DeviceRow = Selectable<Database['devices']>;

/**
 * Named one by one: a plan for `*` breaks when another instance adds a column while this one runs.
 */
export const DEVICE_COLUMNS = [
  'devices.id',
  'devices.mac',
  'devices.kind',
  'devices.vendor',
  'devices.model',
  'devices.label',
  'devices.serial_number',
  'devices.tenant_id',
  'devices.site_id',
  'devices.settings',
  'devices.state',
  'devices.wrong_in_row',
  'devices.lockouts',
  'devices.failed_until',
  'devices.suspended_at',
  'devices.suspended_until',
  'devices.pap_serial',
  'devices.pap_digits',
  'devices.pap_issued_at',
  'devices.next_pap_serial',
  'devices.authenticated_by',
  'devices.attention',
  'devices.first_sync_until',
  'devices.first_synced_at',
  'devices.window_claimed_by',
  'devices.last_provisioned_at',
  'devices.last_seen_at',
  'devices.last_seen_address',
  'devices.key_version',
  'devices.created_at',
] as const;

export function deviceFromRow(row: DeviceRow): Device {
  return {
    id: row.id,
    mac: row.mac,
    kind: row.kind,
    vendor: row.vendor,
    model: row.model,
    label: row.label,
    serialNumber: row.serial_number,
    tenantId: row.tenant_id,
    siteId: row.site_id,
    settings: row.settings,
    authentication: authenticationFromRow(row),
    attention: row.attention,
    firstSyncUntil: row.first_sync_until,
    firstSyncedAt: row.first_synced_at,
    windowClaimedBy: row.window_claimed_by,
    lastProvisionedAt: row.last_provisioned_at,
    lastSeenAt: row.last_seen_at,
    lastSeenAddress: row.last_seen_address,
    keyVersion: row.key_version,
    createdAt: row.created_at,
  };
}

/** The columns that hold a device's authentication. */
type AuthenticationColumns = Pick<
  DeviceRow,
  | 'state'
  | 'wrong_in_row'
  | 'lockouts'
  | 'failed_until'
  | 'suspended_at'
  | 'suspended_until'
  | 'pap_serial'
  | 'pap_digits'
  | 'pap_issued_at'
  | 'next_pap_serial'
  | 'authenticated_by'
>;

export function authenticationFromRow(row: AuthenticationColumns): Authentication {
  return {
    state: row.state,
    wrongInRow: row.wrong_in_row,
    lockouts: row.lockouts,
    failedUntil: row.failed_until,
    suspendedAt: row.suspended_at,
    suspendedUntil: row.suspended_until,
    pap: papFromRow(row),
    nextPapSerial: row.next_pap_serial,
    authenticatedBy: row.authenticated_by,
  };
}

function papFromRow(row: AuthenticationColumns): PapIssue | null {
  if (row.pap_serial === null || row.pap_digits === null || row.pap_issued_at === null) return null;
  return { serial: row.pap_serial, digits: row.pap_digits, issuedAt: row.pap_issued_at };
}

function authenticationToRow(authentication: Authentication): AuthenticationColumns {
  return {
    state: authentication.state,
    wrong_in_row: authentication.wrongInRow,
    lockouts: authentication.lockouts,
    failed_until: authentication.failedUntil,
    suspended_at: authentication.suspendedAt,
    suspended_until: authentication.suspendedUntil,
    pap_serial: authentication.pap?.serial ?? null,
    pap_digits: authentication.pap?.digits ?? null,
    pap_issued_at: authentication.pap?.issuedAt ?? null,
    next_pap_serial: authentication.nextPapSerial,
    authenticated_by: authentication.authenticatedBy,
  };
}

function deviceToRow(device: Device): Insertable<Database['devices']> {
  return {
    id: device.id,
    mac: device.mac,
    kind: device.kind,
    vendor: device.vendor,
    model: device.model,
    label: device.label,
    serial_number: device.serialNumber,
    tenant_id: device.tenantId,
    site_id: device.siteId,
    settings: JSON.stringify(device.settings),
    ...authenticationToRow(device.authentication),
    attention: device.attention,
    first_sync_until: device.firstSyncUntil,
    first_synced_at: device.firstSyncedAt,
    window_claimed_by: device.windowClaimedBy,
    last_provisioned_at: device.lastProvisionedAt,
    last_seen_at: device.lastSeenAt,
    last_seen_address: device.lastSeenAddress,
    key_version: device.keyVersion,
    created_at: device.createdAt,
  };
}

/** Answers false when a device with this MAC exists already. */
export async function insertDevice(db: Queryable, device: Device): Promise<boolean> {
  return (await insertDevices(db, [device])).has(device.id);
}

/**
 * Answers the ids of those that were inserted; the others have a MAC that exists already, in the
 * table or before them.
 */
export async function insertDevices(db: Queryable, devices: readonly Device[]): Promise<Set<string>> {
  if (devices.length === 0) return new Set();
  const rows = await db
    .insertInto('devices')
    .values(devices.map(deviceToRow))
    .onConflict((conflict) => conflict.column('mac').doNothing())
    .returning('id')
    .execute();
  return new Set(rows.map((row) => row.id));
}

export async function findDevice(db: Queryable, id: string): Promise<Device | null> {
  const row = await db.selectFrom('devices').select(DEVICE_COLUMNS).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : deviceFromRow(row);
}

/**
 * A decoy is not found: the API answers for its MAC as for any unknown one.
 */
export async function findDeviceByMac(db: Queryable, mac: Mac): Promise<Device | null> {
  const row = await db
    .selectFrom('devices')
    .select(DEVICE_COLUMNS)
    .where('mac', '=', mac)
    .where('kind', '<>', 'decoy')
    .executeTakeFirst();
  return row === undefined ? null : deviceFromRow(row);
}

/**
 * Reads a device and locks its row until the transaction ends. Every change of a device's
 * authentication goes through here; that is what makes attempts on one device come one after the
 * other. FOR NO KEY UPDATE rather than FOR UPDATE: rows that merely refer to the device (tokens,
 * registrations) can be written meanwhile. By its MAC no decoy is found (`findDeviceByMac`).
 */
export async function lockDevice(
  transaction: Queryable,
  by: { id: string } | { mac: Mac },
): Promise<Device | null> {
  const row = await transaction
    .selectFrom('devices')
    .select(DEVICE_COLUMNS)
    .$call((query) =>
      'id' in by
        ? query.where('id', '=', by.id)
        : query.where('mac', '=', by.mac).where('kind', '<>', 'decoy'),
    )
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row === undefined ? null : deviceFromRow(row);
}

/** Writes what authentication remembers; only for a device that this transaction has locked. */
export async function saveAuthentication(
  transaction: Queryable,
  deviceId: string,
  authentication: Authentication,
): Promise<void> {
  await transaction
    .updateTable('devices')
    .set(authenticationToRow(authentication))
    .where('id', '=', deviceId)
    .execute();
}

/**
 * Writes what is remembered of a device's window; only for a device that this transaction has
 * locked.
 */
export async function saveWindow(
  transaction: Queryable,
  deviceId: string,
  window: ProvisioningWindow,
): Promise<void> {
  await transaction
    .updateTable('devices')
    .set({
      first_sync_until: window.firstSyncUntil,
      first_synced_at: window.firstSyncedAt,
      window_claimed_by: window.windowClaimedBy,
    })
    .where('id', '=', deviceId)
    .execute();
}

/** Flags a device for an administrator, or takes the flag away. */
export async function setAttention(db: Queryable, deviceId: string, attention: string | null): Promise<void> {
  await db.updateTable('devices').set({ attention }).where('id', '=', deviceId).execute();
}

/** What an event or a message about a device needs to know of it. */
export type DeviceIdentity = Pick<Device, 'id' | 'mac' | 'vendor' | 'tenantId'>;

export async function findDeviceIdentities(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, DeviceIdentity>> {
  const rows = await db
    .selectFrom('devices')
    .select(['id', 'mac', 'vendor', 'tenant_id'])
    .where('id', 'in', [...ids])
    .execute();
  return new Map(
    rows.map((row) => [row.id, { id: row.id, mac: row.mac, vendor: row.vendor, tenantId: row.tenant_id }]),
  );
}

import { type Insertable, type Selectable, sql } from 'kysely';
import type { Authentication, PapIssue } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import type { ProvisioningWindow } from '../domain/window.js';
import type { Database } from './schema.js';
import type { Queryable } from './store.js';

/** What a `Device` is made of; how far it is on its way is another matter (`findProgress`). */
export type DeviceRow = Omit<
  Selectable<Database['devices']>,
  | 'progressSince'
  | 'contactedAt'
  | 'minimalAt'
  | 'registeredAt'
  | 'calledAt'
  | 'authenticatedAt'
  | 'fullAt'
  | 'holdsFull'
>;

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
  'devices.serialNumber',
  'devices.tenantId',
  'devices.siteId',
  'devices.settings',
  'devices.state',
  'devices.wrongInRow',
  'devices.lockouts',
  'devices.failedUntil',
  'devices.suspendedAt',
  'devices.suspendedUntil',
  'devices.papSerial',
  'devices.papDigits',
  'devices.papIssuedAt',
  'devices.nextPapSerial',
  'devices.authenticatedBy',
  'devices.attention',
  'devices.firstSyncUntil',
  'devices.firstSyncedAt',
  'devices.windowClaimedBy',
  'devices.lastProvisionedAt',
  'devices.lastSeenAt',
  'devices.lastSeenAddress',
  'devices.keyVersion',
  'devices.createdAt',
] as const;

export function deviceFromRow({
  state,
  wrongInRow,
  lockouts,
  failedUntil,
  suspendedAt,
  suspendedUntil,
  papSerial,
  papDigits,
  papIssuedAt,
  nextPapSerial,
  authenticatedBy,
  ...device
}: DeviceRow): Device {
  const authentication = authenticationFromRow({
    state,
    wrongInRow,
    lockouts,
    failedUntil,
    suspendedAt,
    suspendedUntil,
    papSerial,
    papDigits,
    papIssuedAt,
    nextPapSerial,
    authenticatedBy,
  });
  return { ...device, authentication };
}

/** The columns that hold a device's authentication. */
type AuthenticationColumns = Pick<
  DeviceRow,
  | 'state'
  | 'wrongInRow'
  | 'lockouts'
  | 'failedUntil'
  | 'suspendedAt'
  | 'suspendedUntil'
  | 'papSerial'
  | 'papDigits'
  | 'papIssuedAt'
  | 'nextPapSerial'
  | 'authenticatedBy'
>;

export function authenticationFromRow(row: AuthenticationColumns): Authentication {
  return {
    state: row.state,
    wrongInRow: row.wrongInRow,
    lockouts: row.lockouts,
    failedUntil: row.failedUntil,
    suspendedAt: row.suspendedAt,
    suspendedUntil: row.suspendedUntil,
    pap: papFromRow(row),
    nextPapSerial: row.nextPapSerial,
    authenticatedBy: row.authenticatedBy,
  };
}

function papFromRow(row: AuthenticationColumns): PapIssue | null {
  if (row.papSerial === null || row.papDigits === null || row.papIssuedAt === null) return null;
  return { serial: row.papSerial, digits: row.papDigits, issuedAt: row.papIssuedAt };
}

function authenticationToRow({ pap, ...authentication }: Authentication): AuthenticationColumns {
  return {
    ...authentication,
    papSerial: pap?.serial ?? null,
    papDigits: pap?.digits ?? null,
    papIssuedAt: pap?.issuedAt ?? null,
  };
}

function deviceToRow({ authentication, settings, ...device }: Device): Insertable<Database['devices']> {
  return { ...device, settings: JSON.stringify(settings), ...authenticationToRow(authentication) };
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
  now: Date,
): Promise<void> {
  await transaction
    .updateTable('devices')
    .set(authenticationToRow(authentication))
    .$if(authentication.state === 'successful', (query) =>
      query.set((row) => ({
        authenticatedAt: row.fn.coalesce('authenticatedAt', sql<Date>`${now}::timestamptz`),
      })),
    )
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
  { firstSyncUntil, firstSyncedAt, windowClaimedBy }: ProvisioningWindow,
): Promise<void> {
  await transaction
    .updateTable('devices')
    .set({ firstSyncUntil, firstSyncedAt, windowClaimedBy })
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
    .select(['id', 'mac', 'vendor', 'tenantId'])
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

import { type SqlBool, sql } from 'kysely';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import { type DeviceFilter, matches } from './device-filter.js';
import { DEVICE_COLUMNS, deviceFromRow } from './devices.js';
import type { Queryable } from './store.js';

/** What a list of devices can be sorted by. */
export const DEVICE_SORTS = ['mac', 'label', 'state', 'createdAt', 'lastSeenAt'] as const;
export type DeviceSort = (typeof DEVICE_SORTS)[number];

/** Which part of a list: up to `limit` devices behind one, in an order. */
export interface DeviceSlice {
  limit: number;
  sort: DeviceSort;
  isDescending: boolean;
  /** The device after which it begins, by what it was sorted by; null: at the beginning. */
  after: { value: string | null; id: string } | null;
}

/** The order in which devices were created. */
export const IN_ORDER_OF_CREATION = { sort: 'createdAt', isDescending: false } as const;

/** What devices are sorted by: whether every device has it, and its type. */
const SORTED_BY = {
  mac: { column: 'devices.mac', type: 'text', isNullable: false },
  label: { column: 'devices.label', type: 'text', isNullable: true },
  state: { column: 'devices.state', type: 'text', isNullable: false },
  createdAt: { column: 'devices.created_at', type: 'timestamptz', isNullable: false },
  lastSeenAt: { column: 'device_sightings.last_seen_at', type: 'timestamptz', isNullable: true },
} as const satisfies Record<DeviceSort, object>;

/**
 * A slice of the devices that a filter finds. Rows without the sorted value stand at the end, in
 * either direction. Keyset pagination: a device that is made or removed meanwhile neither hides nor
 * repeats another.
 */
export async function listDevices(
  db: Queryable,
  filter: DeviceFilter,
  slice: DeviceSlice,
  now: Date,
): Promise<{ items: Device[]; next: DeviceSlice['after'] }> {
  const wanted = slice.limit + 1;
  const isPastValues = slice.after !== null && slice.after.value === null;
  const rows = isPastValues ? [] : await readValued(db, filter, slice, wanted, now);
  if (rows.length < wanted && SORTED_BY[slice.sort].isNullable)
    rows.push(...(await readUnvalued(db, filter, slice, wanted - rows.length, now)));
  const items = rows.slice(0, slice.limit);
  const last = rows.length > slice.limit ? items.at(-1) : undefined;
  return {
    items: items.map(({ sortedBy: _sortedBy, ...row }) => deviceFromRow(row)),
    next: last === undefined ? null : { value: last.sortedBy, id: last.id },
  };
}

/** Devices that have the sorted value, read along the index of this order. */
async function readValued(
  db: Queryable,
  filter: DeviceFilter,
  { sort, isDescending, after }: DeviceSlice,
  limit: number,
  now: Date,
) {
  const { column, type, isNullable } = SORTED_BY[sort];
  const value = sql.ref(column);
  const id = sort === 'lastSeenAt' ? sql.ref('device_sightings.device_id') : sql.ref('devices.id');
  const direction = isDescending ? sql`desc` : sql`asc`;
  const beyond = isDescending ? sql`<` : sql`>`;
  return (
    db
      .selectFrom('devices')
      .$if(sort === 'lastSeenAt', (query) =>
        query.innerJoin('deviceSightings', 'deviceSightings.deviceId', 'devices.id'),
      )
      .select(DEVICE_COLUMNS)
      // As text, so that a cursor holds a time to the microsecond.
      .select(sql<string | null>`${value}::text`.as('sortedBy'))
      .where((row) => matches(row, filter, now))
      .$if(isNullable, (query) => query.where(sql<SqlBool>`${value} is not null`))
      .$if(after !== null, (query) =>
        query.where(
          sql<SqlBool>`(${value}, ${id}) ${beyond} (${after?.value ?? ''}::${sql.raw(type)}, ${after?.id ?? ''}::uuid)`,
        ),
      )
      .orderBy(sql`${value} ${direction}`)
      .orderBy(sql`${id} ${direction}`)
      .limit(limit)
      .execute()
  );
}

/** Devices that have no value to be sorted by. */
async function readUnvalued(
  db: Queryable,
  filter: DeviceFilter,
  { sort, after }: DeviceSlice,
  limit: number,
  now: Date,
) {
  const lacksValue =
    sort === 'lastSeenAt'
      ? sql<SqlBool>`not exists (select from device_sightings where device_id = devices.id)`
      : sql<SqlBool>`devices.label is null`;
  return db
    .selectFrom('devices')
    .select(DEVICE_COLUMNS)
    .select(sql<string | null>`null`.as('sortedBy'))
    .where((row) => matches(row, filter, now))
    .where(lacksValue)
    .$if(after !== null && after.value === null, (query) => query.where('id', '>', after?.id ?? ''))
    .$if(sort === 'label', (query) => query.orderBy('label'))
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** How many devices a filter finds. */
export async function countDevices(db: Queryable, filter: DeviceFilter, now: Date): Promise<number> {
  const { count } = await db
    .selectFrom('devices')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where((row) => matches(row, filter, now))
    .executeTakeFirstOrThrow();
  return count;
}

/** The MACs of up to `limit` devices that a filter finds, in order of creation. */
export async function matchingMacs(
  db: Queryable,
  filter: DeviceFilter,
  limit: number,
  now: Date,
): Promise<Mac[]> {
  const rows = await db
    .selectFrom('devices')
    .select('mac')
    .where((row) => matches(row, filter, now))
    .orderBy('createdAt')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ mac }) => mac);
}

export type OwnedDevice = Pick<Device, 'tenantId' | 'vendor' | 'model'>;

/** Those of the MACs that belong to managed devices or to a tenant's. */
export async function ownedDevices(db: Queryable, macs: readonly Mac[]): Promise<Map<Mac, OwnedDevice>> {
  if (macs.length === 0) return new Map();
  const rows = await db
    .selectFrom('devices')
    .select(['mac', 'tenantId', 'vendor', 'model'])
    .where('mac', 'in', [...macs])
    .where((device) => device.or([device('kind', '=', 'managed'), device('tenantId', 'is not', null)]))
    .execute();
  return new Map(rows.map(({ mac, ...owned }) => [mac, owned]));
}

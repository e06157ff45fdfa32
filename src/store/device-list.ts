import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { AuthenticationState } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import { DISPLAY_TEXTS, NO_LINE_TEXT } from '../domain/display.js';
import type { Mac } from '../domain/mac.js';
import { STUCK_AFTER_SECONDS } from '../domain/progress.js';
import type { TenantScope } from '../domain/role.js';
import { addSeconds } from '../domain/time.js';
import type { VendorId } from '../domain/vendor-id.js';
import { DEVICE_COLUMNS, deviceFromRow } from './devices.js';
import { contains } from './page.js';
import type { Database } from './schema.js';
import type { Queryable } from './store.js';
import { isOfScope } from './tenant-scope.js';

/** What a list of devices can be sorted by. */
export const DEVICE_SORTS = ['mac', 'label', 'state', 'createdAt', 'lastSeenAt'] as const;
export type DeviceSort = (typeof DEVICE_SORTS)[number];

/** What a phone can show, as the list is filtered by it. */
export const SHOWN_TEXTS = [...new Set<string>([...Object.values(DISPLAY_TEXTS), NO_LINE_TEXT])];

/** What a device must be to be in a list; a part that is absent asks for nothing. */
export interface DeviceFilter {
  /** Of these tenants, whatever else is asked for. */
  scope: TenantScope;
  tenantId?: string | undefined;
  siteId?: string | undefined;
  state?: AuthenticationState | undefined;
  vendor?: VendorId | undefined;
  label?: string | undefined;
  /** It was seen, and holds no full configuration. */
  waiting?: boolean | undefined;
  /** An administrator should look at it. */
  attention?: boolean | undefined;
  registered?: boolean | undefined;
  /** A step that should have followed is missed (domain/progress `stuckAt`). */
  stuck?: boolean | undefined;
  displayText?: string | undefined;
  /** It has a line of this user. */
  sipUser?: string | undefined;
  /** When it was last seen; a device that never was is in neither. */
  seenSince?: Date | undefined;
  seenBefore?: Date | undefined;
  /**
   * Part of the label, the model, the label or user of a line or the name of the site, in upper or
   * lower case as far as the database's locale knows them, or of the MAC in any spelling.
   */
  text?: string | undefined;
}

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

type Condition = ExpressionBuilder<Database, 'devices'>;

/**
 * A slice of the devices that a filter finds. Rows without the sorted value stand at the end,
 * descending at the beginning, as the indexes have them. Keyset pagination: a device that is made
 * or removed meanwhile neither hides nor repeats another.
 */
export async function listDevices(
  db: Queryable,
  filter: DeviceFilter,
  { limit, sort, isDescending, after }: DeviceSlice,
  now: Date,
): Promise<{ items: Device[]; next: DeviceSlice['after'] }> {
  const order = isDescending ? 'desc' : 'asc';
  let query = db
    .selectFrom('devices')
    .select(DEVICE_COLUMNS)
    // As text, so that a cursor holds a time to the microsecond.
    .select((row) => sql<string | null>`${row.ref(sort)}::text`.as('sortedBy'))
    .where((row) => matches(row, filter, now))
    .orderBy(sort, order)
    .orderBy('id', order)
    .limit(limit + 1);
  if (after !== null) query = query.where((row) => isBehind(row, sort, isDescending, after));
  const rows = await query.execute();
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items: items.map(({ sortedBy: _sortedBy, ...row }) => deviceFromRow(row)),
    next: last === undefined ? null : { value: last.sortedBy, id: last.id },
  };
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

const CASTS = {
  mac: 'text',
  label: 'text',
  state: 'text',
  createdAt: 'timestamptz',
  lastSeenAt: 'timestamptz',
};

function isBehind(
  row: Condition,
  sort: DeviceSort,
  isDescending: boolean,
  { value, id }: NonNullable<DeviceSlice['after']>,
): Expression<SqlBool> {
  const column = row.ref(sort);
  const placed = sql`${value}::${sql.raw(CASTS[sort])}`;
  if (isDescending)
    return value === null
      ? sql<SqlBool>`((${column} is null and id < ${id}::uuid) or ${column} is not null)`
      : sql<SqlBool>`(${column}, id) < (${placed}, ${id}::uuid)`;
  return value === null
    ? sql<SqlBool>`(${column} is null and id > ${id}::uuid)`
    : sql<SqlBool>`((${column}, id) > (${placed}, ${id}::uuid) or ${column} is null)`;
}

/**
 * The one place that says which devices a filter finds: of a page, of a number and of a bulk
 * action.
 */
function matches(device: Condition, filter: DeviceFilter, now: Date): Expression<SqlBool> {
  const { tenantId, siteId, state, vendor, label, seenSince, seenBefore } = filter;
  const conditions: Expression<SqlBool>[] = [
    device('kind', '<>', 'decoy'),
    isOfScope(filter.scope, 'devices.tenant_id'),
  ];
  if (tenantId !== undefined) conditions.push(device('tenantId', '=', tenantId));
  if (siteId !== undefined) conditions.push(device('siteId', '=', siteId));
  if (vendor !== undefined) conditions.push(device('vendor', '=', vendor));
  if (label !== undefined) conditions.push(device('label', '=', label));
  if (state !== undefined) conditions.push(isInState(device, state, now));
  if (seenSince !== undefined) conditions.push(device('lastSeenAt', '>=', seenSince));
  if (seenBefore !== undefined) conditions.push(device('lastSeenAt', '<', seenBefore));
  if (filter.sipUser !== undefined) conditions.push(hasLine(filter.sipUser));
  if (filter.displayText !== undefined) conditions.push(shows(device, filter.displayText, now));
  if (filter.text !== undefined) conditions.push(hasText(device, filter.text));
  for (const [wanted, condition] of [
    [filter.waiting, () => WAITING],
    [filter.attention, () => NEEDS_ATTENTION],
    [filter.registered, () => isRegistered(now)],
    [filter.stuck, () => isStuck(now)],
  ] as const) {
    if (wanted !== undefined) conditions.push(wanted ? condition() : sql<SqlBool>`not ${condition()}`);
  }
  return device.and(conditions);
}

/**
 * The state at `now`: a lock that has lapsed counts as needed before its end is written (as
 * domain/authentication `lookAt`).
 */
function isInState(device: Condition, state: AuthenticationState, now: Date): Expression<SqlBool> {
  const stored = device('state', '=', state);
  const locked = device('failedUntil', '>', now);
  const lapsed = device.or([device('failedUntil', '<=', now), device('failedUntil', 'is', null)]);
  if (state === 'failed') return device.and([stored, locked]);
  if (state === 'needed') return device.or([stored, device.and([device('state', '=', 'failed'), lapsed])]);
  return stored;
}

const WAITING = sql<SqlBool>`(last_seen_at is not null and not exists (
  select from tokens where device_id = devices.id and full_served_at is not null and state <> 'revoked'))`;

const LACKS_LINE = sql<SqlBool>`(kind = 'managed' and state = 'successful' and not exists (
  select from device_lines where device_id = devices.id))`;

const NEEDS_ATTENTION = sql<SqlBool>`(attention is not null or ${LACKS_LINE})`;

const isRegistered = (now: Date) => sql<SqlBool>`exists (
  select from registrations where device_id = devices.id and expires_at > ${now})`;

/** As domain/progress `stuckAt`. */
const isStuck = (now: Date) => sql<SqlBool>`(full_at is null and coalesce(
  authenticated_at, called_at, registered_at, minimal_at, contacted_at, progress_since, created_at
) <= ${addSeconds(now, -STUCK_AFTER_SECONDS)})`;

function hasLine(sipUser: string): Expression<SqlBool> {
  return sql<SqlBool>`devices.id in (
    select device_id from device_lines join lines on lines.id = line_id where sip_user = ${sipUser})`;
}

/** As domain/display `displayTextOf` and `lacksLine`. */
function shows(device: Condition, text: string, now: Date): Expression<SqlBool> {
  const factor = sql`coalesce((select policy ->> 'secondFactor' from tenants where id = devices.tenant_id), 'pap')`;
  const awaitsApproval = sql<SqlBool>`(kind = 'managed' and ${factor} in ('window', 'pap+window') and case
    when first_synced_at is null then not coalesce(first_sync_until > ${now}, false)
    else coalesce(attention = 'token_missing', false) end)`;
  if (text === DISPLAY_TEXTS.unauthorized) return awaitsApproval;
  if (text === NO_LINE_TEXT) return device.and([sql<SqlBool>`not ${awaitsApproval}`, LACKS_LINE]);
  const states = (['needed', 'failed', 'blocked'] as const).filter((state) => DISPLAY_TEXTS[state] === text);
  return device.and([
    sql<SqlBool>`not ${awaitsApproval}`,
    sql<SqlBool>`${factor} <> 'window'`,
    device.or(states.map((state) => isInState(device, state, now))),
  ]);
}

function hasText(device: Condition, text: string): Expression<SqlBool> {
  const words = contains(text);
  const conditions = [
    device('label', 'ilike', words),
    device('model', 'ilike', words),
    sql<SqlBool>`devices.id in (select device_id from device_lines join lines on lines.id = line_id
      where lines.label ilike ${words} or sip_user ilike ${words})`,
    sql<SqlBool>`site_id in (select id from sites where name ilike ${words})`,
  ];
  const digits = text.toLowerCase().replaceAll(/[\s:.-]/g, '');
  if (/^[0-9a-f]{1,12}$/.test(digits))
    conditions.push(device(sql<string>`replace(mac, ':', '')`, 'like', contains(digits)));
  return device.or(conditions);
}

/**
 * Those of the MACs that belong to managed devices or to a tenant's, each with its tenant; null: it
 * has none.
 */
export async function ownersOf(db: Queryable, macs: readonly Mac[]): Promise<Map<Mac, string | null>> {
  if (macs.length === 0) return new Map();
  const rows = await db
    .selectFrom('devices')
    .select(['mac', 'tenantId'])
    .where('mac', 'in', [...macs])
    .where((device) => device.or([device('kind', '=', 'managed'), device('tenantId', 'is not', null)]))
    .execute();
  return new Map(rows.map((row) => [row.mac, row.tenantId]));
}

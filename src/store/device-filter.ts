import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { AuthenticationState } from '../domain/authentication.js';
import { DISPLAY_TEXTS, NO_LINE_TEXT } from '../domain/display.js';
import { STUCK_AFTER_SECONDS } from '../domain/progress.js';
import type { TenantScope } from '../domain/role.js';
import { addSeconds } from '../domain/time.js';
import type { VendorId } from '../domain/vendor-id.js';
import { contains } from './page.js';
import type { Database } from './schema.js';
import { isOfScope } from './tenant-scope.js';

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

type Condition = ExpressionBuilder<Database, 'devices'>;

/**
 * The one place that says which devices a filter finds: of a page, of a number and of a bulk
 * action. Each condition is written so that an index can answer it; alternatives are therefore
 * selections that are united, and no OR.
 */
export function matches(device: Condition, filter: DeviceFilter, now: Date): Expression<SqlBool> {
  const { scope, tenantId, siteId, state, vendor, label } = filter;
  const conditions: Expression<SqlBool>[] = [isOfScope(scope, 'devices.tenant_id')];
  // A decoy has no tenant: the condition would be in the way of an index that has only the tenant.
  if (tenantId === undefined && scope === 'all') conditions.push(device('kind', '<>', 'decoy'));
  if (tenantId !== undefined) conditions.push(device('tenantId', '=', tenantId));
  if (siteId !== undefined) conditions.push(device('siteId', '=', siteId));
  if (vendor !== undefined) conditions.push(device('vendor', '=', vendor));
  if (label !== undefined) conditions.push(device('label', '=', label));
  if (state !== undefined) conditions.push(isInState(device, state, now));
  if (filter.sipUser !== undefined) conditions.push(hasLine(filter.sipUser));
  if (filter.displayText !== undefined) conditions.push(shows(device, filter.displayText, now));
  if (filter.text !== undefined) conditions.push(hasText(filter.text));
  conditions.push(...isSeen(filter));
  if (filter.waiting !== undefined)
    conditions.push(filter.waiting ? WAITING : sql<SqlBool>`not (${WAITING})`);
  if (filter.attention !== undefined)
    conditions.push(filter.attention ? NEEDS_ATTENTION : NEEDS_NO_ATTENTION);
  if (filter.registered !== undefined)
    conditions.push(filter.registered ? isRegistered(now) : sql<SqlBool>`not ${isRegistered(now)}`);
  if (filter.stuck !== undefined)
    conditions.push(filter.stuck ? isStuck(now) : sql<SqlBool>`not ${isStuck(now)}`);
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

function isSeen({ seenSince, seenBefore }: DeviceFilter): Expression<SqlBool>[] {
  if (seenSince === undefined && seenBefore === undefined) return [];
  const since = seenSince === undefined ? sql`true` : sql`last_seen_at >= ${seenSince}`;
  const before = seenBefore === undefined ? sql`true` : sql`last_seen_at < ${seenBefore}`;
  return [sql<SqlBool>`devices.id in (select device_id from device_sightings where ${since} and ${before})`];
}

const WAITING = sql<SqlBool>`not devices.holds_full and devices.last_seen_at is not null`;

/** As domain/display `lacksLine`, of a row of `devices` by whatever name. */
const lacksLine = (row: string) => sql<SqlBool>`(${sql.ref(`${row}.kind`)} = 'managed'
  and ${sql.ref(`${row}.state`)} = 'successful'
  and not exists (select from device_lines where device_id = ${sql.ref(`${row}.id`)}))`;

const NEEDS_ATTENTION = sql<SqlBool>`devices.id in (
  select flagged.id from devices flagged where flagged.attention is not null
  union all select bare.id from devices bare where ${lacksLine('bare')})`;
const NEEDS_NO_ATTENTION = sql<SqlBool>`(devices.attention is null and not ${lacksLine('devices')})`;

const isRegistered = (now: Date) => sql<SqlBool>`exists (
  select from registrations where device_id = devices.id and expires_at > ${now})`;

/** As domain/progress `stuckAt`. */
const isStuck = (now: Date) => sql<SqlBool>`(devices.full_at is null and coalesce(
  devices.authenticated_at, devices.called_at, devices.registered_at, devices.minimal_at, devices.contacted_at,
  devices.progress_since, devices.created_at
) <= ${addSeconds(now, -STUCK_AFTER_SECONDS)})`;

function hasLine(sipUser: string): Expression<SqlBool> {
  return sql<SqlBool>`devices.id in (
    select device_id from device_lines join lines on lines.id = line_id where sip_user = ${sipUser})`;
}

const USES_WINDOW = sql<SqlBool>`coalesce(devices.tenant_id in (
  select id from tenants where policy ->> 'secondFactor' in ('window', 'pap+window')), false)`;
const ASKS_FOR_NO_PAP = sql<SqlBool>`coalesce(devices.tenant_id in (
  select id from tenants where policy ->> 'secondFactor' = 'window'), false)`;

/** As domain/display `displayTextOf` and `lacksLine`. */
function shows(device: Condition, text: string, now: Date): Expression<SqlBool> {
  const awaitsApproval = sql<SqlBool>`(devices.kind = 'managed' and ${USES_WINDOW} and case
    when devices.first_synced_at is null then not coalesce(devices.first_sync_until > ${now}, false)
    else coalesce(devices.attention = 'token_missing', false) end)`;
  if (text === DISPLAY_TEXTS.unauthorized) return awaitsApproval;
  if (text === NO_LINE_TEXT)
    return sql<SqlBool>`(not ${awaitsApproval} and devices.id in (
      select bare.id from devices bare where ${lacksLine('bare')}))`;
  const states = (['needed', 'failed', 'blocked'] as const).filter((state) => DISPLAY_TEXTS[state] === text);
  return device.and([
    sql<SqlBool>`not ${awaitsApproval}`,
    sql<SqlBool>`not ${ASKS_FOR_NO_PAP}`,
    device.or(states.map((state) => isInState(device, state, now))),
  ]);
}

function hasText(text: string): Expression<SqlBool> {
  const words = contains(text);
  const found = [
    sql`select id from devices where label ilike ${words}`,
    sql`select id from devices where model ilike ${words}`,
    sql`select id from devices where site_id in (select id from sites where name ilike ${words})`,
    sql`select device_id from device_lines where line_id in (
      select id from lines where label ilike ${words} union all select id from lines where sip_user ilike ${words})`,
  ];
  const digits = text.toLowerCase().replaceAll(/[\s:.-]/g, '');
  if (/^[0-9a-f]{1,12}$/.test(digits))
    found.push(sql`select id from devices where replace(mac, ':', '') like ${contains(digits)}`);
  return sql<SqlBool>`devices.id in (${sql.join(found, sql` union all `)})`;
}

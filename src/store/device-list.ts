import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { AuthenticationState } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import type { VendorId } from '../domain/vendor-id.js';
import { DEVICE_COLUMNS, deviceFromRow } from './devices.js';
import { type Page, type PageQuery, contains, readPage } from './page.js';
import type { Database } from './schema.js';
import type { Queryable } from './store.js';

/** What a device must be to be in a list; a part that is absent asks for nothing. */
export interface DeviceFilter {
  tenantId?: string | undefined;
  siteId?: string | undefined;
  state?: AuthenticationState | undefined;
  vendor?: VendorId | undefined;
  /**
   * Part of the label or of the model, in upper or lower case as far as the database's locale knows
   * them, or of the MAC in any spelling.
   */
  text?: string | undefined;
}

type Condition = ExpressionBuilder<Database, 'devices'>;

export async function listDevices(
  db: Queryable,
  filter: DeviceFilter,
  page: PageQuery,
  now: Date,
): Promise<Page<Device>> {
  const { tenantId, siteId, state, vendor, text } = filter;
  let query = db.selectFrom('devices').select(DEVICE_COLUMNS).where('kind', '<>', 'decoy');
  if (tenantId !== undefined) query = query.where('tenantId', '=', tenantId);
  if (siteId !== undefined) query = query.where('siteId', '=', siteId);
  if (vendor !== undefined) query = query.where('vendor', '=', vendor);
  if (state !== undefined) query = query.where((device) => isInState(device, state, now));
  if (text !== undefined) query = query.where((device) => hasText(device, text));
  return readPage(query, page, deviceFromRow);
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

function hasText(device: Condition, text: string): Expression<SqlBool> {
  const conditions = [device('label', 'ilike', contains(text)), device('model', 'ilike', contains(text))];
  const digits = text.toLowerCase().replaceAll(/[\s:.-]/g, '');
  if (/^[0-9a-f]{1,12}$/.test(digits)) {
    conditions.push(device(sql<string>`replace(mac, ':', '')`, 'like', contains(digits)));
  }
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

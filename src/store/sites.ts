import type { Selectable } from 'kysely';
import type { EmergencyRoute } from '../domain/emergency.js';
import type { PhoneSettings } from '../domain/phone-settings.js';
import { type Page, type PageQuery, jsonText, readPage } from './page.js';
import { type RowLock, locking } from './row-lock.js';
import type { Database } from './schema.js';
import type { Queryable } from './store.js';

/** A location of a tenant. */
export interface Site {
  id: string;
  tenantId: string;
  name: string;
  timezone: string | null;
  language: string | null;
  settings: PhoneSettings;
  emergencyRoute: EmergencyRoute | null;
  emergencyNumbers: string[] | null;
  /** What emergency services see, and call back; null leaves it to the tenant. */
  emergencyCallerNumber: string | null;
  createdAt: Date;
}

/** Named one by one: a prepared statement with `*` breaks when another instance adds a column. */
const COLUMNS = [
  'id',
  'tenant_id',
  'name',
  'timezone',
  'language',
  'settings',
  'emergency_route',
  'emergency_numbers',
  'emergency_caller_number',
  'created_at',
] as const;

export async function insertSite(db: Queryable, site: Site): Promise<void> {
  await db.insertInto('sites').values(toRow(site)).execute();
}

export async function findSite(
  db: Queryable,
  tenantId: string,
  id: string,
  lock?: RowLock,
): Promise<Site | null> {
  const query = db.selectFrom('sites').select(COLUMNS).where('id', '=', id).where('tenant_id', '=', tenantId);
  const row = await locking(query, lock).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Names are unique within a tenant: a CSV file names a site by it. */
export async function findSiteByName(db: Queryable, tenantId: string, name: string): Promise<Site | null> {
  const row = await db
    .selectFrom('sites')
    .select(COLUMNS)
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** The names of sites, by their ids. */
export async function siteNames(db: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('sites')
    .select(['id', 'name'])
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

export async function listSites(db: Queryable, tenantId: string, page: PageQuery): Promise<Page<Site>> {
  const query = db.selectFrom('sites').select(COLUMNS).where('tenant_id', '=', tenantId);
  return readPage(query, page, fromRow);
}

export async function updateSite(db: Queryable, site: Site): Promise<void> {
  await db.updateTable('sites').set(toRow(site)).where('id', '=', site.id).execute();
}

/** Deletes a site; its devices stay, without one. Answers whether there was one. */
export async function deleteSite(db: Queryable, tenantId: string, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom('sites')
    .where('id', '=', id)
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function toRow(site: Site) {
  return {
    id: site.id,
    tenant_id: site.tenantId,
    name: site.name,
    timezone: site.timezone,
    language: site.language,
    settings: JSON.stringify(site.settings),
    emergency_route: jsonText(site.emergencyRoute),
    emergency_numbers: jsonText(site.emergencyNumbers),
    emergency_caller_number: site.emergencyCallerNumber,
    created_at: site.createdAt,
  };
}

function fromRow(row: Selectable<Database['sites']>): Site {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    name: row.name,
    timezone: row.timezone,
    language: row.language,
    settings: row.settings,
    emergencyRoute: row.emergency_route,
    emergencyNumbers: row.emergency_numbers,
    emergencyCallerNumber: row.emergency_caller_number,
    createdAt: row.created_at,
  };
}

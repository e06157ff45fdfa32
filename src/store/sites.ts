import type { EmergencyRoute } from '../domain/emergency.js';
import type { PhoneSettings } from '../domain/phone-settings.js';
import { type Page, type PageQuery, jsonText, readPage } from './page.js';
import { type RowLock, locking } from './row-lock.js';
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
  'tenantId',
  'name',
  'timezone',
  'language',
  'settings',
  'emergencyRoute',
  'emergencyNumbers',
  'emergencyCallerNumber',
  'createdAt',
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
  const query = db.selectFrom('sites').select(COLUMNS).where('id', '=', id).where('tenantId', '=', tenantId);
  const row = await locking(query, lock).executeTakeFirst();
  return row ?? null;
}

/** Names are unique within a tenant: a CSV file names a site by it. */
export async function findSiteByName(db: Queryable, tenantId: string, name: string): Promise<Site | null> {
  const row = await db
    .selectFrom('sites')
    .select(COLUMNS)
    .where('tenantId', '=', tenantId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row ?? null;
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

/** The sites of a tenant, or the one of exactly this name. */
export async function listSites(
  db: Queryable,
  tenantId: string,
  page: PageQuery,
  name?: string,
): Promise<Page<Site>> {
  let query = db.selectFrom('sites').select(COLUMNS).where('tenantId', '=', tenantId);
  if (name !== undefined) query = query.where('name', '=', name);
  return readPage(query, page, (row) => row);
}

export async function updateSite(db: Queryable, site: Site): Promise<void> {
  await db.updateTable('sites').set(toRow(site)).where('id', '=', site.id).execute();
}

/** Deletes a site; its devices stay, without one. Answers whether there was one. */
export async function deleteSite(db: Queryable, tenantId: string, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom('sites')
    .where('id', '=', id)
    .where('tenantId', '=', tenantId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function toRow(site: Site) {
  return {
    ...site,
    settings: JSON.stringify(site.settings),
    emergencyRoute: jsonText(site.emergencyRoute),
    emergencyNumbers: jsonText(site.emergencyNumbers),
  };
}

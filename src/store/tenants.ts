import type { EmergencyRoute } from '../domain/emergency.js';
import type { PhoneSettings } from '../domain/phone-settings.js';
import type { TenantScope } from '../domain/role.js';
import { type Policy, completePolicy } from '../domain/policy.js';
import { type Page, type PageQuery, jsonText, readPage } from './page.js';
import { type RowLock, locking } from './row-lock.js';
import type { Queryable } from './store.js';
import { isOfScope } from './tenant-scope.js';

/** A customer. `policy` holds only what differs from the defaults (domain/policy completes it). */
export interface Tenant {
  id: string;
  name: string;
  policy: Partial<Policy>;
  emergencyRoute: EmergencyRoute | null;
  emergencyNumbers: string[] | null;
  /** What emergency services see, and call back: a telephone number or a SIP URI. */
  emergencyCallerNumber: string | null;
  /**
   * Where resyncs of phones go that are registered elsewhere: a SIP URI; null leaves it to their
   * lines.
   */
  resyncRoute: string | null;
  language: string | null;
  settings: PhoneSettings;
  createdAt: Date;
}

/** Named one by one: a prepared statement with `*` breaks when another instance adds a column. */
const COLUMNS = [
  'id',
  'name',
  'policy',
  'emergencyRoute',
  'emergencyNumbers',
  'emergencyCallerNumber',
  'resyncRoute',
  'language',
  'settings',
  'createdAt',
] as const;

export async function insertTenant(db: Queryable, tenant: Tenant): Promise<void> {
  await db.insertInto('tenants').values(toRow(tenant)).execute();
}

export async function findTenant(db: Queryable, id: string, lock?: RowLock): Promise<Tenant | null> {
  const query = db.selectFrom('tenants').select(COLUMNS).where('id', '=', id);
  const row = await locking(query, lock).executeTakeFirst();
  return row ?? null;
}

/** The tenants of a scope, or those of them of exactly this name. */
export async function listTenants(
  db: Queryable,
  scope: TenantScope,
  page: PageQuery,
  name?: string,
): Promise<Page<Tenant>> {
  let query = db.selectFrom('tenants').select(COLUMNS).where(isOfScope(scope, 'id'));
  if (name !== undefined) query = query.where('name', '=', name);
  return readPage(query, page, (row) => row);
}

export async function updateTenant(db: Queryable, tenant: Tenant): Promise<void> {
  await db.updateTable('tenants').set(toRow(tenant)).where('id', '=', tenant.id).execute();
}

/** Deletes a tenant with everything that belongs to it. Answers whether there was one. */
export async function deleteTenant(db: Queryable, id: string): Promise<boolean> {
  const result = await db.deleteFrom('tenants').where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** A tenant's policy, defaults included; the defaults for an unclaimed device. */
export async function findPolicy(db: Queryable, tenantId: string | null): Promise<Policy> {
  if (tenantId === null) return completePolicy({});
  const row = await db.selectFrom('tenants').select('policy').where('id', '=', tenantId).executeTakeFirst();
  return completePolicy(row?.policy ?? {});
}

/** The policies of tenants as stored, by the tenant's id. */
export async function storedPolicies(
  db: Queryable,
  tenantIds: readonly string[],
): Promise<Map<string, Partial<Policy>>> {
  if (tenantIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('tenants')
    .select(['id', 'policy'])
    .where('id', 'in', [...tenantIds])
    .execute();
  return new Map(rows.map((row) => [row.id, row.policy]));
}

function toRow(tenant: Tenant) {
  return {
    ...tenant,
    policy: JSON.stringify(tenant.policy),
    settings: JSON.stringify(tenant.settings),
    emergencyRoute: jsonText(tenant.emergencyRoute),
    emergencyNumbers: jsonText(tenant.emergencyNumbers),
  };
}

/** The names of tenants, by their ids. */
export async function tenantNames(db: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('tenants')
    .select(['id', 'name'])
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

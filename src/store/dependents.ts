import { sql } from 'kysely';
import type { Queryable } from './store.js';

/**
 * What there is of a tenant, at a site or with a line, and would go with it or be left without it.
 */
export interface Dependents {
  devices: number;
  sites: number;
  lines: number;
  networks: number;
}

/** What belongs to a tenant. */
export async function countOfTenant(db: Queryable, tenantId: string): Promise<Dependents> {
  const { rows } = await sql<Dependents>`
    select
      (select count(*)::integer from devices where tenant_id = ${tenantId}) as devices,
      (select count(*)::integer from sites where tenant_id = ${tenantId}) as sites,
      (select count(*)::integer from lines where tenant_id = ${tenantId}) as lines,
      (select count(*)::integer from networks where tenant_id = ${tenantId}) as networks`.execute(db);
  return rows[0] ?? NONE;
}

/** The devices that are at a site. */
export async function countAtSite(db: Queryable, siteId: string): Promise<Dependents> {
  const { count } = await db
    .selectFrom('devices')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where('siteId', '=', siteId)
    .executeTakeFirstOrThrow();
  return { ...NONE, devices: count };
}

/** The devices that have a line. */
export async function countWithLine(db: Queryable, lineId: string): Promise<Dependents> {
  const { count } = await db
    .selectFrom('deviceLines')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where('lineId', '=', lineId)
    .executeTakeFirstOrThrow();
  return { ...NONE, devices: count };
}

const NONE: Dependents = { devices: 0, sites: 0, lines: 0, networks: 0 };

import { sql } from 'kysely';
import { DEFAULT_POLICY, type Policy } from '../domain/policy.js';
import type { TenantScope } from '../domain/role.js';
import type { Queryable } from './store.js';
import { isOfScope } from './tenant-scope.js';

/** Devices of a tenant that wait with a PAP of so many digits. */
export interface WaitingCount {
  tenantId: string;
  policy: Partial<Policy>;
  papDigits: number;
  devices: number;
}

/**
 * Counts the devices whose PAP could be keyed in at `now` or after a lock: neither blocked nor
 * successful, and the PAP has not lapsed.
 */
export async function countWaitingDevices(
  db: Queryable,
  scope: TenantScope,
  now: Date,
): Promise<WaitingCount[]> {
  const standard = DEFAULT_POLICY.papLifetimeSeconds;
  const lifetime = sql<
    number | null
  >`coalesce((tenants.policy->>'papLifetimeSeconds')::float8, ${standard}::float8)`;
  const rows = await db
    .selectFrom('devices')
    .innerJoin('tenants', 'tenants.id', 'devices.tenantId')
    .where('devices.kind', '=', 'managed')
    .where('devices.state', 'in', ['needed', 'failed'])
    .where((eb) =>
      eb.or([
        eb(lifetime, 'is', null),
        eb('devices.papIssuedAt', '>', sql<Date>`${now}::timestamptz - ${lifetime} * interval '1 second'`),
      ]),
    )
    .where(isOfScope(scope, 'tenants.id'))
    .groupBy(['tenants.id', 'devices.papDigits'])
    .having('devices.papDigits', 'is not', null)
    .orderBy('tenants.id')
    .orderBy('devices.papDigits')
    .select([
      'tenants.id',
      'tenants.policy',
      sql<number>`devices.pap_digits`.as('papDigits'),
      sql<number>`count(*)::integer`.as('devices'),
    ])
    .execute();
  return rows.map(({ id, policy, papDigits, devices }) => ({
    tenantId: id,
    policy,
    papDigits,
    devices,
  }));
}

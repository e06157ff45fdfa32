import type { DeviceKind } from '../domain/device.js';
import type { EmergencyParty } from '../domain/emergency.js';
import type { Mac } from '../domain/mac.js';
import type { Policy } from '../domain/policy.js';
import type { TokenState } from '../domain/token.js';
import type { Queryable } from './store.js';

/**
 * Whose SIP user name it is: a token, its device, and what the site and the tenant have set for it.
 */
export interface Subscriber {
  token: {
    id: string;
    state: TokenState;
    used: boolean;
    releasedAt: Date | null;
    lastUsedAt: Date;
    /** From where its configuration was fetched last. */
    lastFetchAddress: string | null;
  };
  deviceId: string;
  kind: DeviceKind;
  mac: Mac;
  deviceSettings: Record<string, unknown>;
  tenant: (EmergencyParty & { id: string; policy: Partial<Policy>; language: string | null }) | null;
  site: (EmergencyParty & { id: string; language: string | null }) | null;
}

/**
 * Finds the subscriber of a SIP user name, whatever has become of the token: an emergency call is
 * routed even by a revoked one.
 */
export async function findSubscriber(db: Queryable, user: string): Promise<Subscriber | null> {
  const row = await db
    .selectFrom('tokens')
    .innerJoin('devices', 'devices.id', 'tokens.device_id')
    .leftJoin('tenants', 'tenants.id', 'devices.tenant_id')
    .leftJoin('sites', 'sites.id', 'devices.site_id')
    .where('tokens.id', '=', user)
    .select([
      'tokens.id as token_id',
      'tokens.state',
      'tokens.used',
      'tokens.released_at',
      'tokens.last_used_at',
      'tokens.last_fetch_address',
      'devices.id as device_id',
      'devices.kind',
      'devices.mac',
      'devices.settings',
      'tenants.id as tenant_id',
      'tenants.name as tenant_name',
      'tenants.policy',
      'tenants.language as tenant_language',
      'tenants.emergency_route as tenant_route',
      'tenants.emergency_numbers as tenant_numbers',
      'tenants.emergency_caller_number as tenant_caller_number',
      'sites.id as site_id',
      'sites.name as site_name',
      'sites.language as site_language',
      'sites.emergency_route as site_route',
      'sites.emergency_numbers as site_numbers',
      'sites.emergency_caller_number as site_caller_number',
    ])
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    token: {
      id: row.token_id,
      state: row.state,
      used: row.used,
      releasedAt: row.released_at,
      lastUsedAt: row.last_used_at,
      lastFetchAddress: row.last_fetch_address,
    },
    deviceId: row.device_id,
    kind: row.kind,
    mac: row.mac,
    deviceSettings: row.settings,
    tenant:
      row.tenant_id === null
        ? null
        : {
            id: row.tenant_id,
            name: row.tenant_name ?? '',
            policy: row.policy ?? {},
            language: row.tenant_language,
            route: row.tenant_route,
            numbers: row.tenant_numbers,
            callerNumber: row.tenant_caller_number,
          },
    site:
      row.site_id === null
        ? null
        : {
            id: row.site_id,
            name: row.site_name ?? '',
            language: row.site_language,
            route: row.site_route,
            numbers: row.site_numbers,
            callerNumber: row.site_caller_number,
          },
  };
}

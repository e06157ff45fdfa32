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
    .innerJoin('devices', 'devices.id', 'tokens.deviceId')
    .leftJoin('tenants', 'tenants.id', 'devices.tenantId')
    .leftJoin('sites', 'sites.id', 'devices.siteId')
    .where('tokens.id', '=', user)
    .select([
      'tokens.id as tokenId',
      'tokens.state',
      'tokens.used',
      'tokens.releasedAt',
      'tokens.lastUsedAt',
      'tokens.lastFetchAddress',
      'devices.id as deviceId',
      'devices.kind',
      'devices.mac',
      'devices.settings',
      'tenants.id as tenantId',
      'tenants.name as tenantName',
      'tenants.policy',
      'tenants.language as tenantLanguage',
      'tenants.emergencyRoute as tenantRoute',
      'tenants.emergencyNumbers as tenantNumbers',
      'tenants.emergencyCallerNumber as tenantCallerNumber',
      'sites.id as siteId',
      'sites.name as siteName',
      'sites.language as siteLanguage',
      'sites.emergencyRoute as siteRoute',
      'sites.emergencyNumbers as siteNumbers',
      'sites.emergencyCallerNumber as siteCallerNumber',
    ])
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    token: {
      id: row.tokenId,
      state: row.state,
      used: row.used,
      releasedAt: row.releasedAt,
      lastUsedAt: row.lastUsedAt,
      lastFetchAddress: row.lastFetchAddress,
    },
    deviceId: row.deviceId,
    kind: row.kind,
    mac: row.mac,
    deviceSettings: row.settings,
    tenant:
      row.tenantId === null
        ? null
        : {
            id: row.tenantId,
            name: row.tenantName ?? '',
            policy: row.policy ?? {},
            language: row.tenantLanguage,
            route: row.tenantRoute,
            numbers: row.tenantNumbers,
            callerNumber: row.tenantCallerNumber,
          },
    site:
      row.siteId === null
        ? null
        : {
            id: row.siteId,
            name: row.siteName ?? '',
            language: row.siteLanguage,
            route: row.siteRoute,
            numbers: row.siteNumbers,
            callerNumber: row.siteCallerNumber,
          },
  };
}

import { CompiledQuery } from 'kysely';
import type { Authentication } from '../domain/authentication.js';
import type { DeviceKind } from '../domain/device.js';
import type { EmergencySettings } from '../domain/emergency.js';
import type { Mac } from '../domain/mac.js';
import type { RequestNetwork } from '../domain/network.js';
import type { PhoneSettings } from '../domain/phone-settings.js';
import type { Policy } from '../domain/policy.js';
import type { Token } from '../domain/token.js';
import type { VendorId } from '../domain/vendor-id.js';
import type { ProvisioningWindow } from '../domain/window.js';
import { type DeviceRow, authenticationFromRow } from './devices.js';
import type { LineTransport } from './schema.js';
import type { Queryable } from './store.js';

/** A line as a configuration needs it. */
export interface FetchedLine {
  id: string;
  label: string;
  displayName: string | null;
  sipUser: string;
  authUser: string | null;
  passwordSealed: Uint8Array;
  registrar: string;
  outboundProxy: string | null;
  transport: LineTransport;
}

/** What a fetch has to know of a token. */
export type FetchToken = Pick<
  Token,
  'id' | 'deviceId' | 'state' | 'releasedAt' | 'fullServedAt' | 'fullServedUnder' | 'lastUsedAt'
>;

/**
 * Everything that answering a fetch depends on, as one look-up finds it. Plain data, so that it can
 * be held in memory.
 */
export interface FetchFacts {
  deviceId: string;
  mac: Mac;
  kind: DeviceKind;
  vendor: VendorId;
  model: string | null;
  tenantId: string | null;
  authentication: Authentication;
  window: ProvisioningWindow;
  /** The tenant's differences from the default policy; empty for a device without a tenant. */
  policy: Partial<Policy>;
  /** Whose wish comes first: device, site, tenant. */
  languages: (string | null)[];
  timezone: string | null;
  /** Device, site, tenant: whose wish comes first. */
  settings: PhoneSettings[];
  /** Site, then tenant. */
  emergency: EmergencySettings[];
  lines: FetchedLine[];
  /** The token with the id asked for, whichever device it is of. */
  token: FetchToken | null;
  /**
   * The network of the device's tenant that the address asked for lies in: a permanent one first,
   * then the narrowest.
   */
  network: RequestNetwork | null;
  /** Whether a resync waits for this device to fetch. */
  awaited: boolean;
}

const NO_EMERGENCY = { route: null, numbers: null };

/** Only what is needed, for each column of a row costs: this is asked at every fetch. */
const LOOK_UP = `
  select q.position, d.id, d.mac, d.kind, d.vendor, d.model, d.tenant_id, d.state, d.wrong_in_row, d.lockouts, d.failed_until,
    d.suspended_at, d.suspended_until,
    d.pap_serial, d.pap_digits, d.pap_issued_at, d.next_pap_serial, d.authenticated_by,
    d.first_sync_until, d.first_synced_at, d.window_claimed_by,
    d.settings ->> 'language' as device_language,
    d.settings as device_settings, s.settings as site_settings, t.settings as tenant_settings,
    t.policy, t.language as tenant_language, t.emergency_numbers as tenant_numbers,
    s.language as site_language, s.timezone, s.emergency_numbers as site_numbers,
    k.id as token_id, k.device_id as token_device_id, k.state as token_state, k.released_at, k.full_served_at, k.full_served_under, k.last_used_at,
    n.id as network_id, n.prefix, n.kind as network_kind, n.opened_at, n.expires_at, n.devices, n.has_device,
    exists (select 1 from resyncs r where r.device_id = d.id) as awaited,
    (
      select json_agg(json_build_object(
        'id', l.id, 'label', l.label, 'displayName', l.display_name, 'sipUser', l.sip_user,
        'authUser', l.auth_user, 'passwordSealed', encode(l.password_sealed, 'base64'),
        'registrar', l.registrar, 'outboundProxy', l.outbound_proxy, 'transport', l.transport
      ) order by dl.position)
      from device_lines dl join lines l on l.id = dl.line_id
      where dl.device_id = d.id
    ) as lines
  from jsonb_to_recordset($1::jsonb) as q("position" integer, "mac" text, "tokenId" text, "address" inet)
    join devices d on d.mac = q.mac
    left join tenants t on t.id = d.tenant_id
    left join sites s on s.id = d.site_id
    left join tokens k on k.id = q."tokenId"
    left join lateral (
      select networks.id, prefix, networks.kind, opened_at, expires_at,
        (select count(*)::integer from network_devices where network_id = networks.id) as devices,
        exists (select 1 from network_devices where network_id = networks.id and device_id = d.id) as has_device
      from networks
      where tenant_id = d.tenant_id and prefix >>= q.address and (expires_at is null or expires_at > $2)
      order by networks.kind, masklen(prefix) desc limit 1
    ) n on true`;

interface LookUpRow extends DeviceRow {
  position: number;
  deviceLanguage: string | null;
  deviceSettings: PhoneSettings;
  siteSettings: PhoneSettings | null;
  tenantSettings: PhoneSettings | null;
  policy: Partial<Policy> | null;
  tenantLanguage: string | null;
  tenantNumbers: string[] | null;
  siteLanguage: string | null;
  timezone: string | null;
  siteNumbers: string[] | null;
  tokenId: string | null;
  tokenDeviceId: string;
  tokenState: FetchToken['state'];
  releasedAt: Date | null;
  fullServedAt: Date | null;
  fullServedUnder: FetchToken['fullServedUnder'];
  lastUsedAt: Date;
  networkId: string | null;
  prefix: string;
  networkKind: RequestNetwork['kind'];
  openedAt: Date;
  expiresAt: Date | null;
  devices: number;
  hasDevice: boolean;
  awaited: boolean;
  lines: (Omit<FetchedLine, 'passwordSealed'> & { passwordSealed: string })[] | null;
}

/** What a fetch asks about. */
export interface FetchQuestion {
  mac: Mac;
  tokenId: string | null;
  /** Where it came from, as `canonicalAddress` spells it. */
  address: string | null;
}

/**
 * Answers many fetches by one statement, by unique indexes: for each the device with its MAC and,
 * beside it, the token that was presented and the network it came from; null where there is no such
 * device. The text never changes, so that the database plans it once a connection.
 */
export async function lookUpFetches(
  db: Queryable,
  questions: readonly FetchQuestion[],
  now: Date,
): Promise<(FetchFacts | null)[]> {
  const asked = questions.map((question, position) => ({ ...question, position }));
  const { rows } = await db.executeQuery(CompiledQuery.raw(LOOK_UP, [JSON.stringify(asked), now]));
  const facts: (FetchFacts | null)[] = questions.map(() => null);
  for (const row of rows as LookUpRow[]) facts[row.position] = factsOf(row);
  return facts;
}

function factsOf(row: LookUpRow): FetchFacts {
  return {
    deviceId: row.id,
    mac: row.mac,
    kind: row.kind,
    vendor: row.vendor,
    model: row.model,
    tenantId: row.tenantId,
    authentication: authenticationFromRow(row),
    window: {
      firstSyncUntil: row.firstSyncUntil,
      firstSyncedAt: row.firstSyncedAt,
      windowClaimedBy: row.windowClaimedBy,
    },
    policy: row.policy ?? {},
    languages: [row.deviceLanguage, row.siteLanguage, row.tenantLanguage],
    timezone: row.timezone,
    settings: [row.deviceSettings, row.siteSettings ?? {}, row.tenantSettings ?? {}],
    emergency: [
      { ...NO_EMERGENCY, numbers: row.siteNumbers },
      { ...NO_EMERGENCY, numbers: row.tenantNumbers },
    ],
    lines: (row.lines ?? []).map((line) => ({
      ...line,
      passwordSealed: Buffer.from(line.passwordSealed, 'base64'),
    })),
    token: tokenOf(row),
    network: networkOf(row),
    awaited: row.awaited,
  };
}

function tokenOf(row: LookUpRow): FetchToken | null {
  if (row.tokenId === null) return null;
  return {
    id: row.tokenId,
    deviceId: row.tokenDeviceId,
    state: row.tokenState,
    releasedAt: row.releasedAt,
    fullServedAt: row.fullServedAt,
    fullServedUnder: row.fullServedUnder,
    lastUsedAt: row.lastUsedAt,
  };
}

function networkOf(row: LookUpRow): RequestNetwork | null {
  if (row.networkId === null) return null;
  return {
    id: row.networkId,
    prefix: row.prefix,
    kind: row.networkKind,
    openedAt: row.openedAt,
    expiresAt: row.expiresAt,
    devices: row.devices,
    hasDevice: row.hasDevice,
  };
}

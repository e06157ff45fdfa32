import { CompiledQuery, type Selectable } from 'kysely';
import type { Authentication } from '../domain/authentication.js';
import type { EmergencySettings } from '../domain/emergency.js';
import type { Mac } from '../domain/mac.js';
import type { Policy } from '../domain/policy.js';
import type { Token } from '../domain/token.js';
import type { VendorId } from '../domain/vendor-id.js';
import { authenticationFromRow } from './devices.js';
import type { Database, LineTransport } from './schema.js';
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
export type FetchToken = Pick<Token, 'id' | 'deviceId' | 'state' | 'fullServedUnder' | 'lastUsedAt'>;

/** Everything that answering a fetch depends on, as one look-up finds it. Plain data, so that it can be held in memory. */
export interface FetchFacts {
  deviceId: string;
  mac: Mac;
  vendor: VendorId;
  model: string | null;
  tenantId: string | null;
  authentication: Authentication;
  /** The tenant's differences from the default policy; empty for a device without a tenant. */
  policy: Partial<Policy>;
  /** Whose wish comes first: device, site, tenant. */
  languages: (string | null)[];
  timezone: string | null;
  /** Site, then tenant. */
  emergency: EmergencySettings[];
  lines: FetchedLine[];
  /** The token with the id asked for, whichever device it is of. */
  token: FetchToken | null;
  /** Whether somebody waits for this device to fetch. */
  awaited: boolean;
}

const NO_EMERGENCY = { route: null, numbers: null };

/** Only what is needed, for each column of a row costs: this is asked at every fetch. */
const LOOK_UP = `
  select d.id, d.mac, d.vendor, d.model, d.tenant_id, d.state, d.wrong_in_row, d.lockouts, d.failed_until, d.suspended_until,
    d.pap_serial, d.pap_digits, d.pap_issued_at, d.next_pap_serial, d.authenticated_by,
    d.settings ->> 'language' as device_language,
    t.policy, t.language as tenant_language, t.emergency_numbers as tenant_numbers,
    s.language as site_language, s.timezone, s.emergency_numbers as site_numbers,
    k.id as token_id, k.device_id as token_device_id, k.state as token_state, k.full_served_under, k.last_used_at,
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
  from devices d
    left join tenants t on t.id = d.tenant_id
    left join sites s on s.id = d.site_id
    left join tokens k on k.id = $2
  where d.mac = $1`;

interface LookUpRow extends Selectable<Database['devices']> {
  device_language: string | null;
  policy: Partial<Policy> | null;
  tenant_language: string | null;
  tenant_numbers: string[] | null;
  site_language: string | null;
  timezone: string | null;
  site_numbers: string[] | null;
  token_id: string | null;
  token_device_id: string;
  token_state: FetchToken['state'];
  full_served_under: FetchToken['fullServedUnder'];
  last_used_at: Date;
  awaited: boolean;
  lines: (Omit<FetchedLine, 'passwordSealed'> & { passwordSealed: string })[] | null;
}

/**
 * The one look-up of a fetch, by unique indexes: the device with this MAC and, beside it, the token that was presented. The text never
 * changes, so that the database plans it once a connection.
 */
export async function lookUpFetch(
  db: Queryable,
  mac: Mac,
  tokenId: string | null,
): Promise<FetchFacts | null> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(LOOK_UP, [mac, tokenId]));
  const row = rows[0] as LookUpRow | undefined;
  if (row === undefined) return null;
  return {
    deviceId: row.id,
    mac: row.mac,
    vendor: row.vendor,
    model: row.model,
    tenantId: row.tenant_id,
    authentication: authenticationFromRow(row),
    policy: row.policy ?? {},
    languages: [row.device_language, row.site_language, row.tenant_language],
    timezone: row.timezone,
    emergency: [
      { ...NO_EMERGENCY, numbers: row.site_numbers },
      { ...NO_EMERGENCY, numbers: row.tenant_numbers },
    ],
    lines: (row.lines ?? []).map((line) => ({
      ...line,
      passwordSealed: Buffer.from(line.passwordSealed, 'base64'),
    })),
    token: tokenOf(row),
    awaited: row.awaited,
  };
}

function tokenOf(row: LookUpRow): FetchToken | null {
  if (row.token_id === null) return null;
  return {
    id: row.token_id,
    deviceId: row.token_device_id,
    state: row.token_state,
    fullServedUnder: row.full_served_under,
    lastUsedAt: row.last_used_at,
  };
}

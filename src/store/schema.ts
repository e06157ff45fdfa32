import type { ColumnType, Generated } from 'kysely';
import type { AuthenticatedBy, AuthenticationState, ProvingTrust } from '../domain/authentication.js';
import type { EmergencyRoute } from '../domain/emergency.js';
import type { EventType } from '../domain/events.js';
import type { GuessPool } from '../domain/guess-budget.js';
import type { LockScope } from '../domain/later-phones.js';
import type { CodeUse } from '../domain/line-code.js';
import type { DeviceKind } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import type { NetworkKind, NetworkReason } from '../domain/network.js';
import type { PhoneSettings } from '../domain/phone-settings.js';
import type { Policy } from '../domain/policy.js';
import type { ResyncProgress, ResyncReason, ResyncWay } from '../domain/resync.js';
import type { TokenState } from '../domain/token.js';
import type { VendorId } from '../domain/vendor-id.js';

/**
 * jsonb: read as a value, written as JSON text (both drivers parse on the way out, neither encodes
 * arrays on the way in).
 */
type Json<T> = ColumnType<T, string, string>;

/** What the two drivers answer for bytea: a Buffer (pg) or a Uint8Array (PGlite). */
type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>;

export interface Database {
  installation: { key: string; value: string };
  tenants: {
    id: string;
    name: string;
    policy: Json<Partial<Policy>>;
    emergency_route: Json<EmergencyRoute | null> | null;
    emergency_numbers: Json<string[] | null> | null;
    emergency_caller_number: string | null;
    resync_route: string | null;
    language: string | null;
    settings: ColumnType<PhoneSettings, string | undefined, string>;
    created_at: Date;
  };
  sites: {
    id: string;
    tenant_id: string;
    name: string;
    timezone: string | null;
    language: string | null;
    emergency_route: Json<EmergencyRoute | null> | null;
    emergency_numbers: Json<string[] | null> | null;
    emergency_caller_number: string | null;
    settings: ColumnType<PhoneSettings, string | undefined, string>;
    created_at: Date;
  };
  lines: {
    id: string;
    tenant_id: string;
    label: string;
    display_name: string | null;
    sip_user: string;
    auth_user: string | null;
    password_sealed: Bytes;
    key_version: number;
    registrar: string;
    outbound_proxy: string | null;
    transport: LineTransport;
    /** In clear, as it was written until codes were sealed; null once Dialgate has started. */
    provisioning_code: ColumnType<string | null, never, null>;
    /** What the code is found by, and the code itself, sealed. */
    code_lookup: string;
    code_sealed: Bytes;
    code_use: CodeUse;
    /** When a code for one use was used up. */
    code_used_at: Date | null;
    created_at: Date;
  };
  devices: DeviceTable;
  device_lines: { device_id: string; position: number; line_id: string };
  tokens: {
    id: string;
    device_id: string;
    state: TokenState;
    /** Whether a phone came back with it: fetched, registered or called. */
    used: boolean;
    /** The address that fetched the configuration which carried it. */
    issued_to: string | null;
    last_fetch_address: string | null;
    full_served_at: Date | null;
    /** The trust under which that was; null when its own state opened it. */
    full_served_under: ProvingTrust | null;
    created_at: Date;
    last_used_at: Date;
    released_at: Date | null;
    key_version: number;
    /**
     * The place among all tokens in the order in which their phones registered for the first time;
     * null: not yet.
     */
    registration_order: ColumnType<string | number | null, never, never>;
  };
  registrations: {
    token_id: string;
    device_id: string;
    contact: string;
    path: string | null;
    protocol: string;
    source_address: string;
    source_port: number;
    call_id: string;
    cseq: number;
    user_agent: string | null;
    registered_at: Date;
    expires_at: Date;
  };
  resyncs: {
    id: string;
    device_id: string;
    /** The phone to tell; null tells every phone of the device that is registered. */
    token_id: string | null;
    /** The call whose end it waits for. */
    call_id: string | null;
    reason: ResyncReason;
    due_at: Date;
    sent: number;
    first_sent_at: Date | null;
    created_at: Date;
  };
  /** What came of the last resync of a device. */
  resync_results: {
    device_id: string;
    reason: ResyncReason;
    at: Date;
    outcome: ResyncProgress;
    way: ResyncWay | null;
    target: string | null;
    status: number | null;
    failure: string | null;
  };
  calls: {
    /** The Call-ID: chosen by the caller, so it is unique only together with the token. */
    id: string;
    token_id: string;
    device_id: string;
    opened_at: Date;
    ended_at: Date | null;
  };
  events: {
    id: Generated<string | number>;
    at: Date;
    type: EventType;
    tenant_id: string | null;
    mac: string | null;
    actor: string;
    address: string | null;
    data: Json<Record<string, unknown>>;
    /**
     * Its place in the sealed log, and the seal over it and all before it; null until it is sealed.
     */
    position: string | number | null;
    seal: string | null;
  };
  /**
   * Lines of the audit log that repeat themselves; read and written by `repeated-events.ts` alone.
   */
  repeated_events: {
    subject: string;
    type: EventType;
    reason: string;
    source: string;
    told_at: Date;
    told: number;
    untold: number;
    noted_at: Date;
  };
  /**
   * The subscriber that first asked for an unknown MAC (`subscriberText`), and whether the audit
   * log has an event of it.
   */
  unmanaged_origins: { device_id: string; subscriber: string; told: boolean };
  networks: {
    id: string;
    tenant_id: string;
    /**
     * Written and answered as `192.0.2.0/24`; the database's spelling of some IPv6 prefixes is not
     * ours.
     */
    prefix: string;
    kind: NetworkKind;
    label: string | null;
    reason: NetworkReason;
    /** Who opened it: `phone`, or the name of an API key. */
    opened_by: string;
    /** The MAC of the device whose success opened it. */
    opened_for: Mac | null;
    /** Since when it is trusted; a new success from there begins anew. */
    opened_at: Date;
    expires_at: Date | null;
    created_at: Date;
  };
  network_devices: { network_id: string; device_id: string };
  guesses: {
    id: Generated<string | number>;
    at: Date;
    /** The address that it came from, and for IPv6 (its /64) the wider prefixes around it. */
    source: string;
    source_56: string | null;
    source_48: string | null;
    tenant_id: string | null;
    device_id: string | null;
    pool: GuessPool;
    /** Whether the first phone of the device made it. */
    is_first: boolean;
    /** false while the entry is being looked at. */
    decided: boolean;
  };
  /** What locks later phones out of a device; the subject is a token, a source, or nothing. */
  entry_locks: {
    device_id: string;
    scope: LockScope;
    subject: string;
    wrong_in_row: number;
    lockouts: number;
    failed_until: Date | null;
  };
  knocks: {
    mac: Mac;
    vendor: VendorId;
    address: string | null;
    user_agent: string | null;
    times: number;
    first_at: Date;
    last_at: Date;
    subscriber: string;
  };
  api_keys: { id: string; name: string; key_hash: string; created_at: Date };
  sip_applications: { id: string; sip_server: boolean; media_server: boolean; seen_at: Date };
}

export type LineTransport = 'udp' | 'tcp' | 'tls';

interface DeviceTable {
  id: string;
  mac: Mac;
  kind: DeviceKind;
  vendor: VendorId;
  model: string | null;
  label: string | null;
  serial_number: string | null;
  tenant_id: string | null;
  site_id: string | null;
  settings: Json<Record<string, unknown>>;
  state: AuthenticationState;
  wrong_in_row: number;
  lockouts: number;
  failed_until: Date | null;
  suspended_at: Date | null;
  suspended_until: Date | null;
  pap_serial: number | null;
  pap_digits: number | null;
  pap_issued_at: Date | null;
  next_pap_serial: number;
  authenticated_by: AuthenticatedBy | null;
  /** Why an administrator should look at this device; null when there is nothing to see. */
  attention: string | null;
  first_sync_until: Date | null;
  first_synced_at: Date | null;
  window_claimed_by: string | null;
  last_provisioned_at: Date | null;
  last_seen_at: Date | null;
  last_seen_address: string | null;
  key_version: number;
  created_at: Date;
}

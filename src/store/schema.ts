import { CamelCasePlugin, type ColumnType, type Generated, type KyselyPlugin } from 'kysely';
import type { ProvingTrust } from '../domain/authentication.js';
import type { EmergencyRoute } from '../domain/emergency.js';
import type { EventType } from '../domain/events.js';
import type { GuessPool } from '../domain/guess-budget.js';
import type { LockScope } from '../domain/later-phones.js';
import type { CodeUse } from '../domain/line-code.js';
import type { Mac } from '../domain/mac.js';
import type { NetworkKind, NetworkReason } from '../domain/network.js';
import type { PhoneSettings } from '../domain/phone-settings.js';
import type { Policy } from '../domain/policy.js';
import type { ResyncProgress, ResyncReason, ResyncWay } from '../domain/resync.js';
import type { TokenState } from '../domain/token.js';
import type { VendorId } from '../domain/vendor-id.js';
import type { DeviceTable } from './device-table.js';
import type { ApiKeyTable, FormerKeySecretTable, SessionTable } from './key-tables.js';
import type { WebhookDeliveryTable, WebhookTable } from './webhook-tables.js';
import type { JobTables } from './job-tables.js';

/**
 * jsonb: read as a value, written as JSON text (both drivers parse on the way out, neither encodes
 * arrays on the way in).
 */
export type Json<T> = ColumnType<T, string, string>;

/** What the two drivers answer for bytea: a Buffer (pg) or a Uint8Array (PGlite). */
export type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>;

/**
 * Tables and columns are `device_lines` and `device_id` in SQL, `deviceLines` and `deviceId` in
 * TypeScript, in the rows of raw SQL as well. Values of jsonb columns stay as they are.
 */
export const PLUGINS: KyselyPlugin[] = [new CamelCasePlugin({ maintainNestedObjectKeys: true })];

export interface Database extends JobTables {
  installation: { key: string; value: string };
  tenants: {
    id: string;
    name: string;
    policy: Json<Partial<Policy>>;
    emergencyRoute: Json<EmergencyRoute | null> | null;
    emergencyNumbers: Json<string[] | null> | null;
    emergencyCallerNumber: string | null;
    resyncRoute: string | null;
    language: string | null;
    settings: ColumnType<PhoneSettings, string | undefined, string>;
    createdAt: Date;
  };
  sites: {
    id: string;
    tenantId: string;
    name: string;
    timezone: string | null;
    language: string | null;
    emergencyRoute: Json<EmergencyRoute | null> | null;
    emergencyNumbers: Json<string[] | null> | null;
    emergencyCallerNumber: string | null;
    settings: ColumnType<PhoneSettings, string | undefined, string>;
    createdAt: Date;
  };
  lines: {
    id: string;
    tenantId: string;
    label: string;
    displayName: string | null;
    sipUser: string;
    authUser: string | null;
    passwordSealed: Bytes;
    keyVersion: number;
    registrar: string;
    outboundProxy: string | null;
    transport: LineTransport;
    /** In clear, as it was written until codes were sealed; null once Dialgate has started. */
    provisioningCode: ColumnType<string | null, never, null>;
    /** What the code is found by, and the code itself, sealed. */
    codeLookup: string;
    codeSealed: Bytes;
    codeUse: CodeUse;
    /** When a code for one use was used up. */
    codeUsedAt: Date | null;
    createdAt: Date;
  };
  devices: DeviceTable;
  deviceLines: { deviceId: string; position: number; lineId: string };
  /** `devices.lastSeenAt` once more, for the order by it; written by triggers alone. */
  deviceSightings: { deviceId: string; lastSeenAt: Date };
  tokens: {
    id: string;
    deviceId: string;
    state: TokenState;
    /** Whether a phone came back with it: fetched, registered or called. */
    used: boolean;
    /** The address that fetched the configuration which carried it. */
    issuedTo: string | null;
    lastFetchAddress: string | null;
    fullServedAt: Date | null;
    /** The trust under which that was; null when its own state opened it. */
    fullServedUnder: ProvingTrust | null;
    createdAt: Date;
    lastUsedAt: Date;
    releasedAt: Date | null;
    keyVersion: number;
    /**
     * The place among all tokens in the order in which their phones registered for the first time;
     * null: not yet.
     */
    registrationOrder: ColumnType<string | number | null, never, never>;
  };
  registrations: {
    tokenId: string;
    deviceId: string;
    contact: string;
    path: string | null;
    protocol: string;
    sourceAddress: string;
    sourcePort: number;
    callId: string;
    cseq: number;
    userAgent: string | null;
    registeredAt: Date;
    expiresAt: Date;
  };
  resyncs: {
    id: string;
    deviceId: string;
    /** The phone to tell; null tells every phone of the device that is registered. */
    tokenId: string | null;
    /** The call whose end it waits for. */
    callId: string | null;
    reason: ResyncReason;
    dueAt: Date;
    sent: number;
    firstSentAt: Date | null;
    createdAt: Date;
  };
  /** What came of the last resync of a device. */
  resyncResults: {
    deviceId: string;
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
    tokenId: string;
    deviceId: string;
    openedAt: Date;
    endedAt: Date | null;
  };
  events: {
    id: Generated<string | number>;
    at: Date;
    type: EventType;
    tenantId: string | null;
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
  repeatedEvents: {
    subject: string;
    type: EventType;
    reason: string;
    source: string;
    toldAt: Date;
    told: number;
    untold: number;
    notedAt: Date;
  };
  /**
   * The subscriber that first asked for an unknown MAC (`subscriberText`), and whether the audit
   * log has an event of it.
   */
  unmanagedOrigins: { deviceId: string; subscriber: string; told: boolean };
  networks: {
    id: string;
    tenantId: string;
    /**
     * Written and answered as `192.0.2.0/24`; the database's spelling of some IPv6 prefixes is not
     * ours.
     */
    prefix: string;
    kind: NetworkKind;
    label: string | null;
    reason: NetworkReason;
    /** Who opened it: `phone`, or the name of an API key. */
    openedBy: string;
    /** The MAC of the device whose success opened it. */
    openedFor: Mac | null;
    /** Since when it is trusted; a new success from there begins anew. */
    openedAt: Date;
    expiresAt: Date | null;
    createdAt: Date;
  };
  networkDevices: { networkId: string; deviceId: string };
  guesses: {
    id: Generated<string | number>;
    at: Date;
    /** The address that it came from, and for IPv6 (its /64) the wider prefixes around it. */
    source: string;
    tenantId: string | null;
    deviceId: string | null;
    pool: GuessPool;
    /** Whether the first phone of the device made it. */
    isFirst: boolean;
    /** false while the entry is being looked at. */
    decided: boolean;
  };
  /** What locks later phones out of a device; the subject is a token, a source, or nothing. */
  entryLocks: {
    deviceId: string;
    scope: LockScope;
    subject: string;
    wrongInRow: number;
    lockouts: number;
    failedUntil: Date | null;
  };
  knocks: {
    mac: Mac;
    vendor: VendorId;
    address: string | null;
    userAgent: string | null;
    times: number;
    firstAt: Date;
    lastAt: Date;
    subscriber: string;
  };
  apiKeys: ApiKeyTable;
  formerKeySecrets: FormerKeySecretTable;
  sessions: SessionTable;
  webhooks: WebhookTable;
  webhookDeliveries: WebhookDeliveryTable;
  sipApplications: { id: string; sipServer: boolean; mediaServer: boolean; seenAt: Date };
}

export type LineTransport = 'udp' | 'tcp' | 'tls';

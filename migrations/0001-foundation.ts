import { type Kysely, sql } from 'kysely';

/**
 * The tables of the main job. Nothing secret is stored that can be derived: no PAP, no token, no
 * bootstrap password. Identifiers are random, so that rows made by several instances never collide;
 * times are the application's, never the database's.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `create table installation (
    key text primary key,
    value text not null
  )`,
  `create table tenants (
    id uuid primary key,
    name text not null,
    policy jsonb not null,
    emergency_route jsonb,
    emergency_numbers jsonb,
    language text,
    created_at timestamptz not null
  )`,
  `create table sites (
    id uuid primary key,
    tenant_id uuid not null references tenants on delete cascade,
    name text not null,
    timezone text,
    language text,
    emergency_route jsonb,
    emergency_numbers jsonb,
    created_at timestamptz not null,
    unique (tenant_id, name)
  )`,
  `create table lines (
    id uuid primary key,
    tenant_id uuid not null references tenants on delete cascade,
    label text not null,
    display_name text,
    sip_user text not null,
    auth_user text,
    password_sealed bytea not null,
    key_version smallint not null,
    registrar text not null,
    outbound_proxy text,
    transport text not null,
    provisioning_code text not null unique,
    created_at timestamptz not null
  )`,
  `create index lines_tenant on lines (tenant_id, created_at, id)`,
  `create table devices (
    id uuid primary key,
    mac text not null unique,
    vendor text not null,
    model text,
    label text,
    tenant_id uuid references tenants on delete cascade,
    site_id uuid references sites on delete set null,
    settings jsonb not null,
    state text not null,
    wrong_in_row integer not null,
    lockouts integer not null,
    failed_until timestamptz,
    suspended_until timestamptz,
    pap_serial integer,
    pap_digits smallint,
    pap_issued_at timestamptz,
    next_pap_serial integer not null,
    authenticated_by text,
    attention text,
    first_sync_until timestamptz,
    last_provisioned_at timestamptz,
    last_seen_at timestamptz,
    last_seen_address text,
    key_version smallint not null,
    created_at timestamptz not null,
    check (state in ('needed', 'failed', 'blocked', 'successful'))
  )`,
  `create index devices_tenant on devices (tenant_id, created_at, id)`,
  `create index devices_order on devices (created_at, id)`,
  `create index devices_failed_until on devices (failed_until) where state = 'failed'`,
  `create table device_lines (
    device_id uuid not null references devices on delete cascade,
    position smallint not null,
    line_id uuid not null references lines on delete cascade,
    primary key (device_id, position),
    unique (device_id, line_id)
  )`,
  `create index device_lines_line on device_lines (line_id)`,
  `create table tokens (
    id text primary key,
    device_id uuid not null references devices on delete cascade,
    state text not null,
    used boolean not null,
    issued_to text,
    last_fetch_address text,
    full_served_at timestamptz,
    full_served_under text,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    released_at timestamptz,
    key_version smallint not null,
    check (state in ('bootstrap', 'released', 'proven', 'revoked'))
  )`,
  `create index tokens_device on tokens (device_id, state)`,
  `create table registrations (
    token_id text primary key references tokens on delete cascade,
    device_id uuid not null references devices on delete cascade,
    contact text not null,
    protocol text not null,
    source_address text not null,
    source_port integer not null,
    call_id text not null,
    cseq bigint not null,
    user_agent text,
    registered_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create index registrations_device on registrations (device_id, expires_at)`,
  `create table resyncs (
    id uuid primary key,
    device_id uuid not null references devices on delete cascade,
    token_id text references tokens on delete cascade,
    call_id text,
    reason text not null,
    due_at timestamptz not null,
    sent integer not null,
    first_sent_at timestamptz,
    created_at timestamptz not null
  )`,
  `create index resyncs_due on resyncs (due_at)`,
  `create index resyncs_device on resyncs (device_id)`,
  `create index resyncs_token on resyncs (token_id)`,
  `create table calls (
    id text not null,
    token_id text not null references tokens on delete cascade,
    device_id uuid not null references devices on delete cascade,
    opened_at timestamptz not null,
    ended_at timestamptz,
    primary key (token_id, id)
  )`,
  `create index calls_device on calls (device_id, opened_at)`,
  `create table events (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    type text not null,
    tenant_id uuid,
    mac text,
    actor text not null,
    address text,
    data jsonb not null
  )`,
  `create index events_mac on events (mac, id)`,
  `create index events_tenant on events (tenant_id, id)`,
  `create index events_type on events (type, id)`,
  `create table api_keys (
    id uuid primary key,
    name text not null,
    key_hash text not null unique,
    created_at timestamptz not null
  )`,
  `create table sip_applications (
    id text primary key,
    sip_server boolean not null,
    media_server boolean not null,
    seen_at timestamptz not null
  )`,
];

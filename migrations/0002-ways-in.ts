import { type Kysely, sql } from 'kysely';

/**
 * Trusted networks, provisioning windows, line codes, unknown devices, guess budgets, and the
 * sealed audit log.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `alter table devices
    add column kind text not null default 'managed',
    add column first_synced_at timestamptz,
    add column window_claimed_by text,
    add check (kind in ('managed', 'unclaimed', 'decoy'))`,
  `update devices set first_synced_at = proven.at
    from (select device_id, max(last_used_at) as at from tokens where state = 'proven' group by device_id) proven
    where proven.device_id = devices.id`,
  `create index devices_unmanaged on devices (kind, created_at) where kind <> 'managed'`,
  `create index tokens_released on tokens (released_at) where state = 'released'`,
  `alter table lines
    add column code_use text not null default 'reusable',
    add column code_used_at timestamptz,
    add check (code_use in ('reusable', 'once', 'disabled'))`,
  `create table networks (
    id uuid primary key,
    tenant_id uuid not null references tenants on delete cascade,
    prefix cidr not null,
    kind text not null,
    label text,
    reason text not null,
    opened_by text not null,
    opened_for text,
    opened_at timestamptz not null,
    expires_at timestamptz,
    created_at timestamptz not null,
    unique (tenant_id, prefix, kind),
    check (kind in ('permanent', 'temporary')),
    check (reason in ('pap', 'code', 'administrator')),
    check ((kind = 'temporary') = (expires_at is not null))
  )`,
  `create index networks_expiry on networks (expires_at) where kind = 'temporary'`,
  `create table network_devices (
    network_id uuid not null references networks on delete cascade,
    device_id uuid not null references devices on delete cascade,
    primary key (network_id, device_id)
  )`,
  `create index network_devices_device on network_devices (device_id)`,
  `create table guesses (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    source text not null,
    tenant_id uuid
  )`,
  `create index guesses_at on guesses (at)`,
  `create index guesses_source on guesses (source, at)`,
  `create index guesses_tenant on guesses (tenant_id, at) where tenant_id is not null`,
  `create table source_locks (
    device_id uuid not null references devices on delete cascade,
    source text not null,
    wrong_in_row integer not null,
    failed_until timestamptz,
    primary key (device_id, source)
  )`,
  `create index source_locks_expiry on source_locks (failed_until) where failed_until is not null`,
  `create table knocks (
    mac text primary key,
    vendor text not null,
    address text,
    user_agent text,
    times integer not null,
    first_at timestamptz not null,
    last_at timestamptz not null
  )`,
  `create index knocks_last on knocks (last_at, mac)`,
  `alter table events
    add column position bigint unique,
    add column seal text,
    add check ((position is null) = (seal is null))`,
  `create index events_unsealed on events (id) where position is null`,
];

import { type Kysely, sql } from 'kysely';

/**
 * Webhooks: who is told of which events, and what became of each delivery. The sealed log is the
 * queue; `position` is how far into it deliveries have been made of it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `create table webhooks (
    id uuid primary key,
    tenant_id uuid references tenants on delete cascade,
    url text not null,
    types jsonb not null,
    secret_sealed bytea not null,
    former_secret_sealed bytea,
    former_secret_until timestamptz,
    key_version smallint not null,
    position bigint not null,
    failing_since timestamptz,
    leased_by uuid,
    leased_until timestamptz,
    created_at timestamptz not null,
    check ((former_secret_sealed is null) = (former_secret_until is null)),
    check ((leased_by is null) = (leased_until is null))
  )`,
  `create index webhooks_order on webhooks (created_at, id)`,
  `create index webhooks_tenant on webhooks (tenant_id)`,
  `create table webhook_deliveries (
    id uuid primary key,
    webhook_id uuid not null references webhooks on delete cascade,
    position bigint not null,
    type text not null,
    state text not null,
    tries integer not null,
    begun_at timestamptz not null,
    due_at timestamptz,
    ended_at timestamptz,
    attempts jsonb not null,
    created_at timestamptz not null,
    unique (webhook_id, position),
    check (state in ('pending', 'delivered', 'dead')),
    check ((state = 'pending') = (due_at is not null)),
    check ((state = 'pending') = (ended_at is null))
  )`,
  `create index webhook_deliveries_first on webhook_deliveries (webhook_id, position)
    where state = 'pending' and tries = 0`,
  `create index webhook_deliveries_due on webhook_deliveries (webhook_id, due_at) where state = 'pending'`,
  `create index webhook_deliveries_state on webhook_deliveries (webhook_id, state, position)`,
  `create index webhook_deliveries_ended on webhook_deliveries (state, ended_at) where state <> 'pending'`,
];

import { type Kysely, sql } from 'kysely';

/**
 * What a key is for, and until when; the secrets that it had before; the sessions of browsers. The
 * keys that there are stay what they were: administrators of everything.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // An empty list: all tenants. An id stays in it when its tenant is deleted: a key for that tenant
  // alone must not become one for all.
  `alter table api_keys
    add column role text not null default 'admin' check (role in ('admin', 'operator', 'support', 'auditor')),
    add column tenant_ids jsonb not null default '[]',
    add column expires_at timestamptz,
    add column last_used_at timestamptz`,
  `create table former_key_secrets (
    key_hash text primary key,
    key_id uuid not null references api_keys on delete cascade,
    valid_until timestamptz not null
  )`,
  `create index on former_key_secrets (key_id)`,
  // Without a key: a session of ADMIN_KEY, which is no row.
  `create table sessions (
    token_hash text primary key,
    key_id uuid references api_keys on delete cascade,
    key_hash text,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null,
    check ((key_id is null) = (key_hash is null))
  )`,
  `create index on sessions (key_id, created_at)`,
];

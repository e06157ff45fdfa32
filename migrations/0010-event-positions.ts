import { type Kysely, sql } from 'kysely';

/**
 * Events are read by the position that their seal gave them, which has no gaps, and no longer by
 * ids given before the commit.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  'drop index events_mac',
  'drop index events_tenant',
  'drop index events_type',
  'create index events_mac on events (mac, position)',
  'create index events_tenant on events (tenant_id, position)',
  'create index events_type on events (type, position)',
  'create index events_actor on events (actor, position)',
  'create index events_at on events (at)',
];

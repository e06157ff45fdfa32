import { type Kysely, sql } from 'kysely';

/** When the suspension that lasts began: what was proved before it does not end with it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table devices add column suspended_at timestamptz`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/** What is printed on a phone beside its MAC, for those who look after it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table devices add column serial_number text`.execute(db);
}

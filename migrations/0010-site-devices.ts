import { type Kysely, sql } from 'kysely';

/** How many devices are at a site is asked before it is deleted. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index devices_site on devices (site_id)`.execute(db);
}

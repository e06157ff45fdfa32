import { type Kysely, sql } from 'kysely';

/**
 * Settings for the phones of a tenant or a site, as a device already had them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['tenants', 'sites']) {
    await sql`alter table ${sql.table(table)} add column settings jsonb not null default '{}'`.execute(db);
  }
}

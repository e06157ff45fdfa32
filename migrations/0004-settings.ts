import { type Kysely, sql } from 'kysely';

/**
 * What an operator wishes for the phones of a tenant or a site, as he already could for a device.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['tenants', 'sites']) {
    await sql`alter table ${sql.table(table)} add column settings jsonb not null default '{}'`.execute(db);
  }
}

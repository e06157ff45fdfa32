import { type Kysely, sql } from 'kysely';

/** An import finds a tenant's lines by their user. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index lines_account on lines (tenant_id, sip_user)`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/**
 * A user may be reached at several places (RFC 3261 10.2.1), each perhaps by way of
 * proxies (RFC 3327).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `alter table registrations drop constraint registrations_pkey, add primary key (token_id, contact), add column path text`,
];

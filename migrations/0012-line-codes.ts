import { type Kysely, sql } from 'kysely';

/**
 * Codes of lines are found by what a key makes of them, and kept sealed, so that the database alone
 * tells none. The keys are not here: what stands in clear is sealed when Dialgate starts next
 * (`src/services/line-codes.ts`).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `alter table lines
    add column code_lookup text unique,
    add column code_sealed bytea,
    alter column provisioning_code drop not null,
    add check ((code_lookup is null) = (code_sealed is null)),
    add check ((code_lookup is null) <> (provisioning_code is null))`,
];

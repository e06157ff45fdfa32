import { type Kysely, sql } from 'kysely';

/**
 * Every change of emergency numbers notifies every instance with the change's own commit. The SIP
 * user names made so far have no check characters, so they would not be looked up: a phone that is
 * on its way to prove itself gets a new one with its next fetch.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `delete from tokens where state = 'bootstrap'`,
  `create function dialgate_emergency_numbers_changed() returns trigger language plpgsql as $$
  begin
    perform pg_notify('dialgate_emergency_numbers', '');
    return null;
  end
$$`,
  ...['tenants', 'sites'].map(
    (table) => `create trigger ${table}_emergency_numbers_changed
    after insert or update of emergency_numbers or delete on ${table}
    for each row execute function dialgate_emergency_numbers_changed()`,
  ),
];

import { type Kysely, sql } from 'kysely';

/**
 * Who is seen to call for help; how phones that are registered elsewhere are told to fetch, and
 * what came of the last time.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `alter table tenants add column emergency_caller_number text, add column resync_route text`,
  `alter table sites add column emergency_caller_number text`,
  // When it was served was not written down where a PAP had opened the way.
  `update tokens set full_served_at = last_used_at where state = 'proven' and full_served_at is null`,
  `create table resync_results (
    device_id uuid primary key references devices on delete cascade,
    reason text not null,
    at timestamptz not null,
    outcome text not null,
    way text,
    target text,
    status integer,
    failure text,
    check (outcome in ('due', 'sent', 'answered', 'failed', 'fetched')),
    check (way in ('registration', 'registrar'))
  )`,
];

import { type Kysely, sql } from 'kysely';

/**
 * Jobs: what an administrator ordered for many devices at once. An item is a device, or a line of a
 * file; it is open while `ok` is null. `job_files` has the file that a job reads, sealed by the
 * master key, for as long as the job runs.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `create table jobs (
    id uuid primary key,
    action text not null,
    parameters jsonb not null,
    actor text not null,
    address text,
    tenant_ids jsonb,
    state text not null,
    total integer not null,
    done integer not null,
    failed integer not null,
    batches integer not null,
    created_at timestamptz not null,
    ended_at timestamptz,
    check (state in ('running', 'done', 'cancelled')),
    check ((state = 'running') = (ended_at is null))
  )`,
  `create index jobs_order on jobs (created_at, id)`,
  `create index jobs_running on jobs (created_at) where state = 'running'`,
  `create table job_items (
    job_id uuid not null references jobs on delete cascade,
    place integer not null,
    mac text,
    ok boolean,
    error text,
    detail jsonb,
    primary key (job_id, place)
  )`,
  `create index job_items_open on job_items (job_id, place) where ok is null`,
  `create table job_files (
    job_id uuid primary key references jobs on delete cascade,
    sealed bytea not null,
    key_version smallint not null
  )`,
];

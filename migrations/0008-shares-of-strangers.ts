import { type Kysely, sql } from 'kysely';

/**
 * Keeps strangers from taking the place of others: which lines of the audit log repeat themselves,
 * and which subscriber (an IPv4 address, an IPv6 /48) asked for an unknown MAC.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // No reference to a device or tenant: a row is forgotten after two hours anyway, and to write one
  // must not wait for its subject.
  `create table repeated_events (
    subject uuid not null,
    type text not null,
    reason text not null,
    source text not null,
    told_at timestamptz not null,
    told integer not null,
    untold integer not null,
    noted_at timestamptz not null,
    primary key (subject, type, reason, source)
  )`,
  `create index repeated_events_noted on repeated_events (noted_at)`,
  `create table unmanaged_origins (
    device_id uuid primary key references devices on delete cascade,
    subscriber text not null,
    told boolean not null
  )`,
  `create index unmanaged_origins_subscriber on unmanaged_origins (subscriber)`,
  `alter table knocks add column subscriber text not null default ''`,
];

import { sql } from 'kysely';
import type { EventType } from '../domain/events.js';
import type { Repetition } from '../domain/repetition.js';
import type { Queryable } from './store.js';

/** Which line of the audit log it is that repeats itself. */
export interface RepeatedKey {
  /** The id of what it is about: a device, a tenant. */
  subject: string;
  type: EventType;
  /** What tells it from others of its type. */
  reason: string;
  /** Who caused it: an IPv4 address, an IPv6 /64; `*` for all that are too many. */
  source: string;
}

/** A line that repeats itself, and when it was noted last, written or not. */
export interface RepeatedEvent extends RepeatedKey, Repetition {
  notedAt: Date;
}

interface Row {
  subject: string;
  type: EventType;
  reason: string;
  source: string;
  toldAt: Date;
  told: number;
  untold: number;
  notedAt: Date;
}

/**
 * All that is remembered of these subjects. Held for this transaction, in one order, so that
 * several instances count as one.
 */
export async function lockRepeatedEvents(
  transaction: Queryable,
  subjects: readonly string[],
): Promise<RepeatedEvent[]> {
  const { rows } = await sql<Row>`
    select * from repeated_events
    where subject in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(subjects)}::jsonb))
    order by subject, type, reason, source
    for update`.execute(transaction);
  return rows.map(({ toldAt, notedAt, ...row }) => ({ ...row, toldAt, notedAt }));
}

const RECORDS = sql`as noted(
  "subject" uuid, "type" text, "reason" text, "source" text,
  "toldAt" timestamptz, "told" integer, "untold" integer, "notedAt" timestamptz
)`;

/** Writes what this transaction has locked. */
export async function updateRepeatedEvents(
  transaction: Queryable,
  noted: readonly RepeatedEvent[],
): Promise<void> {
  if (noted.length === 0) return;
  await sql`
    update repeated_events old set told_at = "toldAt", told = noted."told", untold = noted."untold", noted_at = "notedAt"
    from jsonb_to_recordset(${JSON.stringify(noted)}::jsonb) ${RECORDS}
    where old.subject = noted."subject" and old.type = noted."type"
      and old.reason = noted."reason" and old.source = noted."source"`.execute(transaction);
}

/**
 * Adds what is new. Answers those that were: another instance that was first has written the line,
 * and its count goes on.
 */
export async function insertRepeatedEvents(
  transaction: Queryable,
  noted: readonly RepeatedEvent[],
): Promise<RepeatedKey[]> {
  if (noted.length === 0) return [];
  // A row that was never updated has no xmax.
  const { rows } = await sql<RepeatedKey & { isNew: boolean }>`
    insert into repeated_events as old (subject, type, reason, source, told_at, told, untold, noted_at)
    select "subject", "type", "reason", "source", "toldAt", "told", "untold", "notedAt"
    from jsonb_to_recordset(${JSON.stringify(noted)}::jsonb) ${RECORDS}
    order by 1, 2, 3, 4
    on conflict (subject, type, reason, source) do update set untold = old.untold + excluded.untold + 1
    returning subject, type, reason, source, xmax = 0 as is_new`.execute(transaction);
  return rows.filter(({ isNew }) => isNew);
}

/**
 * Forgets up to `limit` lines that were last noted by `notedBy`: they would be written again
 * anyway. Answers how many there were.
 */
export async function deleteRepeatedEvents(db: Queryable, notedBy: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from repeated_events where ctid in (
      select ctid from repeated_events where noted_at <= ${notedBy} limit ${limit} for update skip locked
    )`.execute(db);
  return Number(numAffectedRows ?? 0);
}

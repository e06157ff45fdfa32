import { sql } from 'kysely';
import type { Queryable } from './store.js';

/** What all instances know of the database's clock. */
export interface ClockMark {
  /** What it showed when an instance last found it right. */
  at: Date;
  /** How often stored times have been moved with it. */
  steps: number;
  /** The last time: by how many milliseconds, and what the clock showed then. */
  last: { ms: number; at: Date } | null;
}

const KEY = 'clock';

/** Its steps are told on this channel. */
export const CLOCK_CHANNEL = 'dialgate_clock';

/** What the database's clock shows now. */
export async function readClock(db: Queryable): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('The database did not tell the time.');
  return row.now;
}

/** null in a new database. `lock`: no other instance writes it before the transaction ends. */
export async function findClockMark(db: Queryable, lock: 'lock' | 'read'): Promise<ClockMark | null> {
  const row = await db
    .selectFrom('installation')
    .select('value')
    .where('key', '=', KEY)
    .$if(lock === 'lock', (query) => query.forUpdate())
    .executeTakeFirst();
  if (row === undefined) return null;
  const { at, steps, last }: WrittenMark = JSON.parse(row.value);
  return { at: new Date(at), steps, last: last === null ? null : { ms: last.ms, at: new Date(last.at) } };
}

interface WrittenMark {
  at: string;
  steps: number;
  last: { ms: number; at: string } | null;
}

export async function saveClockMark(db: Queryable, mark: ClockMark): Promise<void> {
  const value = JSON.stringify(mark);
  await db
    .insertInto('installation')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/**
 * What only says when something was: the audit log, which is sealed, and when a row was made. Of a
 * key the end is a date of the calendar, which an administrator chose.
 */
const HISTORY = { tables: ['events', 'api_keys'], columns: ['created_at'] };

/**
 * Moves every stored time by which anything is judged. Which these are the database is asked
 * itself, so that a new column is not forgotten: every `timestamptz` but those of `HISTORY`.
 */
export async function moveStoredTimes(transaction: Queryable, milliseconds: number): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(transaction);
  const { rows } = await sql<{ table: string; columns: string[] }>`
    select c.table_name as "table", array_agg(c.column_name::text order by c.column_name) as columns
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.data_type = 'timestamp with time zone'
      and not table_name = any (${HISTORY.tables}::text[]) and not c.column_name = any (${HISTORY.columns}::text[])
    group by c.table_name order by c.table_name`.execute(transaction);
  for (const { table, columns } of rows) {
    const moved = columns.map(
      (column) =>
        sql`${sql.ref(column)} = ${sql.ref(column)} + ${milliseconds}::float8 * interval '1 millisecond'`,
    );
    const any = columns.map((column) => sql`${sql.ref(column)} is not null`);
    await sql`update ${sql.table(table)} set ${sql.join(moved)} where ${sql.join(any, sql` or `)}`.execute(
      transaction,
    );
  }
}

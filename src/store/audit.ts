import { sql } from 'kysely';
import type { SealedEvent, WrittenEvent } from '../domain/audit.js';
import { EVENT_COLUMNS, eventFromRow } from './event-list.js';
import type { Queryable } from './store.js';

const HEAD = 'audit-head';

/** The stored head of the sealed log; null where none has been begun. */
export async function findStoredHead(db: Queryable): Promise<string | null> {
  const row = await db.selectFrom('installation').select('value').where('key', '=', HEAD).executeTakeFirst();
  return row?.value ?? null;
}

/**
 * Takes the head for this transaction, so that one instance at a time seals; null when there is
 * none, or, unless `waits`, when another instance has it.
 */
export async function takeHead(transaction: Queryable, waits: boolean): Promise<string | null> {
  const query = transaction.selectFrom('installation').select('value').where('key', '=', HEAD).forUpdate();
  const row = await (waits ? query : query.skipLocked()).executeTakeFirst();
  return row?.value ?? null;
}

/** Stores the first head, and has it taken. Answers false when another instance was quicker. */
export async function insertHead(transaction: Queryable, head: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('installation')
    .values({ key: HEAD, value: head })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function updateHead(transaction: Queryable, head: string): Promise<void> {
  await transaction.updateTable('installation').set({ value: head }).where('key', '=', HEAD).execute();
}

/** Whether any event waits to be sealed, or has been. */
export async function hasEvents(db: Queryable, which: 'sealed' | 'unsealed'): Promise<boolean> {
  const row = await db
    .selectFrom('events')
    .select('id')
    .where('position', which === 'sealed' ? 'is not' : 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Committed events that are not sealed, in the order of their ids: one whose transaction took
 * longer comes after some that began later.
 */
export async function listUnsealedEvents(db: Queryable, limit: number): Promise<WrittenEvent[]> {
  const rows = await db
    .selectFrom('events')
    .select(EVENT_COLUMNS)
    .where('position', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(eventFromRow);
}

/** Writes the seals of many events by one statement. Answers of how many. */
export async function writeSeals(
  transaction: Queryable,
  seals: readonly { id: string; position: number; seal: string }[],
): Promise<number> {
  const { numAffectedRows } = await sql`
    update events set position = sealed.position, seal = sealed.seal
    from jsonb_to_recordset(${JSON.stringify(seals)}::jsonb) as sealed(id bigint, position bigint, seal text)
    where events.id = sealed.id and events.position is null`.execute(transaction);
  return Number(numAffectedRows ?? 0n);
}

/** The sealed events that stand behind one, in order; null begins at the beginning. */
export async function listSealedEvents(
  db: Queryable,
  after: Pick<SealedEvent, 'position' | 'id'> | null,
  limit: number,
): Promise<SealedEvent[]> {
  let query = db
    .selectFrom('events')
    .select(EVENT_COLUMNS)
    .select(['position', sql<string>`coalesce(seal, '')`.as('seal')])
    .where('position', 'is not', null)
    .orderBy('position')
    .orderBy('id')
    .limit(limit);
  // An attacker who can insert an event could also have two of them share a position.
  if (after !== null)
    query = query.where(sql<boolean>`(position, id) > (${after.position}::bigint, ${after.id}::bigint)`);
  const rows = await query.execute();
  return rows.map(({ position, seal, ...row }) => ({
    ...eventFromRow(row),
    position: Number(position),
    seal,
  }));
}

export async function countUnsealedEvents(db: Queryable): Promise<number> {
  const { count } = await db
    .selectFrom('events')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where('position', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

/** Runs what only reads, on the database as it is now: what is written meanwhile is not seen. */
export async function onSnapshot<T>(db: Queryable, read: (snapshot: Queryable) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read);
}

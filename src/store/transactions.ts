import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Queryable, Store } from './store.js';

/**
 * Serialisation failure and deadlock: the database undid everything and asks for it again. Nothing
 * else is tried twice.
 */
const RETRIED_SQL_STATES = new Set(['40001', '40P01']);
const TRIES = 5;

/**
 * Runs `work` in a transaction, again for as long as the database asks for it, five times at most.
 */
export async function runTransaction<T>(
  db: Queryable,
  work: (transaction: Queryable) => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (tried >= TRIES || !RETRIED_SQL_STATES.has(sqlStateOf(error))) throw error;
      // Apart from each other, so that the same two do not meet again.
      await pause(Math.random() * 10 * 2 ** tried);
    }
  }
}

/** The store within a transaction: what would begin one of its own becomes part of it. */
export function within(store: Store, transaction: Queryable): Store {
  return { ...store, db: transaction, transaction: (work) => work(transaction) };
}

/** Undoes what `work` writes, and answers what it found out. */
export async function undone<T>(transaction: Queryable, work: () => Promise<T>): Promise<T> {
  await sql`savepoint undone`.execute(transaction);
  const found = await work();
  await sql`rollback to savepoint undone`.execute(transaction);
  return found;
}

/** The SQLSTATE of a database error; an empty text for any other. */
export function sqlStateOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

import { sql } from 'kysely';
import type { Queryable } from './store.js';

/** Somebody should look at the queue of resyncs: one was added, or is due earlier. */
export const RESYNCS_CHANNEL = 'dialgate_resyncs';

/**
 * Something that fetches depend on has changed (migrations/0003-fetch-memory.ts says what is told),
 * or an instance asks whether it hears.
 */
export const CHANGES_CHANNEL = 'dialgate_changes';

/**
 * Which numbers are for emergencies has changed somewhere (migrations/0006-emergency-numbers.ts).
 */
export const EMERGENCY_NUMBERS_CHANNEL = 'dialgate_emergency_numbers';

/** Tells all instances, this one too, once the transaction is committed. */
export async function notify(db: Queryable, channel: string, payload = ''): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(db);
}

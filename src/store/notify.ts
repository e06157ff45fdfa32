import { sql } from 'kysely';
import type { Queryable } from './store.js';

/** Somebody should look at the queue of resyncs: one was added, or is due earlier. */
export const RESYNCS_CHANNEL = 'dialgate_resyncs';

/** Tells all instances, this one too, once the transaction is committed. */
export async function notify(db: Queryable, channel: string, payload = ''): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(db);
}

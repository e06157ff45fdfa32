import { sql } from 'kysely';
import type { NewEvent } from '../domain/events.js';
import { recordEvents } from './events.js';
import type { Queryable } from './store.js';

/**
 * Writes an event about a call (`data.call`) unless there is one of this type about it: who did not
 * hear an answer says it again, perhaps while it is still being written. Events of such types are
 * few, so that their index finds it.
 */
export async function recordCallEventOnce(
  transaction: Queryable,
  event: NewEvent,
  call: string,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${event.type} ${call}`}, 0))`.execute(
    transaction,
  );
  const known = await transaction
    .selectFrom('events')
    .select('id')
    .where('type', '=', event.type)
    .where(sql<boolean>`data ->> 'call' = ${call}`)
    .limit(1)
    .executeTakeFirst();
  if (known === undefined) await recordEvents(transaction, [event]);
}

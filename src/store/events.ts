import type { NewEvent } from '../domain/events.js';
import type { Queryable } from './store.js';

/** Adds lines to the audit log. In the transaction that did what they tell of, so that neither is ever without the other. */
export async function recordEvents(db: Queryable, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db
    .insertInto('events')
    .values(
      events.map((event) => ({
        at: event.at,
        type: event.type,
        tenant_id: event.tenantId,
        mac: event.mac,
        actor: event.actor,
        address: event.address,
        data: JSON.stringify(event.data),
      })),
    )
    .execute();
}

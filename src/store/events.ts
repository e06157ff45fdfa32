import { sql } from 'kysely';
import type { NewEvent } from '../domain/events.js';
import type { Queryable } from './store.js';

/**
 * Adds lines to the audit log. In the transaction that did what they tell of, so that neither is
 * ever without the other. However many there are, the text of the statement is the same. Nothing is
 * written of what happens to a decoy, except that its MAC was asked for.
 */
export async function recordEvents(db: Queryable, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await sql`
    insert into events (at, type, tenant_id, mac, actor, address, data)
    select "at", "type", "tenantId", "mac", "actor", "address", "data"
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as event(
      "at" timestamptz, "type" text, "tenantId" uuid, "mac" text, "actor" text, "address" text, "data" jsonb
    )
    where "type" = 'device.knocked'
      or (select kind from devices where devices.mac = event."mac") is distinct from 'decoy'`.execute(db);
}

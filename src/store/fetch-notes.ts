import { sql } from 'kysely';
import type { NewEvent } from '../domain/events.js';
import type { Queryable } from './store.js';

/** That a device was seen, and whether it was provisioned then. */
export interface SeenDevice {
  deviceId: string;
  at: Date;
  address: string | null;
  /** When it fetched a configuration; null where it only fetched something else. */
  provisionedAt: Date | null;
}

/** That a phone came back with its token. */
export interface SeenToken {
  tokenId: string;
  at: Date;
  address: string | null;
}

/**
 * Writes when and from where devices were last seen, all of them by one statement. Rows are locked in the order of their ids, so that two
 * instances that write at the same time do not wait for each other.
 */
export async function updateSeenDevices(db: Queryable, seen: readonly SeenDevice[]): Promise<void> {
  if (seen.length === 0) return;
  await sql`
    with seen as (
      select * from jsonb_to_recordset(${JSON.stringify(seen)}::jsonb)
        as seen("deviceId" uuid, "at" timestamptz, "address" text, "provisionedAt" timestamptz)
    ), locked as (
      select devices.id from devices where id in (select "deviceId" from seen) order by id for no key update
    )
    update devices set
      last_seen_at = seen."at",
      last_seen_address = seen."address",
      last_provisioned_at = coalesce(seen."provisionedAt", devices.last_provisioned_at)
    from seen, locked
    where devices.id = seen."deviceId" and devices.id = locked.id`.execute(db);
}

/** Writes when and from where tokens were last fetched with. Never backwards: a call or a registration may have come in between. */
export async function updateSeenTokens(db: Queryable, seen: readonly SeenToken[]): Promise<void> {
  if (seen.length === 0) return;
  await sql`
    with seen as (
      select * from jsonb_to_recordset(${JSON.stringify(seen)}::jsonb)
        as seen("tokenId" text, "at" timestamptz, "address" text)
    ), locked as (
      select tokens.id from tokens where id in (select "tokenId" from seen) order by id for no key update
    )
    update tokens set
      used = true,
      last_used_at = greatest(tokens.last_used_at, seen."at"),
      last_fetch_address = seen."address"
    from seen, locked
    where tokens.id = seen."tokenId" and tokens.id = locked.id`.execute(db);
}

/** Adds many lines to the audit log by one statement whose text is always the same, however many they are. */
export async function appendEvents(db: Queryable, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await sql`
    insert into events (at, type, tenant_id, mac, actor, address, data)
    select "at", "type", "tenantId", "mac", "actor", "address", "data"
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as event(
      "at" timestamptz, "type" text, "tenantId" uuid, "mac" text, "actor" text, "address" text, "data" jsonb
    )`.execute(db);
}

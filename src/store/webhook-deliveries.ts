import { sql } from 'kysely';
import type { EventType } from '../domain/events.js';
import type { ListedEvent } from './event-list.js';
import type { Queryable } from './store.js';
import type { DeliveryState, StoredAttempt } from './webhook-tables.js';
import type { Lease, Webhook } from './webhooks.js';

/** One event on its way to one webhook. */
export interface Delivery {
  id: string;
  webhookId: string;
  /** That of the event. */
  position: number;
  type: EventType;
  state: DeliveryState;
  /** Attempts since it was queued, or replayed. */
  tries: number;
  /** When it was queued, or replayed. */
  begunAt: Date;
  /** When the next attempt is due; null when there is none. */
  dueAt: Date | null;
  /** The latest ones, the oldest first. */
  attempts: StoredAttempt[];
  createdAt: Date;
}

/** What is sent next, and where to. */
export interface DueDelivery {
  delivery: Delivery;
  /** null: it is not in the log any more. */
  event: ListedEvent | null;
  webhook: Pick<
    Webhook,
    'id' | 'url' | 'secretSealed' | 'formerSecretSealed' | 'formerSecretUntil' | 'failingSince'
  >;
}

/** `first`: not tried yet, in the order of the log. `again`: those that failed, as they are due. */
export type Lane = 'first' | 'again';

const COLUMNS = [
  'id',
  'webhookId',
  'position',
  'type',
  'state',
  'tries',
  'begunAt',
  'dueAt',
  'attempts',
  'createdAt',
] as const;

/** Queues events, each once. However many there are, the text of the statement is the same. */
export async function insertDeliveries(
  db: Queryable,
  webhookId: string,
  deliveries: readonly { id: string; position: number; type: EventType }[],
  now: Date,
): Promise<void> {
  await sql`
    insert into webhook_deliveries
      (id, webhook_id, position, type, state, tries, begun_at, due_at, attempts, created_at)
    select id, ${webhookId}::uuid, position, type, 'pending', 0, ${now}::timestamptz, ${now}::timestamptz,
      '[]', ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb) as queued(id uuid, position bigint, type text)
    on conflict (webhook_id, position) do nothing`.execute(db);
}

/** How many deliveries of a webhook are pending; not counted beyond `most`. */
export async function countPendingDeliveries(
  db: Queryable,
  webhookId: string,
  most: number,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from (
      select from webhook_deliveries where webhook_id = ${webhookId} and state = 'pending' limit ${most}
    ) as found`.execute(db);
  return rows[0]?.count ?? 0;
}

/**
 * The next delivery that is due in a lane, with its event and where it goes; null when there is
 * none, or the lease is another's by now.
 */
export async function nextDelivery(
  db: Queryable,
  { webhookId, by }: Lease,
  lane: Lane,
  now: Date,
): Promise<DueDelivery | null> {
  const row = await db
    .selectFrom('webhookDeliveries as delivery')
    .innerJoin('webhooks as webhook', 'webhook.id', 'delivery.webhookId')
    .leftJoin('events as event', 'event.position', 'delivery.position')
    .select(COLUMNS.map((column) => `delivery.${column}` as const))
    .select([
      'webhook.url',
      'webhook.secretSealed',
      'webhook.formerSecretSealed',
      'webhook.formerSecretUntil',
      'webhook.failingSince',
      'event.id as eventId',
      'event.at as eventAt',
      'event.tenantId as eventTenantId',
      'event.mac as eventMac',
      'event.actor as eventActor',
      'event.address as eventAddress',
      'event.data as eventData',
    ])
    .where('delivery.webhookId', '=', webhookId)
    .where('webhook.leasedBy', '=', by)
    // Literally, or a prepared statement could not go by the indexes of what is pending.
    .where('delivery.state', '=', sql.lit('pending' as const))
    .where('delivery.dueAt', '<=', now)
    .where('delivery.tries', lane === 'first' ? '=' : '>', sql.lit(0))
    .orderBy(lane === 'first' ? 'delivery.position' : 'delivery.dueAt')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { url, secretSealed, formerSecretSealed, formerSecretUntil, failingSince, ...rest } = row;
  const { eventId, eventAt, eventTenantId, eventMac, eventActor, eventAddress, eventData, ...own } = rest;
  const delivery = deliveryFromRow(own);
  const event =
    eventId === null || eventAt === null || eventActor === null || eventData === null
      ? null
      : {
          id: String(eventId),
          at: eventAt,
          type: delivery.type,
          tenantId: eventTenantId,
          mac: eventMac,
          actor: eventActor,
          address: eventAddress,
          data: eventData,
          position: delivery.position,
        };
  const webhook = { id: webhookId, url, secretSealed, formerSecretSealed, formerSecretUntil, failingSince };
  return { delivery, event, webhook };
}

/** Notes an attempt, and what comes next: another one at `dueAt`, or the end. */
export async function saveAttempt(
  db: Queryable,
  { id, state, tries, dueAt, attempts }: Pick<Delivery, 'id' | 'state' | 'tries' | 'dueAt' | 'attempts'>,
  now: Date,
): Promise<void> {
  await db
    .updateTable('webhookDeliveries')
    .set({
      state,
      tries,
      dueAt,
      attempts: JSON.stringify(attempts),
      endedAt: state === 'pending' ? null : now,
    })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .execute();
}

/** The deliveries of a webhook, the latest events first, behind a position. */
export async function listDeliveries(
  db: Queryable,
  webhookId: string,
  { state, before, limit }: { state: DeliveryState | null; before: number | null; limit: number },
): Promise<{ items: Delivery[]; more: boolean }> {
  let query = db
    .selectFrom('webhookDeliveries')
    .select(COLUMNS)
    .where('webhookId', '=', webhookId)
    .orderBy('position', 'desc')
    .limit(limit + 1);
  if (state !== null) query = query.where('state', '=', state);
  if (before !== null) query = query.where('position', '<', String(before));
  const rows = await query.execute();
  return { items: rows.slice(0, limit).map(deliveryFromRow), more: rows.length > limit };
}

/** Sends a delivery once more, whatever became of it. null when there is none. */
export async function replayDelivery(
  db: Queryable,
  webhookId: string,
  id: string,
  now: Date,
): Promise<Delivery | null> {
  const row = await db
    .updateTable('webhookDeliveries')
    .set({ state: 'pending', tries: 0, begunAt: now, dueAt: now, endedAt: null })
    .where('webhookId', '=', webhookId)
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst();
  return row === undefined ? null : deliveryFromRow(row);
}

/** Sends the dead deliveries of a webhook once more, those begun since a time. Answers how many. */
export async function replayDeadDeliveries(
  db: Queryable,
  webhookId: string,
  since: Date | null,
  now: Date,
): Promise<number> {
  let query = db
    .updateTable('webhookDeliveries')
    .set({ state: 'pending', tries: 0, begunAt: now, dueAt: now, endedAt: null })
    .where('webhookId', '=', webhookId)
    .where('state', '=', 'dead');
  if (since !== null) query = query.where('begunAt', '>=', since);
  const { numUpdatedRows } = await query.executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Forgets up to `limit` deliveries that ended so before a time. Answers of how many. */
export async function deleteEndedDeliveries(
  db: Queryable,
  state: Exclude<DeliveryState, 'pending'>,
  before: Date,
  limit: number,
): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('webhookDeliveries')
    .where('id', 'in', (expression) =>
      expression
        .selectFrom('webhookDeliveries')
        .select('id')
        .where('state', '=', state)
        .where('endedAt', '<', before)
        .orderBy('endedAt')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/**
 * Forgets the deliveries of a webhook that ended so, but for those of the latest `kept` events, up
 * to `limit` of them. Answers of how many.
 */
export async function deleteSurplusDeliveries(
  db: Queryable,
  { webhookId, state, kept, limit }: SurplusDeliveries,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from webhook_deliveries where id in (
      select id from webhook_deliveries where webhook_id = ${webhookId} and state = ${state}
      order by position desc limit ${limit} offset ${kept}
    )`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

interface SurplusDeliveries {
  webhookId: string;
  state: Exclude<DeliveryState, 'pending'>;
  kept: number;
  limit: number;
}

function deliveryFromRow<Row extends { position: string | number }>(row: Row): Row & { position: number } {
  return { ...row, position: Number(row.position) };
}

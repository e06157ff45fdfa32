import { z } from 'zod';
import { EVENT_TYPES } from '../domain/events.js';
import { notFound } from '../http/problem.js';
import type { Queryable } from '../store/store.js';
import {
  type Delivery,
  listDeliveries,
  replayDeadDeliveries,
  replayDelivery,
} from '../store/webhook-deliveries.js';
import { DELIVERY_STATES } from '../store/webhook-tables.js';
import { findWebhook } from '../store/webhooks.js';
import { messageIdOf } from '../webhooks/message.js';
import { moment, ownId, storableTime, time } from './fields.js';
import { type Operation, operation } from './operation.js';
import { PAGE_QUERY, badCursor, pageOf } from './page.js';
import { WEBHOOK_PATH } from './webhooks.js';

export const DELIVERY_QUERY = z.strictObject({
  ...PAGE_QUERY,
  state: z.enum(DELIVERY_STATES).optional().describe('Deliveries in this state only.'),
});

export const DELIVERY_ANSWER = z
  .strictObject({
    id: ownId,
    /** `webhook-id` of all its attempts. */
    messageId: z.string(),
    /** That of the event. */
    position: z.int(),
    type: z.enum(EVENT_TYPES),
    state: z.enum(DELIVERY_STATES),
    /** The latest ones, the oldest first; `status` is null when there was no answer. */
    attempts: z.array(
      z.strictObject({
        at: z.iso.datetime(),
        status: z.int().nullable(),
        error: z.string().nullable(),
      }),
    ),
    nextAttemptAt: time.nullable(),
    createdAt: time,
  })
  .meta({ id: 'Delivery' });

export const REPLAY = z
  .strictObject({
    since: moment.optional().meta({ description: 'Those that were queued, or replayed last, since then.' }),
  })
  .meta({ id: 'WebhookReplay', examples: [{ since: '2026-03-02T09:00:00Z' }] });
export const REPLAY_ANSWER = z.strictObject({ replayed: z.int() }).meta({ id: 'Replayed' });

const DELIVERIES = `${WEBHOOK_PATH}/deliveries` as const;
const POSITION = /^\d{1,15}$/;

export const WEBHOOK_DELIVERY_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'get',
    path: DELIVERIES,
    operationId: 'listDeliveries',
    tag: 'Webhooks',
    summary: 'List what became of the events for a webhook, the latest first',
    may: ['admin'],
    about: 'tenants',
    query: DELIVERY_QUERY,
    answer: pageOf('DeliveryList', DELIVERY_ANSWER),
    handle: async ({ context: { store }, path: { webhookId }, query: { state = null, cursor, limit } }) => {
      if (cursor !== undefined && !POSITION.test(cursor)) throw badCursor();
      await requireWebhook(store.db, webhookId);
      const before = cursor === undefined ? null : Number(cursor);
      const { items, more } = await listDeliveries(store.db, webhookId, { state, before, limit });
      const next = more ? (items.at(-1)?.position.toString() ?? null) : null;
      return { items: items.map(presentDelivery), cursor: next };
    },
  }),
  operation({
    method: 'post',
    path: `${DELIVERIES}/{deliveryId}/replay`,
    operationId: 'replayDelivery',
    tag: 'Webhooks',
    summary: 'Deliver an event to a webhook once more, whatever became of it',
    may: ['admin'],
    about: 'tenants',
    status: 202,
    answer: DELIVERY_ANSWER,
    handle: async ({ context: { store, clock }, path: { webhookId, deliveryId } }) => {
      const delivery = await replayDelivery(store.db, webhookId, deliveryId, clock.now());
      if (delivery === null) throw notFound('delivery');
      return presentDelivery(delivery);
    },
  }),
  operation({
    method: 'post',
    path: `${WEBHOOK_PATH}/replay`,
    operationId: 'replayDeadDeliveries',
    tag: 'Webhooks',
    summary: 'Deliver everything to a webhook once more that was given up',
    may: ['admin'],
    about: 'tenants',
    body: REPLAY,
    status: 202,
    answer: REPLAY_ANSWER,
    handle: async ({ context: { store, clock }, path: { webhookId }, body: { since } }) => {
      await requireWebhook(store.db, webhookId);
      const from = since === undefined ? null : storableTime(since);
      return { replayed: await replayDeadDeliveries(store.db, webhookId, from, clock.now()) };
    },
  }),
];

async function requireWebhook(db: Queryable, id: string): Promise<void> {
  if ((await findWebhook(db, id)) === null) throw notFound('webhook');
}

function presentDelivery(delivery: Delivery): z.infer<typeof DELIVERY_ANSWER> {
  const { id, position, type, state, attempts, dueAt: nextAttemptAt, createdAt } = delivery;
  return { id, messageId: messageIdOf(delivery), position, type, state, attempts, nextAttemptAt, createdAt };
}

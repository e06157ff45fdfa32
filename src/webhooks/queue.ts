import { randomUUID } from 'node:crypto';
import { addSeconds } from '../domain/time.js';
import type { ServiceContext } from '../services/context.js';
import type { Lapse } from '../services/sweep.js';
import { lastSealedPosition } from '../store/event-counts.js';
import { listEvents } from '../store/event-list.js';
import {
  countPendingDeliveries,
  deleteEndedDeliveries,
  deleteSurplusDeliveries,
  insertDeliveries,
} from '../store/webhook-deliveries.js';
import { type Lease, lockLeased, saveWebhookPosition } from '../store/webhooks.js';

/** Events that become deliveries at a time. */
const PORTION = 200;

/** While so many are pending, further events wait in the log, where they are safe as well. */
const MAX_PENDING = 10_000;

/** How long deliveries that have ended can be seen and replayed, and how many of a webhook. */
const KEPT_DAYS = { delivered: 7, dead: 30 } as const;
const KEPT = 10_000;
const DAY_SECONDS = 86_400;

const BATCH = 1000;
const FORGET_EVERY_SECONDS = 60;

/**
 * Makes deliveries of the events behind a webhook's place in the log, and moves that on, in one
 * transaction: so none is forgotten and none queued twice. Answers whether there may be more.
 */
export async function queueNews(
  { store, clock }: Pick<ServiceContext, 'store' | 'clock'>,
  lease: Lease,
): Promise<boolean> {
  return store.transaction(async (transaction) => {
    const webhook = await lockLeased(transaction, lease);
    if (webhook === null) return false;
    const { id, tenantId, types, position } = webhook;
    const room = MAX_PENDING - (await countPendingDeliveries(transaction, id, MAX_PENDING));
    const upTo = await lastSealedPosition(transaction);
    if (room <= 0 || position >= upTo) return false;
    const filter = { scope: 'all', types, tenantId: tenantId ?? undefined } as const;
    const limit = Math.min(PORTION, room);
    const { items, more } = await listEvents(transaction, filter, {
      order: 'asc',
      after: position,
      upTo,
      limit,
    });
    const queued = items.map((event) => ({ id: randomUUID(), position: event.position, type: event.type }));
    await insertDeliveries(transaction, id, queued, clock.now());
    await saveWebhookPosition(transaction, id, more ? (items.at(-1)?.position ?? upTo) : upTo);
    return more;
  });
}

/** Forgets what ended so long ago that a webhook has too many deliveries. */
export async function forgetSurplus(
  { store }: Pick<ServiceContext, 'store'>,
  webhookId: string,
): Promise<void> {
  for (const state of ['delivered', 'dead'] as const)
    await deleteSurplusDeliveries(store.db, { webhookId, state, kept: KEPT, limit: BATCH });
}

/** Forgets deliveries that ended long ago. Looked at once a minute. */
export function forgottenDeliveries({ store, clock }: Pick<ServiceContext, 'store' | 'clock'>): Lapse {
  let next = new Date(0);
  return {
    what: 'old deliveries of webhooks',
    look: async () => {
      const now = clock.now();
      if (now < next) return false;
      let isMore = false;
      for (const state of ['delivered', 'dead'] as const) {
        const before = addSeconds(now, -KEPT_DAYS[state] * DAY_SECONDS);
        isMore = (await deleteEndedDeliveries(store.db, state, before, BATCH)) === BATCH || isMore;
      }
      if (!isMore) next = addSeconds(now, FORGET_EVERY_SECONDS);
      return isMore;
    },
  };
}

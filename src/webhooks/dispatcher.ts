import { randomUUID } from 'node:crypto';
import { addSeconds } from '../domain/time.js';
import type { ServiceContext } from '../services/context.js';
import { lastSealedPosition } from '../store/event-counts.js';
import { listEvents } from '../store/event-list.js';
import {
  type FreeWebhook,
  type Lease,
  endLease,
  leaseWebhook,
  listFreeWebhooks,
  renewLease,
} from '../store/webhooks.js';
import { type Lane, nextDelivery } from '../store/webhook-deliveries.js';
import { type Attempted, attempt } from './attempt.js';
import { forgetSurplus, queueNews } from './queue.js';
import { Sender } from './sender.js';
import type { WebhookTargets } from './targets.js';

/**
 * What is known to fail has places of its own: however many receivers are dead, they take none from
 * those that live.
 */
const AT_ONCE = { working: 40, failing: 20 };

/** So long an instance works on a webhook before it looks who else waits. */
const ROUND_MS = 10_000;

/** After a crash another instance takes over within this time. */
const LEASE_SECONDS = 15;
const RENEW_MS = 5_000;

/** Attempts under way get so long when Dialgate ends. */
const GRACE_MS = 3_000;

const SURPLUS_EVERY_SECONDS = 60;

interface DispatcherOptions {
  targets: WebhookTargets;
  /** Told of each attempt, for monitoring. */
  observe: (attempted: Attempted) => void;
}

/**
 * Delivers events to webhooks. The sealed log is the queue: each webhook has a place in it, behind
 * which events become deliveries, in the same transaction. An instance leases a webhook, queues and
 * delivers for a while, and leaves it. Events that were not tried yet go out one after the other,
 * in the order of their positions; beside them those that failed, as they are due.
 */
export class WebhookDispatcher {
  readonly #by = randomUUID();
  readonly #working = new Map<string, { isFailing: boolean; round: Promise<void> }>();
  /** Up to where there is nothing for a webhook behind its stored position. */
  readonly #seen = new Map<string, number>();
  #surplusAt = new Map<string, Date>();
  readonly #stopping = new AbortController();
  /** Ends the attempts that are under way. */
  readonly #ending = new AbortController();

  constructor(
    private readonly context: ServiceContext,
    private readonly options: DispatcherOptions,
  ) {}

  /** Begins to work on every webhook that has something to do, as far as there are places. */
  async look(): Promise<boolean> {
    const { store, clock } = this.context;
    const now = clock.now();
    const webhooks = await listFreeWebhooks(store.db, now);
    if (webhooks.length === 0) return false;
    const end = await lastSealedPosition(store.db);
    for (const webhook of webhooks) {
      if (this.#stopping.signal.aborted) return false;
      if (this.#working.has(webhook.id) || !this.#hasPlace(webhook)) continue;
      const isDue = webhook.dueAt !== null && webhook.dueAt <= now;
      if (isDue || (await this.#hasNews(webhook, end))) await this.#begin(webhook);
    }
    return false;
  }

  /** Ends: what is under way gets a moment, and is tried again by the next instance otherwise. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const cut = setTimeout(() => this.#ending.abort(), GRACE_MS);
    await Promise.all([...this.#working.values()].map(({ round }) => round));
    clearTimeout(cut);
  }

  #hasPlace({ failingSince }: FreeWebhook): boolean {
    const isFailing = failingSince !== null;
    const taken = [...this.#working.values()].filter((one) => one.isFailing === isFailing).length;
    return taken < (isFailing ? AT_ONCE.failing : AT_ONCE.working);
  }

  async #hasNews({ id, tenantId, types, position }: FreeWebhook, end: number): Promise<boolean> {
    const after = Math.max(position, this.#seen.get(id) ?? 0);
    if (after >= end) return false;
    const filter = { scope: 'all', types, tenantId: tenantId ?? undefined } as const;
    const page = { order: 'asc', after, upTo: end, limit: 1 } as const;
    const { items } = await listEvents(this.context.store.db, filter, page);
    this.#seen.set(id, items[0] === undefined ? end : after);
    return items.length > 0;
  }

  async #begin({ id: webhookId, failingSince }: FreeWebhook): Promise<void> {
    const { store, clock, log } = this.context;
    const lease = { webhookId, by: this.#by };
    const now = clock.now();
    if (!(await leaseWebhook(store.db, lease, addSeconds(now, LEASE_SECONDS), now))) return;
    const round = this.#round(lease)
      .catch((error: unknown) => {
        log.error({ err: error, webhookId }, 'a webhook could not be served; tried again soon');
      })
      .finally(() => this.#working.delete(webhookId));
    this.#working.set(webhookId, { isFailing: failingSince !== null, round });
  }

  async #round(lease: Lease): Promise<void> {
    const { store, clock } = this.context;
    const over = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(ROUND_MS)]);
    const renewal = setInterval(() => {
      // Without a database the lease ends by itself.
      renewLease(store.db, lease, addSeconds(clock.now(), LEASE_SECONDS)).catch(() => undefined);
    }, RENEW_MS);
    const sender = new Sender(this.options.targets);
    try {
      for (let hasQueued = true; hasQueued && !over.aborted;) {
        hasQueued = await queueNews(this.context, lease);
        await Promise.all([
          this.#deliver(lease, 'first', sender, over),
          this.#deliver(lease, 'again', sender, over),
        ]);
      }
      await this.#forgetSurplus(lease.webhookId);
      // Not after a fault: until the lease lapses that is not tried again.
      await endLease(store.db, lease);
    } finally {
      clearInterval(renewal);
      sender.close();
    }
  }

  async #deliver(lease: Lease, lane: Lane, sender: Sender, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const due = await nextDelivery(this.context.store.db, lease, lane, this.context.clock.now());
      if (due === null) return;
      const attempted = await attempt(this.context, due, sender, this.#ending.signal);
      if (attempted !== null) this.options.observe(attempted);
    }
  }

  async #forgetSurplus(webhookId: string): Promise<void> {
    const now = this.context.clock.now();
    const next = this.#surplusAt.get(webhookId);
    if (next !== undefined && next > now) return;
    this.#surplusAt.set(webhookId, addSeconds(now, SURPLUS_EVERY_SECONDS));
    await forgetSurplus(this.context, webhookId);
  }
}

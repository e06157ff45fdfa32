import { randomUUID } from 'node:crypto';
import type { EventType } from '../domain/events.js';
import { seal, unseal } from '../domain/secrets.js';
import { addSeconds } from '../domain/time.js';
import { changeEvent } from '../services/audit/change-event.js';
import type { AuditSealer } from '../services/audit/audit-seal.js';
import type { Actor, ServiceContext } from '../services/context.js';
import { type Patch, changedFields, patched } from '../services/patch.js';
import { lastSealedPosition } from '../store/event-counts.js';
import { recordEvents } from '../store/events.js';
import { findTenant } from '../store/tenants.js';
import {
  type Webhook,
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  updateWebhook,
} from '../store/webhooks.js';
import { makeWebhookSecret } from './message.js';
import type { WebhookTargets } from './targets.js';

/** All of them are looked through twice a second. */
const MAX_WEBHOOKS = 1_000;

export interface WebhookInput {
  url: string;
  types: EventType[];
  /** Only the events of this tenant; null: all. */
  tenantId: string | null;
}

type WebhookContext = ServiceContext & { webhookTargets: WebhookTargets };

export type WebhookOutcome =
  | { kind: 'webhook'; webhook: Webhook }
  | { kind: 'not-found' }
  | { kind: 'tenant-unknown' }
  | { kind: 'too-many'; most: number }
  | { kind: 'url-refused'; because: string };

/**
 * Makes a webhook that is told of what happens from now on. Its secret is answered this once and
 * never again.
 */
export async function createWebhook(
  context: WebhookContext,
  sealer: AuditSealer,
  { url, types, tenantId }: WebhookInput,
  actor: Actor,
): Promise<WebhookOutcome & { secret?: string }> {
  const because = await context.webhookTargets.refusalOf(new URL(url));
  if (because !== null) return { kind: 'url-refused', because };
  // What had been committed before the request is not news.
  await sealer.catchUp();
  const { masterKey, clock } = context;
  const secret = makeWebhookSecret();
  const id = randomUUID();
  return context.store.transaction(async (db) => {
    if (tenantId !== null && (await findTenant(db, tenantId, 'key share')) === null)
      return { kind: 'tenant-unknown' };
    if ((await countWebhooks(db)) >= MAX_WEBHOOKS) return { kind: 'too-many', most: MAX_WEBHOOKS };
    const webhook: Webhook = {
      id,
      tenantId,
      url,
      types,
      secretSealed: seal(masterKey, id, secret),
      formerSecretSealed: null,
      formerSecretUntil: null,
      keyVersion: masterKey.version,
      position: await lastSealedPosition(db),
      failingSince: null,
      createdAt: clock.now(),
    };
    await insertWebhook(db, webhook);
    await recordEvents(db, [changeEvent('webhook.created', subjectOf(webhook), actor, webhook.createdAt)]);
    return { kind: 'webhook', webhook, secret };
  });
}

/** Merges a patch into a webhook. What is pending goes to the new URL. */
export async function changeWebhook(
  context: WebhookContext,
  id: string,
  patch: Patch<Pick<WebhookInput, 'url' | 'types'>>,
  actor: Actor,
): Promise<WebhookOutcome> {
  const because = patch.url === undefined ? null : await context.webhookTargets.refusalOf(new URL(patch.url));
  if (because !== null) return { kind: 'url-refused', because };
  return context.store.transaction(async (db) => {
    const webhook = await findWebhook(db, id, 'update');
    if (webhook === null) return { kind: 'not-found' };
    const changed = {
      ...webhook,
      url: patched(webhook.url, patch.url),
      types: patched(webhook.types, patch.types),
    };
    const fields = changedFields(webhook, changed, ['url', 'types']);
    if (fields.length === 0) return { kind: 'webhook', webhook };
    await updateWebhook(db, changed);
    const now = context.clock.now();
    await recordEvents(db, [
      changeEvent('webhook.updated', subjectOf(changed), actor, now, { changed: fields }),
    ]);
    return { kind: 'webhook', webhook: changed };
  });
}

/**
 * Gives a webhook a new secret. For some seconds the former one signs as well, so that a receiver
 * can be told the new one meanwhile; one that was still former is gone.
 */
export async function rotateWebhookSecret(
  { store, masterKey, clock }: ServiceContext,
  id: string,
  overlapSeconds: number,
  actor: Actor,
): Promise<{ webhook: Webhook; secret: string } | null> {
  return store.transaction(async (db) => {
    const webhook = await findWebhook(db, id, 'update');
    if (webhook === null) return null;
    const now = clock.now();
    const secret = makeWebhookSecret();
    const former = unseal(masterKey, id, webhook.secretSealed);
    const changed: Webhook = {
      ...webhook,
      secretSealed: seal(masterKey, id, secret),
      formerSecretSealed: overlapSeconds === 0 ? null : seal(masterKey, id, former),
      formerSecretUntil: overlapSeconds === 0 ? null : addSeconds(now, overlapSeconds),
      keyVersion: masterKey.version,
    };
    await updateWebhook(db, changed);
    await recordEvents(db, [
      changeEvent('webhook.updated', subjectOf(changed), actor, now, { changed: ['secret'] }),
    ]);
    return { webhook: changed, secret };
  });
}

/** Removes a webhook with its deliveries. Answers whether there was one. */
export async function removeWebhook(
  { store, clock }: Pick<ServiceContext, 'store' | 'clock'>,
  id: string,
  actor: Actor,
): Promise<boolean> {
  return store.transaction(async (db) => {
    const webhook = await deleteWebhook(db, id);
    if (webhook === null) return false;
    await recordEvents(db, [changeEvent('webhook.deleted', subjectOf(webhook), actor, clock.now())]);
    return true;
  });
}

/** Its URL may hold a secret; the host does not. */
function subjectOf({ id, tenantId, url }: Webhook): { id: string; tenantId: string | null; name: string } {
  return { id, tenantId, name: new URL(url).host };
}

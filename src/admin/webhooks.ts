import { z } from 'zod';
import { isInScope } from '../domain/role.js';
import { EVENT_TYPES } from '../domain/events.js';
import { Problem, invalid, notFound } from '../http/problem.js';
import {
  type CountedWebhook,
  type Webhook,
  countDeliveriesOf,
  findWebhook,
  listWebhooks,
} from '../store/webhooks.js';
import {
  type WebhookOutcome,
  changeWebhook,
  createWebhook,
  removeWebhook,
  rotateWebhookSecret,
} from '../webhooks/webhooks.js';
import { id, ownId, time } from './fields.js';
import { API, type Operation, operation } from './operation.js';
import { forbidden } from './permission.js';
import { PAGE_QUERY, pageOf, presentPage, toPageQuery } from './page.js';

/** A fragment would not be sent; a password would be shown in each answer. */
const receiver = z
  .string()
  .max(2000)
  .regex(/^https?:\/\/[^\s#]+$/i, 'must be an http or https URL without a fragment')
  .refine((url) => URL.canParse(url), 'must be a URL')
  .refine(
    (url) => !URL.canParse(url) || (new URL(url).username === '' && new URL(url).password === ''),
    'must not hold a user or password',
  )
  .meta({ description: 'Where events are posted to.', examples: ['https://crm.example/dialgate'] });

const types = z
  .array(z.enum(EVENT_TYPES))
  .min(1)
  .max(EVENT_TYPES.length)
  .refine((list) => new Set(list).size === list.length, 'must name each type once');

export const WEBHOOK = z.strictObject({ url: receiver, types, tenantId: id.nullish() }).meta({
  id: 'NewWebhook',
  examples: [{ url: 'https://crm.example/dialgate', types: ['device.authenticated', 'device.blocked'] }],
});
export const WEBHOOK_PATCH = z
  .strictObject({ url: receiver, types })
  .partial()
  .meta({
    id: 'WebhookPatch',
    examples: [{ types: ['device.blocked'] }],
  });

const MAX_OVERLAP_SECONDS = 30 * 86_400;
export const ROTATION = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_SECONDS)
      .default(86_400)
      .meta({ description: 'For how long the former secret signs as well.' }),
  })
  .meta({ id: 'WebhookSecretRotation', examples: [{ overlapSeconds: 3600 }] });

export const WEBHOOK_QUERY = z.strictObject({
  ...PAGE_QUERY,
  tenantId: id.optional().describe('Webhooks of this tenant only.'),
});

export const WEBHOOK_ANSWER = z
  .strictObject({
    id: ownId,
    tenantId: ownId.nullable(),
    url: z.string(),
    types: z.array(z.enum(EVENT_TYPES)),
    /** Since when every attempt has failed; null when the last one did not. */
    failingSince: time.nullable(),
    /** Deliveries that are to be tried (again), and those given up; counted up to 10,000. */
    pending: z.int(),
    dead: z.int(),
    /** How long the former secret signs as well. */
    formerSecretUntil: time.nullable(),
    createdAt: time,
  })
  .meta({ id: 'Webhook' });
/** The one answer that contains the secret. */
export const NEW_WEBHOOK_ANSWER = WEBHOOK_ANSWER.extend({ secret: z.string() }).meta({
  id: 'WebhookWithSecret',
});

const WEBHOOKS = `${API}/webhooks` as const;
export const WEBHOOK_PATH = `${WEBHOOKS}/{webhookId}` as const;

export const WEBHOOK_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'post',
    path: WEBHOOKS,
    operationId: 'createWebhook',
    tag: 'Webhooks',
    summary: 'Have events posted to a URL from now on; only this answer contains the secret',
    may: ['admin'],
    about: 'tenants',
    body: WEBHOOK,
    status: 201,
    refuses: [409],
    answer: NEW_WEBHOOK_ANSWER,
    handle: async ({ context, body, actor, response }) => {
      const input = { ...body, tenantId: body.tenantId ?? null };
      if (!isInScope(actor.scope, input.tenantId)) {
        if (input.tenantId !== null) throw unknownTenant();
        throw forbidden('A key for named tenants makes webhooks for these only: name one.');
      }
      const outcome = await createWebhook(context, context.auditLog.sealer, input, actor);
      const webhook = webhookOf(outcome);
      response.location(`${WEBHOOKS}/${webhook.id}`);
      return { ...presentWebhook({ ...webhook, pending: 0, dead: 0 }, null), secret: outcome.secret ?? '' };
    },
  }),
  operation({
    method: 'get',
    path: WEBHOOKS,
    operationId: 'listWebhooks',
    tag: 'Webhooks',
    summary: 'List the webhooks',
    may: ['admin'],
    about: 'tenants',
    query: WEBHOOK_QUERY,
    answer: pageOf('WebhookList', WEBHOOK_ANSWER),
    handle: async ({ context: { store, clock }, query, actor }) => {
      const filter = { tenantId: query.tenantId ?? null, scope: actor.scope };
      const page = await listWebhooks(store.db, filter, toPageQuery(query));
      return presentPage(page, (webhook) => presentWebhook(webhook, clock.now()));
    },
  }),
  operation({
    method: 'get',
    path: WEBHOOK_PATH,
    operationId: 'getWebhook',
    tag: 'Webhooks',
    summary: 'Get a webhook',
    may: ['admin'],
    about: 'tenants',
    answer: WEBHOOK_ANSWER,
    handle: async ({ context: { store, clock }, path: { webhookId } }) => {
      const webhook = await findWebhook(store.db, webhookId);
      if (webhook === null) throw notFound('webhook');
      return presentWebhook(await countDeliveriesOf(store.db, webhook), clock.now());
    },
  }),
  operation({
    method: 'patch',
    path: WEBHOOK_PATH,
    operationId: 'updateWebhook',
    tag: 'Webhooks',
    summary: 'Change where events are posted to, or which',
    may: ['admin'],
    about: 'tenants',
    body: WEBHOOK_PATCH,
    answer: WEBHOOK_ANSWER,
    handle: async ({ context, path: { webhookId }, body, actor }) => {
      const webhook = webhookOf(await changeWebhook(context, webhookId, body, actor));
      return presentWebhook(await countDeliveriesOf(context.store.db, webhook), context.clock.now());
    },
  }),
  operation({
    method: 'delete',
    path: WEBHOOK_PATH,
    operationId: 'deleteWebhook',
    tag: 'Webhooks',
    summary: 'Delete a webhook with its deliveries',
    may: ['admin'],
    about: 'tenants',
    answer: null,
    handle: async ({ context, path: { webhookId }, actor }) => {
      if (!(await removeWebhook(context, webhookId, actor))) throw notFound('webhook');
    },
  }),
  operation({
    method: 'post',
    path: `${WEBHOOK_PATH}/rotate-secret`,
    operationId: 'rotateWebhookSecret',
    tag: 'Webhooks',
    summary: 'Give a webhook a new secret; the former one signs as well for a while',
    may: ['admin'],
    about: 'tenants',
    body: ROTATION,
    answer: NEW_WEBHOOK_ANSWER,
    handle: async ({ context, path: { webhookId }, body, actor }) => {
      const rotated = await rotateWebhookSecret(context, webhookId, body.overlapSeconds, actor);
      if (rotated === null) throw notFound('webhook');
      const webhook = await countDeliveriesOf(context.store.db, rotated.webhook);
      return { ...presentWebhook(webhook, context.clock.now()), secret: rotated.secret };
    },
  }),
];

function webhookOf(outcome: WebhookOutcome): Webhook {
  switch (outcome.kind) {
    case 'webhook':
      return outcome.webhook;
    case 'not-found':
      throw notFound('webhook');
    case 'tenant-unknown':
      throw unknownTenant();
    case 'too-many':
      throw new Problem(409, `There are ${outcome.most} webhooks already.`);
    case 'url-refused':
      throw invalid([{ pointer: '/url', detail: `must lead to a public address: ${outcome.because}` }]);
  }
}

const unknownTenant = () => invalid([{ pointer: '/tenantId', detail: 'is not the id of a tenant' }]);

/** `now` tells whether the former secret still signs; null: there is none. */
function presentWebhook(
  { id: webhookId, tenantId, url, types: of, failingSince, pending, dead, ...webhook }: CountedWebhook,
  now: Date | null,
): z.infer<typeof WEBHOOK_ANSWER> {
  const { formerSecretUntil: until, createdAt } = webhook;
  const formerSecretUntil = until !== null && now !== null && until > now ? until : null;
  return {
    id: webhookId,
    tenantId,
    url,
    types: of,
    failingSince,
    pending,
    dead,
    formerSecretUntil,
    createdAt,
  };
}

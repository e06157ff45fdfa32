import { z } from 'zod';
import { notFound } from '../http/problem.js';
import { RESERVED_ACTORS, createApiKey, removeApiKey } from '../services/api-keys.js';
import { type ApiKey, listApiKeys } from '../store/api-keys.js';
import { credential, ownId, time } from './fields.js';
import { API, type Operation, operation } from './operation.js';
import { pageOf } from './page.js';

export const API_KEY = z
  .strictObject({
    name: credential(100).refine(
      (name) => !RESERVED_ACTORS.includes(name),
      'must not be a name that the audit log has another meaning for',
    ),
  })
  .meta({ id: 'NewApiKey', examples: [{ name: 'provisioning portal' }] });

export const API_KEY_ANSWER = z
  .strictObject({ id: ownId, name: z.string(), createdAt: time })
  .meta({ id: 'ApiKey' });
/** The one answer that contains the key. */
export const NEW_API_KEY_ANSWER = API_KEY_ANSWER.extend({ key: z.string() }).meta({ id: 'CreatedApiKey' });

const API_KEYS = `${API}/api-keys` as const;

export const API_KEY_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'post',
    path: API_KEYS,
    operationId: 'createApiKey',
    tag: 'API keys',
    summary: 'Create an administrator key; only this answer contains it',
    may: ['admin'],
    body: API_KEY,
    status: 201,
    answer: NEW_API_KEY_ANSWER,
    handle: async ({ context, body, actor, response }) => {
      const { apiKey, key } = await createApiKey(context.store, body.name, actor, context.clock.now());
      response.location(`${API_KEYS}/${apiKey.id}`);
      return { ...presentApiKey(apiKey), key };
    },
  }),
  operation({
    method: 'get',
    path: API_KEYS,
    operationId: 'listApiKeys',
    tag: 'API keys',
    summary: 'List the administrator keys, all on one page',
    may: ['admin'],
    answer: pageOf('ApiKeyList', API_KEY_ANSWER),
    handle: async ({ context }) => {
      const items = await listApiKeys(context.store.db);
      return { items: items.map(presentApiKey), cursor: null };
    },
  }),
  operation({
    method: 'delete',
    path: `${API_KEYS}/{keyId}`,
    operationId: 'deleteApiKey',
    tag: 'API keys',
    summary: 'Revoke an administrator key',
    may: ['admin'],
    answer: null,
    handle: async ({ context, path: { keyId }, actor }) => {
      if (!(await removeApiKey(context.store, keyId, actor, context.clock.now()))) throw notFound('key');
    },
  }),
];

function presentApiKey({ keyHash: _hash, ...apiKey }: ApiKey): z.infer<typeof API_KEY_ANSWER> {
  return apiKey;
}

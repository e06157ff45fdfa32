import { z } from 'zod';
import { ROLES, type Role } from '../domain/role.js';
import { Problem, invalid, notFound } from '../http/problem.js';
import {
  type CreateKeyOutcome,
  RESERVED_ACTORS,
  apiKeysIn,
  createApiKey,
  findApiKeyIn,
  removeApiKey,
  rotateApiKey,
} from '../services/keys/api-keys.js';
import type { ApiKey } from '../store/api-keys.js';
import { credential, id, ownId, time } from './fields.js';
import { API, type Operation, operation } from './operation.js';
import { pageOf } from './page.js';
import { forbidden } from './permission.js';

export const API_KEY = z
  .strictObject({
    name: credential(100).refine(
      (name) => !RESERVED_ACTORS.includes(name),
      'must not be a name that the audit log has another meaning for',
    ),
    role: z.enum(ROLES).default('admin'),
    /** None: all tenants. */
    tenantIds: z.array(id).max(1000).nullish(),
    expiresAt: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with its zone' }).nullish(),
  })
  .meta({
    id: 'NewApiKey',
    examples: [
      {
        name: 'help desk',
        role: 'support',
        tenantIds: ['8c4f6a0e-2f0b-4a53-9d0e-6b1f3c2a7d11'],
        expiresAt: '2030-01-01T00:00:00Z',
      },
    ],
  });

const MAX_OVERLAP_SECONDS = 30 * 24 * 3600;

export const ROTATION = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_SECONDS, `must be ${MAX_OVERLAP_SECONDS} at most`)
      .default(0),
  })
  .meta({ id: 'KeyRotation', examples: [{ overlapSeconds: 86_400 }] });

export const API_KEY_ANSWER = z
  .strictObject({
    id: ownId,
    name: z.string(),
    role: z.enum(ROLES),
    tenantIds: z.array(ownId),
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable(),
    createdAt: time,
  })
  .meta({ id: 'ApiKey' });
/** The one answer that contains the key. */
export const NEW_API_KEY_ANSWER = API_KEY_ANSWER.extend({ key: z.string() }).meta({ id: 'CreatedApiKey' });
/** Until when the secret that it had still opens it. */
export const ROTATED_API_KEY_ANSWER = NEW_API_KEY_ANSWER.extend({ formerUntil: time }).meta({
  id: 'RotatedApiKey',
});

const API_KEYS = `${API}/api-keys` as const;
const API_KEY_PATH = `${API_KEYS}/{keyId}` as const;
const may: readonly Role[] = ['admin'];

export const API_KEY_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'post',
    path: API_KEYS,
    operationId: 'createApiKey',
    tag: 'API keys',
    summary: 'Create an administrator key; only this answer contains it',
    may,
    about: 'tenants',
    body: API_KEY,
    status: 201,
    answer: NEW_API_KEY_ANSWER,
    handle: async ({ context, body, actor, response }) => {
      const { name, role, tenantIds, expiresAt } = body;
      const input = {
        name,
        role,
        tenantIds: tenantIds ?? [],
        expiresAt: expiresAt === undefined || expiresAt === null ? null : new Date(expiresAt),
      };
      const outcome = await createApiKey(context.store, input, actor, context.clock.now());
      const { apiKey, key } = createdOf(outcome);
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
    may,
    about: 'tenants',
    answer: pageOf('ApiKeyList', API_KEY_ANSWER),
    handle: async ({ context, actor }) => {
      const items = await apiKeysIn(context.store.db, actor.scope);
      return { items: items.map(presentApiKey), cursor: null };
    },
  }),
  operation({
    method: 'get',
    path: API_KEY_PATH,
    operationId: 'getApiKey',
    tag: 'API keys',
    summary: 'Get an administrator key, without its secret',
    may,
    about: 'tenants',
    answer: API_KEY_ANSWER,
    handle: async ({ context, path: { keyId }, actor }) => {
      const apiKey = await findApiKeyIn(context.store.db, keyId, actor.scope);
      if (apiKey === null) throw notFound('key');
      return presentApiKey(apiKey);
    },
  }),
  operation({
    method: 'post',
    path: `${API_KEY_PATH}/rotate`,
    operationId: 'rotateApiKey',
    tag: 'API keys',
    summary: 'Give a key another secret; the former one stays valid for `overlapSeconds`',
    may,
    about: 'tenants',
    body: ROTATION,
    answer: ROTATED_API_KEY_ANSWER,
    handle: async ({ context, path: { keyId }, body: { overlapSeconds }, actor }) => {
      const { store, clock } = context;
      const rotated = await rotateApiKey(store, keyId, overlapSeconds, actor, clock.now());
      if (rotated === null) throw notFound('key');
      const { apiKey, key, formerUntil } = rotated;
      return { ...presentApiKey(apiKey), key, formerUntil };
    },
  }),
  operation({
    method: 'delete',
    path: API_KEY_PATH,
    operationId: 'deleteApiKey',
    tag: 'API keys',
    summary: 'Revoke an administrator key, and end its sessions',
    may,
    about: 'tenants',
    refuses: [409],
    answer: null,
    handle: async ({ context, path: { keyId }, actor }) => {
      const { store, clock, keyTrials } = context;
      const by = { ...actor, mayBeLast: keyTrials.hasBootstrapKey };
      const { kind } = await removeApiKey(store, keyId, by, clock.now());
      if (kind === 'not-found') throw notFound('key');
      if (kind === 'last')
        throw new Problem(
          409,
          'This is the last key that opens everything, and ADMIN_KEY is not set: make another one first.',
        );
    },
  }),
];

function createdOf(outcome: CreateKeyOutcome): { apiKey: ApiKey; key: string } {
  switch (outcome.kind) {
    case 'created':
      return outcome;
    case 'tenants-unknown':
      throw invalid(
        outcome.positions.map((position) => ({
          pointer: `/tenantIds/${position}`,
          detail: 'is not the id of a tenant',
        })),
      );
    case 'beyond-scope':
      throw forbidden('A key for named tenants makes keys for these only: name them.');
    case 'expired':
      throw invalid([{ pointer: '/expiresAt', detail: 'must be in the future' }]);
  }
}

function presentApiKey({ keyHash: _hash, ...apiKey }: ApiKey): z.infer<typeof API_KEY_ANSWER> {
  return apiKey;
}

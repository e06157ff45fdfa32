import { Router } from 'express';
import { z } from 'zod';
import { RESERVED_ACTORS, createApiKey, removeApiKey } from '../services/api-keys.js';
import type { ServiceContext } from '../services/context.js';
import { type ApiKey, listApiKeys } from '../store/api-keys.js';
import { actorOf } from './actor.js';
import { credential, ownId, time } from './fields.js';
import { notFound } from './problem.js';
import { readBody, readId } from './request.js';
import { resource } from './resource.js';

export const API_KEY = z.strictObject({
  name: credential(100).refine(
    (name) => !RESERVED_ACTORS.includes(name),
    'must not be a name that the audit log has another meaning for',
  ),
});

export const API_KEY_ANSWER = z.strictObject({ id: ownId, name: z.string(), createdAt: time });
/** The one answer that contains the key. */
export const NEW_API_KEY_ANSWER = API_KEY_ANSWER.extend({ key: z.string() });

export function apiKeyRoutes(context: ServiceContext): Router {
  const router = Router();
  const { db } = context.store;

  resource(router, '/', {
    post: async (request, response) => {
      const { name } = readBody(request, API_KEY);
      const { apiKey, key } = await createApiKey(context.store, name, actorOf(request), context.clock.now());
      response
        .status(201)
        .location(`/api/v1/api-keys/${apiKey.id}`)
        .json({ ...presentApiKey(apiKey), key });
    },
    /** All of them: there are as many as there are administrators and their programs. */
    get: async (_request, response) => {
      response.json({ items: (await listApiKeys(db)).map(presentApiKey), cursor: null });
    },
  });

  resource(router, '/:id', {
    delete: async (request, response) => {
      const id = readId(request, 'id', 'key');
      if (!(await removeApiKey(context.store, id, actorOf(request), context.clock.now())))
        throw notFound('key');
      response.status(204).end();
    },
  });

  return router;
}

function presentApiKey({ keyHash: _hash, ...apiKey }: ApiKey): z.infer<typeof API_KEY_ANSWER> {
  return apiKey;
}

import { randomUUID } from 'node:crypto';
import { hashApiKey, makeApiKey, sameText } from '../domain/secrets.js';
import { type ApiKey, deleteApiKey, findApiKey, insertApiKey } from '../store/api-keys.js';
import { recordEvents } from '../store/events.js';
import type { Store } from '../store/store.js';
import { COMMAND_LINE, SYSTEM } from './audit/actors.js';
import { changeEvent } from './audit/change-event.js';
import type { Actor } from './context.js';

const BOOTSTRAP = 'ADMIN_KEY';

/** Who else stands in the audit log as an actor; no key may be called so. */
export const RESERVED_ACTORS: readonly string[] = ['phone', SYSTEM.name, COMMAND_LINE.name, BOOTSTRAP];

/** Makes an administrator's key. The key itself is answered this once and never again. */
export async function createApiKey(
  store: Store,
  name: string,
  actor: Actor,
  now: Date,
): Promise<{ apiKey: ApiKey; key: string }> {
  const key = makeApiKey();
  const apiKey: ApiKey = { id: randomUUID(), name, keyHash: hashApiKey(key), createdAt: now };
  return store.transaction(async (db) => {
    await insertApiKey(db, apiKey);
    await recordEvents(db, [changeEvent('api_key.created', subjectOf(apiKey), actor, now)]);
    return { apiKey, key };
  });
}

/** Removes a key: it is invalid from now on. Answers whether there was one. */
export async function removeApiKey(store: Store, id: string, actor: Actor, now: Date): Promise<boolean> {
  return store.transaction(async (db) => {
    const apiKey = await deleteApiKey(db, id);
    if (apiKey === null) return false;
    await recordEvents(db, [changeEvent('api_key.deleted', subjectOf(apiKey), actor, now)]);
    return true;
  });
}

function subjectOf({ id, name }: ApiKey) {
  return { id, name, tenantId: null };
}

/**
 * Who holds this key: the name it is known by in the audit log, or null. `bootstrapKey` is
 * ADMIN_KEY: it needs no database, so that an administrator is never locked out of an empty one.
 * Stored keys are found by their hash, so a wrong one tells nothing by its timing.
 */
export async function identifyAdministrator(
  store: Store,
  bootstrapKey: string | null,
  presented: string,
): Promise<string | null> {
  if (bootstrapKey !== null && sameText(presented, bootstrapKey)) return BOOTSTRAP;
  const apiKey = await findApiKey(store.db, hashApiKey(presented));
  return apiKey?.name ?? null;
}

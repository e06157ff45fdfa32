import { randomUUID } from 'node:crypto';
import { hashApiKey, makeApiKey, sameText } from '../domain/secrets.js';
import { type ApiKey, findApiKey, insertApiKey } from '../store/api-keys.js';
import type { Store } from '../store/store.js';

const BOOTSTRAP = 'ADMIN_KEY';

/** Who else stands in the audit log as an actor; no key may be called so. */
export const RESERVED_ACTORS: readonly string[] = ['phone', 'system', BOOTSTRAP];

/** Makes an administrator's key. The key itself is answered this once and never again. */
export async function createApiKey(
  store: Store,
  name: string,
  now: Date,
): Promise<{ apiKey: ApiKey; key: string }> {
  const key = makeApiKey();
  const apiKey: ApiKey = { id: randomUUID(), name, keyHash: hashApiKey(key), createdAt: now };
  await insertApiKey(store.db, apiKey);
  return { apiKey, key };
}

/**
 * Who holds this key: the name it is known by in the audit log, or null. `bootstrapKey` is ADMIN_KEY: it needs no database, so that an
 * administrator is never locked out of an empty one. Stored keys are found by their hash, so a wrong one tells nothing by its timing.
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

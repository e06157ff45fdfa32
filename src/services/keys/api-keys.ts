import { randomUUID } from 'node:crypto';
import { type TenantScope, isInScope, scopeOf } from '../../domain/role.js';
import { hashApiKey, makeApiKey } from '../../domain/secrets.js';
import { addSeconds } from '../../domain/time.js';
import {
  type ApiKey,
  administratorKeyIds,
  deleteApiKey,
  findApiKey,
  insertApiKey,
  listApiKeys,
  replaceKeySecret,
} from '../../store/api-keys.js';
import { recordEvents } from '../../store/events.js';
import type { Queryable, Store } from '../../store/store.js';
import { findTenant } from '../../store/tenants.js';
import { COMMAND_LINE, SYSTEM, UNKNOWN_CLIENT } from '../audit/actors.js';
import { changeEvent } from '../audit/change-event.js';
import type { Administrator } from '../context.js';

/** The administrator that ADMIN_KEY lets in. */
export const BOOTSTRAP = 'ADMIN_KEY';

/** Who else stands in the audit log as an actor; no key may be called so. */
export const RESERVED_ACTORS: readonly string[] = [
  'phone',
  SYSTEM.name,
  COMMAND_LINE.name,
  UNKNOWN_CLIENT,
  BOOTSTRAP,
];

export type KeyInput = Pick<ApiKey, 'name' | 'role' | 'tenantIds' | 'expiresAt'>;

export type CreateKeyOutcome =
  | { kind: 'created'; apiKey: ApiKey; key: string }
  /** Positions in `tenantIds` of what is no tenant. */
  | { kind: 'tenants-unknown'; positions: number[] }
  /** A key for some tenants makes none for others, or for all. */
  | { kind: 'beyond-scope' }
  | { kind: 'expired' };

/** Makes an administrator's key. The key itself is answered this once and never again. */
export async function createApiKey(
  store: Store,
  input: KeyInput,
  by: Administrator,
  now: Date,
): Promise<CreateKeyOutcome> {
  if (input.expiresAt !== null && input.expiresAt <= now) return { kind: 'expired' };
  const tenantIds = [...new Set(input.tenantIds)];
  const key = makeApiKey();
  return store.transaction(async (db) => {
    const positions = await unknownAmong(db, input.tenantIds, by.scope);
    if (positions.length > 0) return { kind: 'tenants-unknown', positions };
    const apiKey: ApiKey = {
      ...input,
      id: randomUUID(),
      tenantIds,
      keyHash: hashApiKey(key),
      lastUsedAt: null,
      createdAt: now,
    };
    if (!isAdministered(apiKey, by.scope)) return { kind: 'beyond-scope' };
    await insertApiKey(db, apiKey);
    const { role } = apiKey;
    await recordEvents(db, [changeEvent('api_key.created', subjectOf(apiKey), by, now, { role, tenantIds })]);
    return { kind: 'created', apiKey, key };
  });
}

async function unknownAmong(
  db: Queryable,
  tenantIds: readonly string[],
  scope: TenantScope,
): Promise<number[]> {
  const positions: number[] = [];
  for (const [position, id] of tenantIds.entries())
    if (!isInScope(scope, id) || (await findTenant(db, id)) === null) positions.push(position);
  return positions;
}

export type RemoveKeyOutcome =
  | { kind: 'removed' | 'not-found' }
  /** Without it the installation could not be administered. */
  | { kind: 'last' };

/**
 * Removes a key: it is invalid from now on. `mayBeLast`: there is another way in than keys that
 * open everything, such as ADMIN_KEY.
 */
export async function removeApiKey(
  store: Store,
  id: string,
  by: Administrator & { mayBeLast: boolean },
  now: Date,
): Promise<RemoveKeyOutcome> {
  return store.transaction(async (db) => {
    if (!isAdministered(await findApiKey(db, id), by.scope)) return { kind: 'not-found' };
    const ways = await administratorKeyIds(db, now, 'lock');
    if (!by.mayBeLast && ways.length === 1 && ways[0] === id) return { kind: 'last' };
    const apiKey = await deleteApiKey(db, id);
    if (apiKey === null) return { kind: 'not-found' };
    await recordEvents(db, [changeEvent('api_key.deleted', subjectOf(apiKey), by, now)]);
    return { kind: 'removed' };
  });
}

/**
 * Gives a key another secret, which is answered this once; the former one opens it for
 * `overlapSeconds` more. null when there is no such key.
 */
export async function rotateApiKey(
  store: Store,
  id: string,
  overlapSeconds: number,
  by: Administrator,
  now: Date,
): Promise<{ apiKey: ApiKey; key: string; formerUntil: Date } | null> {
  const key = makeApiKey();
  const formerUntil = addSeconds(now, overlapSeconds);
  return store.transaction(async (db) => {
    if (!isAdministered(await findApiKey(db, id), by.scope)) return null;
    const apiKey = await replaceKeySecret(db, id, hashApiKey(key), { now, formerUntil });
    if (apiKey === null) return null;
    await recordEvents(db, [changeEvent('api_key.rotated', subjectOf(apiKey), by, now, { formerUntil })]);
    return { apiKey, key, formerUntil };
  });
}

/** The keys that an administrator of these tenants may know of. */
export async function apiKeysIn(db: Queryable, scope: TenantScope): Promise<ApiKey[]> {
  return (await listApiKeys(db)).filter((key) => isAdministered(key, scope));
}

export async function findApiKeyIn(db: Queryable, id: string, scope: TenantScope): Promise<ApiKey | null> {
  const key = await findApiKey(db, id);
  return isAdministered(key, scope) ? key : null;
}

/** Whether a key opens nothing that an administrator of these tenants could not open. */
function isAdministered(key: ApiKey | null, scope: TenantScope): key is ApiKey {
  if (key === null) return false;
  const keys = scopeOf(key.tenantIds);
  return scope === 'all' || (keys !== 'all' && keys.every((tenantId) => isInScope(scope, tenantId)));
}

function subjectOf({ id, name }: ApiKey) {
  return { id, name, tenantId: null };
}

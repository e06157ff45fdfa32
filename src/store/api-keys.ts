import { sql } from 'kysely';
import type { Role } from '../domain/role.js';
import type { Queryable } from './store.js';

/** An administrator's key; only its hash is stored. */
export interface ApiKey {
  id: string;
  name: string;
  keyHash: string;
  role: Role;
  /** Whose objects it opens; none: those of all tenants. */
  tenantIds: string[];
  expiresAt: Date | null;
  /** To the minute. */
  lastUsedAt: Date | null;
  createdAt: Date;
}

/** Named one by one: a prepared statement with `*` breaks when another instance adds a column. */
const COLUMNS = [
  'id',
  'name',
  'keyHash',
  'role',
  'tenantIds',
  'expiresAt',
  'lastUsedAt',
  'createdAt',
] as const;

export async function insertApiKey(db: Queryable, { tenantIds, ...key }: ApiKey): Promise<void> {
  await db
    .insertInto('apiKeys')
    .values({ ...key, tenantIds: JSON.stringify(tenantIds) })
    .execute();
}

/** The key that has a secret, or had it and may still be opened by it; null when it has expired. */
export async function findKeyBySecret(db: Queryable, keyHash: string, now: Date): Promise<ApiKey | null> {
  const row = await db
    .selectFrom('apiKeys')
    .select(COLUMNS)
    .where(
      sql<boolean>`id in (
        select id from api_keys where key_hash = ${keyHash}
        union all
        select key_id from former_key_secrets
        where key_hash = ${keyHash} and valid_until > ${now}::timestamptz
      )`,
    )
    .where((key) => key.or([key('expiresAt', 'is', null), key('expiresAt', '>', now)]))
    .executeTakeFirst();
  return row ?? null;
}

export async function findApiKey(db: Queryable, id: string): Promise<ApiKey | null> {
  const row = await db.selectFrom('apiKeys').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row ?? null;
}

/**
 * The keys that open everything. `lock`: none of them goes before the transaction ends.
 */
export async function administratorKeyIds(
  db: Queryable,
  now: Date,
  lock: 'lock' | 'read',
): Promise<string[]> {
  const rows = await db
    .selectFrom('apiKeys')
    .select('id')
    .where('role', '=', 'admin')
    .where(sql<boolean>`tenant_ids = '[]'::jsonb`)
    .where((key) => key.or([key('expiresAt', 'is', null), key('expiresAt', '>', now)]))
    .orderBy('id')
    .$if(lock === 'lock', (query) => query.forUpdate())
    .execute();
  return rows.map(({ id }) => id);
}

/** All keys, the oldest first. There are as many as there are administrators and their programs. */
export async function listApiKeys(db: Queryable): Promise<ApiKey[]> {
  return db.selectFrom('apiKeys').select(COLUMNS).orderBy('createdAt').orderBy('id').execute();
}

/** Answers the key that was deleted; null when there is none. */
export async function deleteApiKey(db: Queryable, id: string): Promise<ApiKey | null> {
  const row = await db.deleteFrom('apiKeys').where('id', '=', id).returning(COLUMNS).executeTakeFirst();
  return row ?? null;
}

/**
 * Gives a key another secret; the one that it has opens it until `formerUntil`. Answers the key as
 * it then is; null when there is none.
 */
export async function replaceKeySecret(
  transaction: Queryable,
  id: string,
  keyHash: string,
  { now, formerUntil }: { now: Date; formerUntil: Date },
): Promise<ApiKey | null> {
  const before = await transaction
    .selectFrom('apiKeys')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (before === undefined) return null;
  await transaction.deleteFrom('formerKeySecrets').where('validUntil', '<=', now).execute();
  if (formerUntil > now)
    await transaction
      .insertInto('formerKeySecrets')
      .values({ keyHash: before.keyHash, keyId: id, validUntil: formerUntil })
      .execute();
  await transaction.updateTable('apiKeys').set({ keyHash }).where('id', '=', id).execute();
  return { ...before, keyHash };
}

/** Notes when a key was used last. */
export async function noteKeyUse(db: Queryable, id: string, now: Date): Promise<void> {
  await db.updateTable('apiKeys').set({ lastUsedAt: now }).where('id', '=', id).execute();
}

import type { Queryable } from './store.js';

/** An administrator's key; only its hash is stored. */
export interface ApiKey {
  id: string;
  name: string;
  keyHash: string;
  createdAt: Date;
}

/** Named one by one: a prepared statement with `*` breaks when another instance adds a column. */
const COLUMNS = ['id', 'name', 'keyHash', 'createdAt'] as const;

export async function insertApiKey(db: Queryable, key: ApiKey): Promise<void> {
  await db
    .insertInto('apiKeys')
    .values({ id: key.id, name: key.name, keyHash: key.keyHash, createdAt: key.createdAt })
    .execute();
}

export async function findApiKey(db: Queryable, keyHash: string): Promise<ApiKey | null> {
  const row = await db
    .selectFrom('apiKeys')
    .select(COLUMNS)
    .where('keyHash', '=', keyHash)
    .executeTakeFirst();
  return row ?? null;
}

/** Whether there is any key. */
export async function hasApiKeys(db: Queryable): Promise<boolean> {
  const row = await db.selectFrom('apiKeys').select('id').limit(1).executeTakeFirst();
  return row !== undefined;
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

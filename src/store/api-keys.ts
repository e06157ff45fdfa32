import type { Queryable } from './store.js';

/** An administrator's key; only its hash is stored. */
export interface ApiKey {
  id: string;
  name: string;
  keyHash: string;
  createdAt: Date;
}

/** Named one by one: a prepared statement with `*` breaks when another instance adds a column. */
const COLUMNS = ['id', 'name', 'key_hash', 'created_at'] as const;

export async function insertApiKey(db: Queryable, key: ApiKey): Promise<void> {
  await db
    .insertInto('api_keys')
    .values({ id: key.id, name: key.name, key_hash: key.keyHash, created_at: key.createdAt })
    .execute();
}

export async function findApiKey(db: Queryable, keyHash: string): Promise<ApiKey | null> {
  const row = await db
    .selectFrom('api_keys')
    .select(COLUMNS)
    .where('key_hash', '=', keyHash)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Whether there is any key. */
export async function hasApiKeys(db: Queryable): Promise<boolean> {
  const row = await db.selectFrom('api_keys').select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}

/** All keys, the oldest first. There are as many as there are administrators and their programs. */
export async function listApiKeys(db: Queryable): Promise<ApiKey[]> {
  const rows = await db.selectFrom('api_keys').select(COLUMNS).orderBy('created_at').orderBy('id').execute();
  return rows.map(fromRow);
}

/** Answers the key that was deleted; null when there is none. */
export async function deleteApiKey(db: Queryable, id: string): Promise<ApiKey | null> {
  const row = await db.deleteFrom('api_keys').where('id', '=', id).returning(COLUMNS).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

function fromRow(row: { id: string; name: string; key_hash: string; created_at: Date }): ApiKey {
  return { id: row.id, name: row.name, keyHash: row.key_hash, createdAt: row.created_at };
}

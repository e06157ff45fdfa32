import { sql } from 'kysely';
import type { Queryable } from './store.js';

/** A browser in which a key was signed in with; only the hash of its token is stored. */
export interface Session {
  tokenHash: string;
  /** The key that it was opened with, and which of its secrets; null: ADMIN_KEY. */
  keyId: string | null;
  keyHash: string | null;
  createdAt: Date;
  /** To the minute. */
  lastUsedAt: Date;
  expiresAt: Date;
}

const COLUMNS = ['tokenHash', 'keyId', 'keyHash', 'createdAt', 'lastUsedAt', 'expiresAt'] as const;

/** Of one key; the oldest make room. */
const MAX_SESSIONS = 100;

/** Adds a session. Those that have expired by now, and the oldest of a key with too many, go. */
export async function insertSession(transaction: Queryable, session: Session): Promise<void> {
  await transaction.insertInto('sessions').values(session).execute();
  await transaction.deleteFrom('sessions').where('expiresAt', '<=', session.createdAt).execute();
  await sql`
    delete from sessions where token_hash in (
      select token_hash from sessions where key_id is not distinct from ${session.keyId}::uuid
      order by created_at desc, token_hash offset ${MAX_SESSIONS}
    )`.execute(transaction);
}

/** The session with one of these hashes. */
export async function findSession(db: Queryable, tokenHashes: readonly string[]): Promise<Session | null> {
  const row = await db
    .selectFrom('sessions')
    .select(COLUMNS)
    .where('tokenHash', 'in', [...tokenHashes])
    .executeTakeFirst();
  return row ?? null;
}

/** Answers whether there was one. */
export async function deleteSession(db: Queryable, tokenHash: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('tokenHash', '=', tokenHash)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function noteSessionUse(db: Queryable, tokenHash: string, now: Date): Promise<void> {
  await db.updateTable('sessions').set({ lastUsedAt: now }).where('tokenHash', '=', tokenHash).execute();
}

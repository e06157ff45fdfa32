import type { Queryable } from './store.js';

const FINGERPRINT = 'master-key-fingerprint';

/** The fingerprint of the master key that this database was made with; null in a new one. */
export async function findFingerprint(db: Queryable): Promise<string | null> {
  const row = await db
    .selectFrom('installation')
    .select('value')
    .where('key', '=', FINGERPRINT)
    .executeTakeFirst();
  return row?.value ?? null;
}

/**
 * Makes a fingerprint the database's unless it has one. Answers the one it has then: of several
 * that try at once, the first.
 */
export async function adoptFingerprint(db: Queryable, fingerprint: string): Promise<string> {
  await db
    .insertInto('installation')
    .values({ key: FINGERPRINT, value: fingerprint })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  return (await findFingerprint(db)) ?? fingerprint;
}

/**
 * Writes a row that is never read. @throws when the database does not take what is written: it is
 * full, or a standby
 */
export async function tryToWrite(db: Queryable, now: Date): Promise<void> {
  const value = now.toISOString();
  await db
    .insertInto('installation')
    .values({ key: 'write-check', value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

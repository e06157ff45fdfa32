import { type EntryLock, type LaterPhoneLocks, LOCK_SCOPES, NO_LOCKS } from '../domain/later-phones.js';
import type { Queryable } from './store.js';

/** A later phone of a device: its token, and the source from which it calls. */
export interface LaterPhone {
  tokenId: string;
  source: string;
}

/** What the row of each scope is about. */
function subjectsOf({ tokenId, source }: LaterPhone) {
  return { phone: tokenId, source, all: '' } as const;
}

/** What is remembered of wrong entries at a device that count for a later phone. */
export async function findEntryLocks(
  db: Queryable,
  deviceId: string,
  laterPhone: LaterPhone,
): Promise<LaterPhoneLocks> {
  const subjects = subjectsOf(laterPhone);
  const rows = await db
    .selectFrom('entryLocks')
    .select(['scope', 'wrongInRow', 'lockouts', 'failedUntil'])
    .where('deviceId', '=', deviceId)
    .where((eb) => eb.or(LOCK_SCOPES.map((scope) => eb.and({ scope, subject: subjects[scope] }))))
    .execute();
  const locks: Record<keyof LaterPhoneLocks, EntryLock> = { ...NO_LOCKS };
  for (const { scope, wrongInRow, lockouts, failedUntil } of rows) {
    locks[scope] = { wrongInRow, lockouts, failedUntil };
  }
  return locks;
}

/** Only for a device that this transaction has locked. */
export async function saveEntryLocks(
  transaction: Queryable,
  deviceId: string,
  laterPhone: LaterPhone,
  locks: LaterPhoneLocks,
): Promise<void> {
  const subjects = subjectsOf(laterPhone);
  await transaction
    .insertInto('entryLocks')
    .values(
      LOCK_SCOPES.map((scope) => ({
        deviceId,
        scope,
        subject: subjects[scope],
        wrongInRow: locks[scope].wrongInRow,
        lockouts: locks[scope].lockouts,
        failedUntil: locks[scope].failedUntil,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['deviceId', 'scope', 'subject']).doUpdateSet((eb) => ({
        wrongInRow: eb.ref('excluded.wrongInRow'),
        lockouts: eb.ref('excluded.lockouts'),
        failedUntil: eb.ref('excluded.failedUntil'),
      })),
    )
    .execute();
}

/** The device has been proved or reset: no later phone is locked out of it any more. */
export async function deleteEntryLocks(transaction: Queryable, deviceId: string): Promise<void> {
  await transaction.deleteFrom('entryLocks').where('deviceId', '=', deviceId).execute();
}

/**
 * Forgets locks of phones and sources that are over at `now`; those of all later phones are counted
 * until the device is proved or reset. Rows that another transaction holds are left to it, or to
 * the next time.
 */
export async function deleteLapsedEntryLocks(db: Queryable, now: Date): Promise<void> {
  await db
    .deleteFrom('entryLocks')
    .where((eb) =>
      eb(
        eb.refTuple('deviceId', 'scope', 'subject'),
        'in',
        eb
          .selectFrom('entryLocks')
          .select(['deviceId', 'scope', 'subject'])
          .where('failedUntil', '<=', now)
          .where('scope', '<>', 'all')
          .forUpdate()
          .skipLocked()
          .$asTuple('deviceId', 'scope', 'subject'),
      ),
    )
    .execute();
}

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
    .selectFrom('entry_locks')
    .select(['scope', 'wrong_in_row', 'lockouts', 'failed_until'])
    .where('device_id', '=', deviceId)
    .where((eb) => eb.or(LOCK_SCOPES.map((scope) => eb.and({ scope, subject: subjects[scope] }))))
    .execute();
  const locks: Record<keyof LaterPhoneLocks, EntryLock> = { ...NO_LOCKS };
  for (const { scope, wrong_in_row, lockouts, failed_until } of rows) {
    locks[scope] = { wrongInRow: wrong_in_row, lockouts, failedUntil: failed_until };
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
    .insertInto('entry_locks')
    .values(
      LOCK_SCOPES.map((scope) => ({
        device_id: deviceId,
        scope,
        subject: subjects[scope],
        wrong_in_row: locks[scope].wrongInRow,
        lockouts: locks[scope].lockouts,
        failed_until: locks[scope].failedUntil,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['device_id', 'scope', 'subject']).doUpdateSet((eb) => ({
        wrong_in_row: eb.ref('excluded.wrong_in_row'),
        lockouts: eb.ref('excluded.lockouts'),
        failed_until: eb.ref('excluded.failed_until'),
      })),
    )
    .execute();
}

/** The device has been proved or reset: no later phone is locked out of it any more. */
export async function deleteEntryLocks(transaction: Queryable, deviceId: string): Promise<void> {
  await transaction.deleteFrom('entry_locks').where('device_id', '=', deviceId).execute();
}

/**
 * Forgets locks of phones and sources that are over at `now`; those of all later phones are counted
 * until the device is proved or reset. Rows that another transaction holds are left to it, or to
 * the next time.
 */
export async function deleteLapsedEntryLocks(db: Queryable, now: Date): Promise<void> {
  await db
    .deleteFrom('entry_locks')
    .where((eb) =>
      eb(
        eb.refTuple('device_id', 'scope', 'subject'),
        'in',
        eb
          .selectFrom('entry_locks')
          .select(['device_id', 'scope', 'subject'])
          .where('failed_until', '<=', now)
          .where('scope', '<>', 'all')
          .forUpdate()
          .skipLocked()
          .$asTuple('device_id', 'scope', 'subject'),
      ),
    )
    .execute();
}

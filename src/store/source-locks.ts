import type { SourceLock } from '../domain/source-lock.js';
import type { Queryable } from './store.js';

/** What is remembered of wrong entries at a device from a source; null: nothing. */
export async function findSourceLock(
  db: Queryable,
  deviceId: string,
  source: string,
): Promise<SourceLock | null> {
  const row = await db
    .selectFrom('source_locks')
    .select(['wrong_in_row', 'failed_until'])
    .where('device_id', '=', deviceId)
    .where('source', '=', source)
    .executeTakeFirst();
  return row === undefined ? null : { wrongInRow: row.wrong_in_row, failedUntil: row.failed_until };
}

/** Only for a device that this transaction has locked. */
export async function saveSourceLock(
  transaction: Queryable,
  deviceId: string,
  source: string,
  { wrongInRow, failedUntil }: SourceLock,
): Promise<void> {
  const state = { wrong_in_row: wrongInRow, failed_until: failedUntil };
  await transaction
    .insertInto('source_locks')
    .values({ device_id: deviceId, source, ...state })
    .onConflict((conflict) => conflict.columns(['device_id', 'source']).doUpdateSet(state))
    .execute();
}

/** The device has been proved or reset: nobody is locked out of it any more. */
export async function deleteSourceLocks(transaction: Queryable, deviceId: string): Promise<void> {
  await transaction.deleteFrom('source_locks').where('device_id', '=', deviceId).execute();
}

/** Forgets locks that are over at `now`. Those that another transaction holds are left to it, or to the next time. */
export async function deleteLapsedSourceLocks(db: Queryable, now: Date): Promise<void> {
  await db
    .deleteFrom('source_locks')
    .where((eb) =>
      eb(
        eb.refTuple('device_id', 'source'),
        'in',
        eb
          .selectFrom('source_locks')
          .select(['device_id', 'source'])
          .where('failed_until', '<=', now)
          .forUpdate()
          .skipLocked()
          .$asTuple('device_id', 'source'),
      ),
    )
    .execute();
}

import { FARTHEST_SECONDS, type ResyncReason } from '../domain/resync.js';
import { addSeconds } from '../domain/time.js';
import type { Queryable } from './store.js';

/** An open resync: a phone is to fetch and has not yet. */
export interface Resync {
  id: string;
  deviceId: string;
  /** null until it is known which of the device's phones are registered. */
  tokenId: string | null;
  /** The call whose end it waits for. */
  callId: string | null;
  reason: ResyncReason;
  dueAt: Date;
  sent: number;
  firstSentAt: Date | null;
  createdAt: Date;
}

const COLUMNS = [
  'id',
  'deviceId',
  'tokenId',
  'callId',
  'reason',
  'dueAt',
  'sent',
  'firstSentAt',
  'createdAt',
] as const;

export async function insertResyncs(db: Queryable, resyncs: readonly Resync[]): Promise<void> {
  if (resyncs.length === 0) return;
  await db
    .insertInto('resyncs')
    .values(
      resyncs.map((resync) => ({
        id: resync.id,
        deviceId: resync.deviceId,
        tokenId: resync.tokenId,
        callId: resync.callId,
        reason: resync.reason,
        dueAt: resync.dueAt,
        sent: resync.sent,
        firstSentAt: resync.firstSentAt,
        createdAt: resync.createdAt,
      })),
    )
    .execute();
}

/**
 * Takes away what a new resync covers: those of the same phone, or all of the device. Answers what
 * was taken.
 */
export async function takeCovered(
  db: Queryable,
  deviceId: string,
  tokenId: string | null,
): Promise<Resync[]> {
  return db
    .deleteFrom('resyncs')
    .where('deviceId', '=', deviceId)
    .$if(tokenId !== null, (query) => query.where('tokenId', '=', tokenId))
    .returning(COLUMNS)
    .execute();
}

/**
 * Takes up to `limit` due resyncs and keeps other instances from taking the same until the
 * transaction ends.
 */
export async function lockDueResyncs(transaction: Queryable, now: Date, limit: number): Promise<Resync[]> {
  return transaction
    .selectFrom('resyncs')
    .select(COLUMNS)
    .where((resync) =>
      resync.or([resync('dueAt', '<=', now), resync('dueAt', '>', addSeconds(now, FARTHEST_SECONDS))]),
    )
    .orderBy('dueAt')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

/** When the next resync is due; null when there is none. */
export async function nextResyncDue(db: Queryable): Promise<Date | null> {
  const row = await db.selectFrom('resyncs').select('dueAt').orderBy('dueAt').limit(1).executeTakeFirst();
  return row?.dueAt ?? null;
}

export async function findResync(db: Queryable, id: string): Promise<Resync | null> {
  const row = await db.selectFrom('resyncs').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row ?? null;
}

export async function deleteResyncs(db: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .deleteFrom('resyncs')
    .where('id', 'in', [...ids])
    .execute();
}

/**
 * Lets go what waits for a call of this device: it starts anew at `dueAt`. Answers how many there
 * were.
 */
export async function releaseHeldResyncs(
  db: Queryable,
  deviceId: string,
  callId: string,
  dueAt: Date,
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('resyncs')
    .set({ callId: null, dueAt, sent: 0, firstSentAt: null })
    .where('deviceId', '=', deviceId)
    .where('callId', '=', callId)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/**
 * Ends what a fetch at `fetchedAt` has answered, and says so: the resyncs of this phone that had
 * been sent by then.
 */
export async function deleteAnsweredResyncs(
  db: Queryable,
  deviceId: string,
  tokenId: string,
  fetchedAt: Date,
): Promise<void> {
  await db
    .with('answered', (query) =>
      query
        .deleteFrom('resyncs')
        .where('deviceId', '=', deviceId)
        .where('tokenId', '=', tokenId)
        .where((resync) =>
          resync.or([
            resync('firstSentAt', '<=', fetchedAt),
            resync('firstSentAt', '>', addSeconds(fetchedAt, FARTHEST_SECONDS)),
          ]),
        )
        .returning('deviceId'),
    )
    .updateTable('resyncResults')
    .from('answered')
    .set({ outcome: 'fetched', at: fetchedAt, failure: null })
    .whereRef('resyncResults.deviceId', '=', 'answered.deviceId')
    .execute();
}

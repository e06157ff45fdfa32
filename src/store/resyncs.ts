import type { Selectable } from 'kysely';
import { FARTHEST_SECONDS, type ResyncReason } from '../domain/resync.js';
import { addSeconds } from '../domain/time.js';
import type { Database } from './schema.js';
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
  'device_id',
  'token_id',
  'call_id',
  'reason',
  'due_at',
  'sent',
  'first_sent_at',
  'created_at',
] as const;

function resyncFromRow(row: Selectable<Database['resyncs']>): Resync {
  return {
    id: row.id,
    deviceId: row.device_id,
    tokenId: row.token_id,
    callId: row.call_id,
    reason: row.reason,
    dueAt: row.due_at,
    sent: row.sent,
    firstSentAt: row.first_sent_at,
    createdAt: row.created_at,
  };
}

export async function insertResyncs(db: Queryable, resyncs: readonly Resync[]): Promise<void> {
  if (resyncs.length === 0) return;
  await db
    .insertInto('resyncs')
    .values(
      resyncs.map((resync) => ({
        id: resync.id,
        device_id: resync.deviceId,
        token_id: resync.tokenId,
        call_id: resync.callId,
        reason: resync.reason,
        due_at: resync.dueAt,
        sent: resync.sent,
        first_sent_at: resync.firstSentAt,
        created_at: resync.createdAt,
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
  const rows = await db
    .deleteFrom('resyncs')
    .where('device_id', '=', deviceId)
    .$if(tokenId !== null, (query) => query.where('token_id', '=', tokenId))
    .returning(COLUMNS)
    .execute();
  return rows.map(resyncFromRow);
}

/**
 * Takes up to `limit` due resyncs and keeps other instances from taking the same until the
 * transaction ends.
 */
export async function lockDueResyncs(transaction: Queryable, now: Date, limit: number): Promise<Resync[]> {
  const rows = await transaction
    .selectFrom('resyncs')
    .select(COLUMNS)
    .where((resync) =>
      resync.or([resync('due_at', '<=', now), resync('due_at', '>', addSeconds(now, FARTHEST_SECONDS))]),
    )
    .orderBy('due_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows.map(resyncFromRow);
}

/** When the next resync is due; null when there is none. */
export async function nextResyncDue(db: Queryable): Promise<Date | null> {
  const row = await db.selectFrom('resyncs').select('due_at').orderBy('due_at').limit(1).executeTakeFirst();
  return row?.due_at ?? null;
}

export async function findResync(db: Queryable, id: string): Promise<Resync | null> {
  const row = await db.selectFrom('resyncs').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : resyncFromRow(row);
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
    .set({ call_id: null, due_at: dueAt, sent: 0, first_sent_at: null })
    .where('device_id', '=', deviceId)
    .where('call_id', '=', callId)
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
        .where('device_id', '=', deviceId)
        .where('token_id', '=', tokenId)
        .where((resync) =>
          resync.or([
            resync('first_sent_at', '<=', fetchedAt),
            resync('first_sent_at', '>', addSeconds(fetchedAt, FARTHEST_SECONDS)),
          ]),
        )
        .returning('device_id'),
    )
    .updateTable('resync_results')
    .from('answered')
    .set({ outcome: 'fetched', at: fetchedAt, failure: null })
    .whereRef('resync_results.device_id', '=', 'answered.device_id')
    .execute();
}

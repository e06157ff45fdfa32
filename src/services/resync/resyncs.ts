import { randomUUID } from 'node:crypto';
import { CALL_LIMIT_SECONDS, type ResyncReason } from '../../domain/resync.js';
import { addSeconds } from '../../domain/time.js';
import { RESYNCS_CHANNEL, notify } from '../../store/notify.js';
import { saveResyncResults } from '../../store/resync-results.js';
import { deleteAnsweredResyncs, insertResyncs, takeCovered } from '../../store/resyncs.js';
import { type WaitingPhones, replaceResyncsOfWaiting } from '../../store/waiting-phones.js';
import type { Queryable } from '../../store/store.js';
import { devicesServedFull } from '../../store/tokens.js';

export interface ResyncWish {
  deviceId: string;
  /** The phone to tell; null tells every phone of the device that is registered. */
  tokenId: string | null;
  /** The call under way, after whose end the phone is told; null tells it at once. */
  callId: string | null;
  reason: ResyncReason;
}

/**
 * Has a phone asked to fetch its configuration again; in the transaction that changed what the
 * phone should show or hold. A phone has one open resync: the new one takes the place of those that
 * it covers, and waits for the call that they waited for.
 */
export async function requestResync(db: Queryable, wish: ResyncWish, now: Date): Promise<void> {
  const covered = await takeCovered(db, wish.deviceId, wish.tokenId);
  const callId = wish.callId ?? covered.find((resync) => resync.callId !== null)?.callId ?? null;
  await insertResyncs(db, [
    {
      id: randomUUID(),
      ...wish,
      callId,
      dueAt: callId === null ? now : addSeconds(now, CALL_LIMIT_SECONDS),
      sent: 0,
      firstSentAt: null,
      createdAt: now,
    },
  ]);
  // Somebody has asked for this one, and looks what becomes of it.
  if (wish.reason === 'requested') {
    const nothing = { way: null, target: null, status: null, failure: null };
    const { deviceId, reason } = wish;
    await saveResyncResults(db, [{ deviceId, reason, at: now, outcome: 'due', ...nothing }]);
  }
  await notify(db, RESYNCS_CHANNEL);
}

/** Has all phones of a device that are registered fetch, at once. */
export async function resyncAllPhones(
  db: Queryable,
  deviceId: string,
  reason: ResyncReason,
  now: Date,
): Promise<void> {
  await requestResync(db, { deviceId, tokenId: null, callId: null, reason }, now);
}

/**
 * Has all phones of a tenant fetch that wait at an address which is trusted from now on, be their
 * devices needed, failed or blocked: leaflet, "Restarting devices that have not yet completed
 * authentication … will allow the full provisioning", without the restarting.
 */
export async function resyncWaitingPhones(db: Queryable, phones: WaitingPhones, now: Date): Promise<void> {
  const atLatest = addSeconds(now, CALL_LIMIT_SECONDS);
  if ((await replaceResyncsOfWaiting(db, phones, now, atLatest)) > 0) await notify(db, RESYNCS_CHANNEL);
}

/**
 * A phone has fetched its configuration (200 or 304) with its token, be it revoked since: what it
 * had been asked by `fetchedAt`, it has done. What has not been sent yet stays open, for the fetch
 * may have been decided before the change that the resync tells of.
 */
export async function closeResyncs(
  db: Queryable,
  deviceId: string,
  tokenId: string,
  fetchedAt: Date,
): Promise<void> {
  await deleteAnsweredResyncs(db, deviceId, tokenId, fetchedAt);
}

/**
 * Has the phones of devices fetch whose lines have changed; those that still wait get none of them,
 * and need not.
 */
export async function resyncForLines(
  transaction: Queryable,
  deviceIds: readonly string[],
  now: Date,
): Promise<void> {
  const served = await devicesServedFull(transaction, deviceIds);
  for (const id of deviceIds) if (served.has(id)) await resyncAllPhones(transaction, id, 'lines', now);
}

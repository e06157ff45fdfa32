import type { Queryable } from './store.js';

export interface CallKey {
  /** The Call-ID: chosen by the caller, so it is unique only together with the token. */
  callId: string;
  tokenId: string;
  deviceId: string;
}

/** Calls are remembered for a day: long enough to know a repeated report of their end. */
const REMEMBERED_MS = 86_400_000;

/**
 * Remembers a call that begins; asking twice changes nothing. Calls of the device from long ago are
 * forgotten with it.
 */
export async function insertCall(db: Queryable, call: CallKey, now: Date): Promise<void> {
  await db
    .deleteFrom('calls')
    .where('deviceId', '=', call.deviceId)
    .where('openedAt', '<', new Date(now.getTime() - REMEMBERED_MS))
    .execute();
  await db
    .insertInto('calls')
    .values({
      id: call.callId,
      tokenId: call.tokenId,
      deviceId: call.deviceId,
      openedAt: now,
      endedAt: null,
    })
    .onConflict((conflict) => conflict.columns(['tokenId', 'id']).doNothing())
    .execute();
}

/** Answers whether the call had not been ended before. */
export async function endCall(db: Queryable, call: CallKey, now: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('calls')
    .values({
      id: call.callId,
      tokenId: call.tokenId,
      deviceId: call.deviceId,
      openedAt: now,
      endedAt: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['tokenId', 'id']).doUpdateSet({ endedAt: now }).where('calls.endedAt', 'is', null),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

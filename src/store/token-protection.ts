import { addSeconds } from '../domain/time.js';
import { CALL_PROTECTION_SECONDS, REGISTRATION_GRACE_SECONDS } from '../domain/token-places.js';
import type { Queryable } from './store.js';

/**
 * The tokens of a device whose phones are in a call at `now`, or registered, or were until a moment
 * ago.
 */
export async function protectedTokens(db: Queryable, deviceId: string, now: Date): Promise<Set<string>> {
  const registered = await db
    .selectFrom('registrations')
    .select('tokenId')
    .where('deviceId', '=', deviceId)
    .where('expiresAt', '>', addSeconds(now, -REGISTRATION_GRACE_SECONDS))
    .execute();
  const calling = await db
    .selectFrom('calls')
    .select('tokenId')
    .where('deviceId', '=', deviceId)
    .where('endedAt', 'is', null)
    .where('openedAt', '>', addSeconds(now, -CALL_PROTECTION_SECONDS))
    .execute();
  return new Set([...registered, ...calling].map(({ tokenId }) => tokenId));
}

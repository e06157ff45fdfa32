import type { Device } from '../../domain/device.js';
import { type MasterKey, makeTokenId } from '../../domain/secrets.js';
import { type Token, hasLapsed, isLive, newToken } from '../../domain/token.js';
import { MAX_UNPROVEN_PER_SOURCE, tokensToDrop, tokensToForget } from '../../domain/token-places.js';
import type { Queryable } from '../../store/store.js';
import { protectedTokens } from '../../store/token-protection.js';
import { deleteTokens, insertToken, revokeTokens, tokensOfDevice } from '../../store/tokens.js';

/**
 * Issues a bootstrap token with a configuration that was fetched without one. Unproven tokens are
 * bounded: lapsed ones are ended, then those that `tokensToDrop` names. An ended token is revoked
 * rather than deleted, because an emergency call may still be routed by it; the number of these is
 * bounded too. The token itself is derived (`deriveToken`) from the row that is answered.
 */
export async function issueToken(
  transaction: Queryable,
  device: Pick<Device, 'id'>,
  issue: { address: string | null; masterKey: MasterKey; now: Date },
): Promise<Token> {
  const { address, masterKey, now } = issue;
  await makeRoom(transaction, device.id, address, now);
  const token = newToken(
    { id: makeTokenId(masterKey), deviceId: device.id, keyVersion: masterKey.version },
    address,
    now,
  );
  await insertToken(transaction, token);
  return token;
}

async function makeRoom(
  transaction: Queryable,
  deviceId: string,
  address: string | null,
  now: Date,
): Promise<void> {
  const tokens = await tokensOfDevice(transaction, deviceId);
  const unproven = tokens.filter((token) => token.state !== 'proven' && isLive(token, now));
  const lapsed = tokens.filter(
    (token) => token.state !== 'revoked' && hasLapsed(token.state, token.lastUsedAt, now),
  );
  const dropped = await crowdedOut(transaction, deviceId, unproven, address, now);
  const ending = new Set([...lapsed.map((token) => token.id), ...dropped]);
  const ended = tokens.filter((token) => token.state === 'revoked' || ending.has(token.id));
  const forgotten = tokensToForget(ended);
  if (ending.size > 0) await revokeTokens(transaction, deviceId, [...ending]);
  if (forgotten.length > 0) await deleteTokens(transaction, forgotten);
}

async function crowdedOut(
  transaction: Queryable,
  deviceId: string,
  unproven: readonly Token[],
  address: string | null,
  now: Date,
): Promise<string[]> {
  // With fewer no bound is reached, so that most fetches do not need the statement.
  if (unproven.length < MAX_UNPROVEN_PER_SOURCE) return [];
  const kept = await protectedTokens(transaction, deviceId, now);
  const placed = unproven.map((token) => ({ ...token, isProtected: kept.has(token.id) }));
  return tokensToDrop(placed, address);
}

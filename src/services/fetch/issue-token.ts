import type { Device } from '../../domain/device.js';
import { type MasterKey, makeTokenId } from '../../domain/secrets.js';
import {
  MAX_ENDED_TOKENS,
  type Token,
  hasLapsed,
  isLive,
  newToken,
  tokensToDrop,
} from '../../domain/token.js';
import { deleteTokens, insertToken, revokeTokens, tokensOfDevice } from '../../store/tokens.js';
import type { Queryable } from '../../store/store.js';

/**
 * Issues a bootstrap token with a configuration that was fetched without one. Unproven tokens are bounded: lapsed ones end, then those
 * that `tokensToDrop` names. What has ended is revoked rather than deleted, for an emergency call may still be routed by it; of those,
 * too, only so many are kept. The token itself is derived (`deriveToken`) from what is answered.
 */
export async function issueToken(
  transaction: Queryable,
  device: Pick<Device, 'id'>,
  issue: { address: string | null; masterKey: MasterKey; now: Date },
): Promise<Token> {
  const { address, masterKey, now } = issue;
  await makeRoom(transaction, device.id, now);
  const token = newToken(
    { id: makeTokenId(masterKey), deviceId: device.id, keyVersion: masterKey.version },
    address,
    now,
  );
  await insertToken(transaction, token);
  return token;
}

async function makeRoom(transaction: Queryable, deviceId: string, now: Date): Promise<void> {
  const tokens = await tokensOfDevice(transaction, deviceId);
  const unproven = tokens.filter((token) => token.state !== 'proven' && isLive(token, now));
  const lapsed = tokens.filter(
    (token) => token.state !== 'revoked' && hasLapsed(token.state, token.lastUsedAt, now),
  );
  const ending = new Set([...lapsed.map((token) => token.id), ...tokensToDrop(unproven)]);
  const ended = tokens.filter((token) => token.state === 'revoked' || ending.has(token.id));
  const forgotten = ended
    .toSorted((a, b) => Number(b.used) - Number(a.used) || b.lastUsedAt.getTime() - a.lastUsedAt.getTime())
    .slice(MAX_ENDED_TOKENS)
    .map((token) => token.id);
  if (ending.size > 0) await revokeTokens(transaction, deviceId, [...ending]);
  if (forgotten.length > 0) await deleteTokens(transaction, forgotten);
}

import { type MasterKey, isToken, tokenIdOf } from '../../domain/secrets.js';
import { isLive } from '../../domain/token.js';
import type { FetchFacts, FetchToken } from '../../store/fetch-lookup.js';

/** Why what a request brought counts as no token. */
export type NoToken = 'missing' | 'malformed' | 'unknown' | 'other-device' | 'revoked' | 'lapsed';

export type TokenFinding =
  | { kind: 'held'; token: FetchToken }
  /** `endedId`: the token was once valid for this device. */
  | { kind: 'none'; because: NoToken; endedId: string | null };

/**
 * Checks what was presented at the place of the token. The row with its id counts only after the
 * secret part was compared.
 */
export function findHeldToken(
  masterKey: MasterKey,
  facts: FetchFacts,
  presented: string | null,
  now: Date,
): TokenFinding {
  if (presented === null) return none('missing');
  if (tokenIdOf(presented) === null) return none('malformed');
  const { token } = facts;
  if (token === null || !isToken(masterKey, presented, token.id, token.deviceId)) return none('unknown');
  if (token.deviceId !== facts.deviceId) return none('other-device');
  if (isLive(token, now)) return { kind: 'held', token };
  return none(token.state === 'revoked' ? 'revoked' : 'lapsed', token.id);
}

function none(because: NoToken, endedId: string | null = null): TokenFinding {
  return { kind: 'none', because, endedId };
}

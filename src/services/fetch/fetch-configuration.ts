import type { AccessDecision } from '../../domain/access.js';
import { completePolicy } from '../../domain/policy.js';
import { makeTokenId } from '../../domain/secrets.js';
import { contestsTrustedClaim, isLeftByTrust, isTrustedReturn, provingTrust } from '../../domain/trust.js';
import type { FetchFacts, FetchToken } from '../../store/fetch-lookup.js';
import type { ServiceContext } from '../context.js';
import { serveUnderLock } from './apply.js';
import {
  type ConfigurationFetch,
  type ServedConfiguration,
  decideFetch,
  isFallenSilent,
} from './fetch-decision.js';

/**
 * Decides what a phone is served. What later decisions depend on is written before the answer: a
 * new token, one that is proven by its return, a full configuration served under trust, a missing
 * token. A phone that fetches with a proven token, or waits with a bootstrap token, costs no write.
 * Answers null when the device has been deleted meanwhile.
 */
export async function fetchConfiguration(
  context: ServiceContext,
  fetch: ConfigurationFetch,
): Promise<ServedConfiguration | null> {
  const { facts, finding } = fetch;
  if (finding.kind === 'none') return serveUnderLock(context, fetch);
  const { token } = finding;
  const now = context.clock.now();
  const decision = decideLookedUp(fetch, token, now);
  // A request that names another MAC proves nothing for the phone that the token was issued to.
  const isOther = decision.kind === 'minimal' && decision.reason === 'mismatch';
  if (!isOther && mustBeWritten(facts, token, decision, now)) return serveUnderLock(context, fetch);
  return { ...decision, tokenId: token.id, isNewToken: false };
}

/**
 * What `fetchConfiguration` would answer, for a request that must change nothing (HEAD); a new
 * token is made up, of the same length.
 */
export function previewConfiguration(
  context: ServiceContext,
  fetch: ConfigurationFetch,
): ServedConfiguration {
  const { facts, finding } = fetch;
  const held = finding.kind === 'held' ? finding.token : null;
  const token =
    held !== null && isTrustedReturn(held, facts.authentication)
      ? { ...held, state: 'proven' as const }
      : held;
  const decision = decideLookedUp(fetch, token, context.clock.now());
  return { ...decision, tokenId: token?.id ?? makeTokenId(context.masterKey), isNewToken: token === null };
}

/** The decision from what the look-up found, without the lock. */
function decideLookedUp(
  { facts, address, isContradictory = false }: ConfigurationFetch,
  token: FetchToken | null,
  now: Date,
): AccessDecision {
  const { network } = facts;
  const request = { policy: completePolicy(facts.policy), network, address, isContradictory };
  return decideFetch(facts, request, token, now);
}

/** Whether a fetch with a token changes anything that must be written before the answer. */
function mustBeWritten(facts: FetchFacts, token: FetchToken, decision: AccessDecision, now: Date): boolean {
  if (isTrustedReturn(token, facts.authentication)) return true;
  // It is proven by this fetch, or its release has lapsed.
  if (token.state === 'released') return true;
  const { window } = facts;
  if (decision.kind === 'minimal')
    return isFallenSilent(decision, window, token, now) || isLeftByTrust(decision, token);
  if (provingTrust(decision, facts.authentication) !== null) return true;
  if (contestsTrustedClaim(facts.authentication, token, decision)) return true;
  return token.state === 'proven' && window.firstSyncedAt === null;
}

import type { AccessDecision } from '../../domain/access.js';
import { makeTokenId } from '../../domain/secrets.js';
import { contestsTrustedClaim, isLeftByTrust, isTrustedReturn, provingTrust } from '../../domain/trust.js';
import type { FetchFacts, FetchToken } from '../../store/fetch-lookup.js';
import type { ServiceContext } from '../context.js';
import {
  type ConfigurationFetch,
  type ServedConfiguration,
  decideFetch,
  isFallenSilent,
} from './fetch-decision.js';
import { serveUnderLock } from './serve-under-lock.js';

/**
 * Decides what a phone gets. What decides anything is written before it is answered: a new token,
 * one that is proven by its return, a full configuration served under trust, a token missing. A
 * phone that fetches with a proven token, or waits with one of its own, costs no write. Answers
 * null when the device has gone meanwhile.
 */
export async function fetchConfiguration(
  context: ServiceContext,
  fetch: ConfigurationFetch,
): Promise<ServedConfiguration | null> {
  const { facts, finding } = fetch;
  if (finding.kind === 'none') return serveUnderLock(context, fetch);
  const { token } = finding;
  const now = context.clock.now();
  const decision = decideFetch(facts, fetch, token, now);
  // Whoever he is, he proves nothing for the phone that the token is of.
  const isOther = decision.kind === 'minimal' && decision.reason === 'mismatch';
  if (!isOther && mustBeWritten(facts, token, decision, now)) return serveUnderLock(context, fetch);
  return { ...decision, tokenId: token.id, isNewToken: false };
}

/**
 * What `fetchConfiguration` would answer, for a request that must change nothing (HEAD); a new
 * token is a sham of the same length.
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
  const decision = decideFetch(facts, fetch, token, context.clock.now());
  return { ...decision, tokenId: token?.id ?? makeTokenId(context.masterKey), isNewToken: token === null };
}

/** Whether a fetch with a token changes anything that must stand before it is answered. */
function mustBeWritten(facts: FetchFacts, token: FetchToken, decision: AccessDecision, now: Date): boolean {
  if (isTrustedReturn(token, facts.authentication)) return true;
  // It is proven by its return, or came too late.
  if (token.state === 'released') return true;
  const { window } = facts;
  if (decision.kind === 'minimal')
    return isFallenSilent(decision, window, token, now) || isLeftByTrust(decision, token);
  if (provingTrust(decision, facts.authentication) !== null) return true;
  if (contestsTrustedClaim(facts.authentication, token, decision)) return true;
  return token.state === 'proven' && window.firstSyncedAt === null;
}

import type { AccessDecision } from '../../domain/access.js';
import { succeed } from '../../domain/authentication.js';
import { sourceText } from '../../domain/prefix.js';
import { type Token, isLive, isReleaseLapsed } from '../../domain/token.js';
import {
  contestOfReturn,
  contestsTrustedClaim,
  isLeftByTrust,
  isTrustedReturn,
  provingTrust,
} from '../../domain/trust.js';
import { isSilent, isWindowFor, shutWindow } from '../../domain/window.js';
import { phoneAt } from '../audit/actors.js';
import { deviceEvent } from '../audit/device-event.js';
import { type Draft, type FetchCase, type FetchPlan, extend, flag, reportContest } from './draft.js';
import { decideFetch, isFallenSilent } from './fetch-decision.js';
import { endTrustedClaim, reportClaim, reportLeftByTrust } from './plan-claims.js';

/**
 * Plans a fetch of a configuration: what is served, what is written before the answer, and what the
 * audit log says. The steps stand in their order; each sees the device and the token as the steps
 * before it left them. Lapsed releases of the device have been ended before, if the presented token
 * is one (`endLapsedReleases`).
 */
export function planFetch(fetch: FetchCase): FetchPlan {
  const returned = comeBack(fetch);
  const decision = decideCase(fetch, returned);
  const synced = keepSynced(fetch, returned, decision);
  const claimed = claimWindow(fetch, synced, decision);
  const contested = contestsTrustedClaim(claimed.device.authentication, claimed.token, decision)
    ? endTrustedClaim(fetch, claimed, decision)
    : claimed;
  const { token } = contested;
  const left =
    token !== null && isLeftByTrust(decision, token) ? reportLeftByTrust(fetch, contested, token) : contested;
  const { device, changes, events } = token === null ? reportClaim(fetch, left, decision) : left;
  return {
    decision,
    token,
    replacedTokenId: fetch.finding.kind === 'none' ? fetch.finding.endedId : null,
    servedFull: servedFull(token, decision, device),
    changes,
    events,
  };
}

function decideCase(fetch: FetchCase, { device, token }: Draft): AccessDecision {
  return decideFetch({ ...device, window: device }, fetch, token, fetch.now);
}

/** The presented token, if it is still valid. */
export function presentedToken({ finding, tokens, now }: FetchCase): Token | null {
  if (finding.kind === 'none') return null;
  const token = tokens.find(({ id }) => id === finding.token.id) ?? null;
  return token !== null && isLive(token, now) ? token : null;
}

/**
 * A full configuration that went out under trust has arrived. That proves the phone if it is the
 * only one that claims the device. Otherwise nothing is proven, the phone is served for as long as
 * the trust lasts, and an administrator is told. A token whose release has lapsed is a bootstrap
 * token again.
 */
function comeBack(fetch: FetchCase): Draft {
  const { device, tokens, address, now } = fetch;
  const token = presentedToken(fetch);
  const start: Draft = { device, token, changes: [], events: [] };
  if (token === null) return start;
  if (isReleaseLapsed(token, now)) return { ...start, token: withoutRelease(token) };
  if (!isTrustedReturn(token, device.authentication)) return start;
  const contest = contestOfReturn(token, device, tokens, now);
  if (contest === null) return proveToken(start, token, address, now);
  return reportContest(start, { ...contest, trust: token.fullServedUnder }, address, now);
}

function withoutRelease(token: Token): Token {
  return { ...token, state: 'bootstrap', releasedAt: null };
}

/**
 * The phone holds what went out with its token: the token is proven, the device has synchronised
 * within its window, and where the full configuration had gone out under trust, the device is
 * successful.
 */
function proveToken(draft: Draft, token: Token, address: string | null, now: Date): Draft {
  const proven = extend(draft, {
    token: { ...token, state: 'proven', used: true, lastUsedAt: now },
    changes: [{ kind: 'token-proven', tokenId: token.id, from: token.state }],
  });
  const synced = proven.device.firstSyncedAt === null ? setWindow(proven, { firstSyncedAt: now }) : proven;
  return token.state === 'bootstrap' ? succeedByTrust(synced, token, address, now) : synced;
}

function succeedByTrust(draft: Draft, { fullServedUnder }: Token, address: string | null, now: Date): Draft {
  const { device } = draft;
  if (fullServedUnder === null || device.authentication.state === 'successful') return draft;
  const authentication = succeed(device.authentication, fullServedUnder);
  const event = deviceEvent(device, 'device.authenticated', phoneAt(address), now, { by: fullServedUnder });
  return extend(draft, {
    device: { ...device, authentication },
    changes: [{ kind: 'authentication', authentication }, { kind: 'entry-locks-deleted' }],
    events: [{ kind: 'once', event }],
  });
}

function setWindow(draft: Draft, window: Partial<Draft['device']>): Draft {
  const device = { ...draft.device, ...window };
  const { firstSyncUntil, firstSyncedAt, windowClaimedBy } = device;
  return extend(draft, {
    device,
    changes: [{ kind: 'window', window: { firstSyncUntil, firstSyncedAt, windowClaimedBy } }],
  });
}

/**
 * A released token is proven by its use, and the first use of a token after an approval is the
 * device's first sync. After too long a silence neither counts.
 */
function keepSynced(fetch: FetchCase, draft: Draft, decision: AccessDecision): Draft {
  const { device, token } = draft;
  const { address, now } = fetch;
  if (token === null) return draft;
  if (isFallenSilent(decision, device, token, now)) return endSilence(fetch, draft, token);
  if (decision.kind === 'minimal' || decision.reason !== 'token') return draft;
  if (token.state === 'proven' && device.firstSyncedAt !== null) return draft;
  return proveToken(draft, token, address, now);
}

/**
 * A phone comes back after too long a silence. From now on it waits, however often it asks, until
 * an administrator approves. Where another proven token of the device was seen since, that is the
 * device's phone: the silent token is revoked, and the window stays as it is.
 */
function endSilence({ tokens, policy, now }: FetchCase, draft: Draft, token: Token): Draft {
  if (tokens.some((other) => other.state === 'proven' && !isSilent(other, policy, now)))
    return extend(draft, { token: null, changes: [{ kind: 'token-revoked', tokenId: token.id }] });
  const shut = setWindow(draft, shutWindow(draft.device, now));
  return draft.device.attention === null ? flag(shut, 'inactive') : shut;
}

/**
 * Under the policy `window`, the first address that is served in full while the window is open
 * claims it, whatever else the decision rests on. Phones that wait at other addresses with a token
 * are refused from now on without a further event, so one of them is reported here.
 */
function claimWindow(fetch: FetchCase, draft: Draft, decision: AccessDecision): Draft {
  const { policy, address, now } = fetch;
  const source = sourceText(address);
  const { device, token } = draft;
  if (decision.kind === 'minimal' || policy.secondFactor !== 'window') return draft;
  if (device.windowClaimedBy !== null || !isWindowFor(device, source, now)) return draft;
  const claimed = setWindow(draft, { windowClaimedBy: source });
  const rival = token === null ? null : rivalClaimant(fetch, token, source);
  return rival === null ? claimed : reportContest(claimed, { first: source }, rival.issuedTo, now);
}

/** A token that waits at another address than the one that has claimed the window. */
function rivalClaimant(fetch: FetchCase, claimant: Token, source: string | null): Token | null {
  const { now } = fetch;
  const held = presentedToken(fetch);
  const areReleasesEnded = held !== null && isReleaseLapsed(held, now);
  const tokens = fetch.tokens.map((token) =>
    areReleasesEnded && isReleaseLapsed(token, now) ? withoutRelease(token) : token,
  );
  const rival = tokens.find(
    (token) =>
      token.id !== claimant.id &&
      token.state === 'bootstrap' &&
      isLive(token, now) &&
      sourceText(token.issuedTo) !== source,
  );
  return rival ?? null;
}

/**
 * Trust counts for a token that has proved nothing. And a phone is registered elsewhere from its
 * first full configuration on.
 */
function servedFull(
  token: Token | null,
  decision: AccessDecision,
  { authentication }: Draft['device'],
): FetchPlan['servedFull'] {
  const under = provingTrust(decision, authentication);
  if (under !== null && (token === null || token.state === 'bootstrap')) return { under };
  const isFirst = decision.kind === 'full' && (token === null || token.fullServedAt === null);
  return isFirst ? { under: null } : null;
}

/**
 * The steps of a fetch plan for a phone that claims a device without a proof: it brings no token,
 * or one that was served in full under trust alone.
 */
import type { AccessDecision, FullDecision } from '../../domain/access.js';
import { lookAt, rearm } from '../../domain/authentication.js';
import type { Policy } from '../../domain/policy.js';
import { sourceText } from '../../domain/prefix.js';
import { type Token, isLive } from '../../domain/token.js';
import { isProvenByLastingTrust } from '../../domain/trust.js';
import { isWindowOpen } from '../../domain/window.js';
import { SYSTEM } from '../audit/actors.js';
import { deviceEvent } from '../audit/device-event.js';
import { type Draft, type FetchCase, extend, flag, reportContest, tokenMissing } from './draft.js';

/**
 * A second phone claims a device that is successful by trust alone. What the first one proved by
 * the trust that lasts ends. Both are served in full for as long as the trust lasts, and then the
 * one whose user keys in the fresh PAP.
 */
export function endTrustedClaim(fetch: FetchCase, draft: Draft, decision: FullDecision): Draft {
  const { tokens, network, policy, address, now } = fetch;
  const { device } = draft;
  const proven = tokens.filter((token) =>
    isProvenByLastingTrust(token, decision, device.authentication, network),
  );
  if (proven.length === 0) return draft;
  const authentication = rearm(device.authentication, policy, now);
  const ended = extend(draft, {
    device: { ...device, authentication },
    changes: [
      { kind: 'proofs-taken-back', tokenIds: proven.map(({ id }) => id) },
      { kind: 'authentication', authentication },
    ],
  });
  const about = { first: proven[0]?.lastFetchAddress ?? null, trust: device.authentication.authenticatedBy };
  const event = deviceEvent(device, 'device.needed', SYSTEM, now, { because: 'contested' });
  return extend(reportContest(ended, about, address, now), { events: [{ kind: 'once', event }] });
}

/**
 * A phone lost its token, was served in full under trust beside the one that had proved itself, and
 * that trust is over: a loss like any other, reported once.
 */
export function reportLeftByTrust({ address, now }: FetchCase, draft: Draft, token: Token): Draft {
  const repeatable = tokenMissing(draft.device, 'trust-ended', address, now);
  const reported = extend(draft, {
    changes: [{ kind: 'served-full-forgotten', tokenId: token.id }],
    events: [{ kind: 'repeatable', repeatable }],
  });
  return flag(reported, 'token_missing');
}

/**
 * A request without a valid token asks for a device's configuration. The flag on the device stays
 * until an administrator takes it away. Only a loss, which needs the administrator's action,
 * replaces another flag. A loss under the policy `rearm` makes a fresh PAP: one, for afterwards the
 * device is not successful any more. Of a decoy nothing is reported.
 */
export function reportClaim(fetch: FetchCase, draft: Draft, decision: AccessDecision): Draft {
  const { finding, policy, address, now } = fetch;
  const { device } = draft;
  if (device.kind === 'decoy') return draft;
  const because = finding.kind === 'none' ? finding.because : 'revoked';
  const isLoss = isTokenLost(draft, decision, now);
  // An administrator took the flag away, or a PAP was keyed in for which this loss makes another.
  const isNews = isLoss && (device.attention !== 'token_missing' || makesFreshPap(policy));
  const repeatable = { ...tokenMissing(device, because, address, now), isNews };
  const told =
    isLoss || because === 'other-device'
      ? extend(draft, { events: [{ kind: 'repeatable', repeatable }] })
      : draft;
  const flagged = isLoss ? flag(told, 'token_missing') : told;
  const first = earlierClaimant(fetch, draft, decision);
  const contested = first === null ? flagged : reportContest(flagged, { first }, address, now);
  if (!isLoss || !makesFreshPap(policy)) return contested;
  const authentication = rearm(device.authentication, policy, now);
  return extend(contested, {
    device: { ...contested.device, authentication },
    changes: [{ kind: 'authentication', authentication }],
  });
}

/**
 * A device that proved itself holds a token. A request without one comes from its phone after a
 * factory reset, or from another client. Under trust it is no loss.
 */
function isTokenLost({ device }: Draft, decision: AccessDecision, now: Date): boolean {
  const isKeptBack = decision.kind === 'minimal' || decision.would !== null;
  return isKeptBack && lookAt(device.authentication, now).state === 'successful';
}

function makesFreshPap({ onLostConfiguration, enforce }: Policy): boolean {
  return onLostConfiguration === 'rearm' && enforce;
}

/**
 * The address of the phone elsewhere that waits with a bootstrap token, or that has claimed the
 * open window; null when there is none. An address that has such a token itself is known already
 * and not reported again.
 */
function earlierClaimant(
  { tokens, address, now }: FetchCase,
  { device }: Draft,
  decision: AccessDecision,
): string | null {
  const source = sourceText(address);
  const waiting = tokens.filter((token) => token.state === 'bootstrap' && isLive(token, now));
  if (waiting.some((token) => sourceText(token.issuedTo) === source)) return null;
  const { windowClaimedBy } = device;
  const isShutOut =
    decision.kind === 'minimal' && decision.reason === 'unauthorized' && isWindowOpen(device, now);
  if (isShutOut && windowClaimedBy !== null && windowClaimedBy !== source) return windowClaimedBy;
  return waiting[0]?.issuedTo ?? null;
}

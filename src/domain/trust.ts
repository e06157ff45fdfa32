/**
 * What trust without a proof is worth. A suspension, a trusted network, an open window and a policy
 * that only observes let a device be served in full for a while. They make the device successful,
 * and its phone's token lasting, only where one phone alone claims the device: what is behind one
 * address, or asks during a suspension, need not be the owner's phone.
 */
import type { AccessDecision, FullDecision, FullReason } from './access.js';
import type { Authentication, ProvingTrust } from './authentication.js';
import type { Device } from './device.js';
import type { RequestNetwork } from './network.js';
import { sourceText } from './prefix.js';
import { type Token, isLive } from './token.js';

const PROVING_TRUSTS: Record<FullReason, ProvingTrust | null> = {
  token: null,
  suspension: 'suspension',
  network: 'network',
  'temporary-network': 'network',
  window: 'window',
  open: null,
  'not-enforced': 'observation',
};

/**
 * The trust under which a configuration goes out, if its phone's coming back is to prove it. A
 * device that is successful proves no further phone by trust: its phone has proved itself already,
 * and a client beside it is another phone, or the same without its token. Except by a window: that
 * an administrator has opened for this one device, knowing what it is.
 */
export function provingTrust(
  decision: AccessDecision,
  { state }: Pick<Authentication, 'state'>,
): ProvingTrust | null {
  const trust = decision.kind === 'minimal' ? null : PROVING_TRUSTS[decision.reason];
  return trust === null || provesFor(trust, state) ? trust : null;
}

/**
 * Whether a full configuration went out with this bootstrap token under trust, so that its coming
 * back proves the phone if nothing speaks against it.
 */
export function isTrustedReturn(
  { state, fullServedUnder }: Pick<Token, 'state' | 'fullServedUnder'>,
  authentication: Pick<Authentication, 'state'>,
): boolean {
  return (
    state === 'bootstrap' && fullServedUnder !== null && provesFor(fullServedUnder, authentication.state)
  );
}

function provesFor(trust: ProvingTrust, state: Authentication['state']): boolean {
  return trust === 'window' || state !== 'successful';
}

type ClaimingToken = Pick<Token, 'id' | 'state' | 'used' | 'createdAt' | 'lastUsedAt' | 'issuedTo'>;

/**
 * The token of another phone that claims the device at the same time as the one that holds `own`:
 * it was used after `own` had been issued. A phone that was reset to factory defaults does not use
 * its earlier tokens any more, so it is no rival of its own; neither is a token that no phone came
 * back with. null: no other phone does.
 */
export function rivalOf<T extends ClaimingToken>(
  own: ClaimingToken,
  tokens: readonly T[],
  now: Date,
): T | null {
  const rivals = tokens.filter(
    (other) => other.id !== own.id && other.used && isLive(other, now) && other.lastUsedAt > own.createdAt,
  );
  return rivals[0] ?? null;
}

/**
 * The rival claim against a phone that comes back with what went out to it under trust; null: there
 * is none, and the phone proves itself. A window is the first address's, so that only phones that
 * wait at that address contest it. While a policy only observes, a claimant that never came back
 * counts for nothing: else one fetch for each MAC would keep a whole fleet from proving itself.
 */
export function contestOfReturn(
  token: ClaimingToken & Pick<Token, 'fullServedUnder'>,
  device: Pick<Device, 'attention'>,
  tokens: readonly ClaimingToken[],
  now: Date,
): { first: string | null } | null {
  const isAtOneAddress = token.fullServedUnder === 'window';
  const source = sourceText(token.issuedTo);
  const others = tokens.filter(
    (other) => !isAtOneAddress || (other.state === 'bootstrap' && sourceText(other.issuedTo) === source),
  );
  const rival = rivalOf(token, others, now);
  if (rival !== null) return { first: rival.issuedTo };
  const isByTrustForAWhile = token.fullServedUnder === 'network' || token.fullServedUnder === 'suspension';
  return isByTrustForAWhile && device.attention === 'contested' ? { first: null } : null;
}

/**
 * Whether several phones claim the device: an administrator has been told so and has not answered
 * yet, or two of them are at it now.
 */
export function isContested(
  { attention }: Pick<Device, 'attention'>,
  tokens: readonly ClaimingToken[],
  now: Date,
): boolean {
  if (attention === 'contested') return true;
  const waiting = tokens.filter((token) => token.state === 'bootstrap' && token.used && isLive(token, now));
  // Two phones, if the earlier token was used after the later one had been issued; a phone that was
  // reset does not use it any more.
  const inOrder = waiting.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  return inOrder.some((token, index) => rivalOf(token, inOrder.slice(0, index), now) !== null);
}

/**
 * Whether a second phone claims a device that is successful by nothing but trust for a while, and
 * such a trust lasts: then what that trust has proved ends with it (`isProvenByLastingTrust`).
 * Which of the two is the device's phone is for the PAP to tell. An administrator's word that lasts
 * (a permanent network) and a window, which is the first address's, are not contested so.
 */
export function contestsTrustedClaim(
  { state, authenticatedBy }: Pick<Authentication, 'state' | 'authenticatedBy'>,
  token: Pick<Token, 'state'> | null,
  decision: AccessDecision,
): decision is FullDecision {
  if (state !== 'successful' || token?.state !== 'bootstrap' || decision.kind === 'minimal') return false;
  const isByTrust = authenticatedBy === 'network' || authenticatedBy === 'suspension';
  return isByTrust && (decision.reason === 'temporary-network' || decision.reason === 'suspension');
}

/**
 * Whether a token was proven by nothing but the trust that now lasts: no entry has released it, and
 * its full configuration went out after the suspension or the network had begun. What an earlier
 * trust has proved stays proved, or one more suspension would be enough to take it from its phone.
 */
export function isProvenByLastingTrust(
  { state, releasedAt, fullServedAt }: Pick<Token, 'state' | 'releasedAt' | 'fullServedAt'>,
  { reason }: FullDecision,
  { suspendedAt }: Pick<Authentication, 'suspendedAt'>,
  network: Pick<RequestNetwork, 'openedAt'> | null,
): boolean {
  const began = reason === 'suspension' ? suspendedAt : (network?.openedAt ?? null);
  if (state !== 'proven' || releasedAt !== null || fullServedAt === null || began === null) return false;
  return fullServedAt >= began;
}

/**
 * Whether a phone is kept back that was served in full under trust, beside the phone that had
 * proved itself, and that has nothing but its bootstrap token now that the trust is over. Its
 * administrator must hear of it: no entry leads on.
 */
export function isLeftByTrust(
  decision: AccessDecision,
  token: Pick<Token, 'state' | 'fullServedAt'>,
): boolean {
  const isLost = decision.kind === 'minimal' && decision.reason === 'successful';
  return isLost && token.state === 'bootstrap' && token.fullServedAt !== null;
}

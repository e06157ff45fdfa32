import { type Authentication, isSuspended, lookAt } from './authentication.js';
import { DISPLAY_TEXTS, type DisplayText } from './display.js';
import type { Policy } from './policy.js';
import { type HeldToken, opensFull } from './token.js';

/** Why a request is served the full configuration; written to the audit log with every one that is served. */
export type FullReason = 'token' | 'suspension' | 'open';

export type AccessDecision =
  { kind: 'full'; reason: FullReason } | { kind: 'minimal'; displayText: DisplayText };

/** What a configuration request brings that the decision depends on. */
export interface AccessRequest {
  /** The token in the path, already verified and found to be of this device; null when there is none that counts. */
  token: HeldToken | null;
}

/**
 * Who gets the full configuration, and why. The order of the rules is the order of the evidence: what the phone holds, then what an
 * administrator allowed. A rule that is added takes its place in this list and its own reason.
 */
export function decide(
  authentication: Authentication,
  policy: Policy,
  request: AccessRequest,
  now: Date,
): AccessDecision {
  if (request.token !== null && opensFull(request.token)) return { kind: 'full', reason: 'token' };
  if (isSuspended(authentication, now)) return { kind: 'full', reason: 'suspension' };
  if (policy.secondFactor === 'none') return { kind: 'full', reason: 'open' };
  return { kind: 'minimal', displayText: DISPLAY_TEXTS[lookAt(authentication, now).state] };
}

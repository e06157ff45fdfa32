import { type Authentication, AUTHENTICATION_STATES, isSuspended, lookAt } from './authentication.js';
import type { DeviceKind } from './device.js';
import { DISPLAY_TEXTS, type DisplayText } from './display.js';
import { type RequestNetwork, hasRoom } from './network.js';
import type { Policy } from './policy.js';
import { opensFull } from './token.js';
import {
  type PresentedToken,
  type ProvisioningWindow,
  isWindowFor,
  needsApproval,
  usesWindow,
} from './window.js';

/**
 * Why a request is served the full configuration; written to the audit log with every one that is
 * served.
 */
export const FULL_REASONS = [
  'token',
  'suspension',
  'network',
  'temporary-network',
  'window',
  'open',
  'not-enforced',
] as const;
export type FullReason = (typeof FULL_REASONS)[number];

/**
 * Why it is kept back: the state of the device, that an administrator must approve, or that the
 * request names several phones.
 */
export const MINIMAL_REASONS = [...AUTHENTICATION_STATES, 'unauthorized', 'mismatch'] as const;
export type MinimalReason = (typeof MINIMAL_REASONS)[number];

export interface MinimalDecision {
  kind: 'minimal';
  reason: MinimalReason;
  displayText: DisplayText;
}

export interface FullDecision {
  kind: 'full';
  reason: FullReason;
  /** Under a policy that only observes: why it would have been minimal. null: it is full anyway. */
  would: MinimalDecision | null;
}

export type AccessDecision = FullDecision | MinimalDecision;

/** The device that is asked for. */
export interface RequestedDevice {
  kind: DeviceKind;
  authentication: Authentication;
  window: ProvisioningWindow;
}

/** What a configuration request brings that the decision depends on. */
export interface AccessRequest {
  /**
   * The token in the path, already verified and found to be of this device; null when there is none
   * that counts.
   */
  token: PresentedToken | null;
  /** The network of the device's tenant that it came from; null when it came from none. */
  network: RequestNetwork | null;
  /** Whom its address stands for (`sourceOf`). */
  source: string | null;
  /** Whether it names another MAC beside the device's: then nothing that speaks for it counts. */
  isContradictory: boolean;
}

/**
 * Who gets the full configuration, and why. A policy that only observes serves everybody, and says
 * what it would have done.
 */
export function decide(
  device: RequestedDevice,
  policy: Policy,
  request: AccessRequest,
  now: Date,
): AccessDecision {
  const decision = judge(device, policy, request, now);
  if (policy.enforce || decision.kind === 'full' || device.kind !== 'managed') return decision;
  return { kind: 'full', reason: 'not-enforced', would: decision };
}

/**
 * The rules, in the order of the evidence: what an administrator must approve first, what the phone
 * holds, what an administrator allowed. A rule that is added takes its place in this list and its
 * own reason.
 */
function judge(
  { kind, authentication, window }: RequestedDevice,
  policy: Policy,
  { token, network, source, isContradictory }: AccessRequest,
  now: Date,
): AccessDecision {
  const isManaged = kind === 'managed';
  if (isManaged && usesWindow(policy) && needsApproval(window, policy, token, now)) return UNAUTHORIZED;
  if (isContradictory) return { ...minimal(authentication, now), reason: 'mismatch' };
  if (kind !== 'decoy' && token !== null && opensFull(token, now)) return full('token');
  // Nothing is trusted on behalf of a device that has no line yet, or never will.
  if (!isManaged) return minimal(authentication, now);
  if (isSuspended(authentication, now)) return full('suspension');
  if (network?.kind === 'permanent') return full('network');
  if (network?.kind === 'temporary' && !policy.strict && hasRoom(network, policy))
    return full('temporary-network');
  if (policy.secondFactor === 'window')
    return isWindowFor(window, source, now) ? full('window') : UNAUTHORIZED;
  if (policy.secondFactor === 'none') return full('open');
  return minimal(authentication, now);
}

function full(reason: FullReason): FullDecision {
  return { kind: 'full', reason, would: null };
}

function minimal(authentication: Authentication, now: Date): MinimalDecision {
  const { state } = lookAt(authentication, now);
  return { kind: 'minimal', reason: state, displayText: DISPLAY_TEXTS[state] };
}

const UNAUTHORIZED: MinimalDecision = {
  kind: 'minimal',
  reason: 'unauthorized',
  displayText: DISPLAY_TEXTS.unauthorized,
};

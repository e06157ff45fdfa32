import type { Policy } from './policy.js';
import { addSeconds } from './time.js';
import { type HeldToken, opensFull } from './token.js';

/**
 * The time in which a device may be provisioned without an administrator's approval
 * (Telavox, "Authorize provisioning").
 */
export interface ProvisioningWindow {
  /**
   * The window is open until then. Stored when the device is made, approved or reset, so that a
   * later change of policy moves it not.
   */
  firstSyncUntil: Date | null;
  /** When a phone first came back with a token of its own since then; null: none has. */
  firstSyncedAt: Date | null;
  /** Whose the open window is: the first address (IPv6: its /64) that fetched. */
  windowClaimedBy: string | null;
}

type WindowPolicy = Pick<Policy, 'firstSyncSeconds'>;

/**
 * A window that opens now, for the first phone that asks: at creation, approval, and reset from the
 * portal.
 */
export function openWindow(policy: WindowPolicy, now: Date): ProvisioningWindow {
  return {
    firstSyncUntil: addSeconds(now, policy.firstSyncSeconds),
    firstSyncedAt: null,
    windowClaimedBy: null,
  };
}

/** The window of a device that has been silent for too long: shut, and to be approved again. */
export function shutWindow({ firstSyncUntil }: ProvisioningWindow, now: Date): ProvisioningWindow {
  const until = firstSyncUntil === null || firstSyncUntil > now ? now : firstSyncUntil;
  return { firstSyncUntil: until, firstSyncedAt: null, windowClaimedBy: null };
}

export function usesWindow({ secondFactor }: Pick<Policy, 'secondFactor'>): boolean {
  return secondFactor === 'window' || secondFactor === 'pap+window';
}

export function isWindowOpen({ firstSyncUntil }: ProvisioningWindow, now: Date): boolean {
  return firstSyncUntil !== null && firstSyncUntil > now;
}

/** A token as its phone presents it. */
export type PresentedToken = HeldToken & { lastUsedAt: Date };

/**
 * Whether an administrator must approve before this request may be served in full. Telavox's three
 * scenarios: a new terminal that has not synchronised within the window, one that was silent for
 * `inactiveSeconds`, one that lost what it held.
 */
export function needsApproval(
  window: ProvisioningWindow,
  policy: Pick<Policy, 'inactiveSeconds'>,
  token: PresentedToken | null,
  now: Date,
): boolean {
  if (window.firstSyncedAt === null) return !isWindowOpen(window, now);
  return token === null || !opensFull(token, now) || isSilent(token, policy, now);
}

/**
 * Whether a caller with this token has nothing to key in: an administrator must authorize the phone
 * first, or the policy asks for no PAP at all.
 */
export function mustAuthorize(
  device: ProvisioningWindow,
  policy: Pick<Policy, 'secondFactor' | 'inactiveSeconds'>,
  token: PresentedToken | null,
  now: Date,
): boolean {
  if (policy.secondFactor === 'window') return true;
  return usesWindow(policy) && needsApproval(device, policy, token, now);
}

/**
 * Whether the phone that holds this token has not been seen for so long that it must be approved
 * again.
 */
export function isSilent(
  token: Pick<PresentedToken, 'lastUsedAt'>,
  policy: Pick<Policy, 'inactiveSeconds'>,
  now: Date,
): boolean {
  return addSeconds(token.lastUsedAt, policy.inactiveSeconds) <= now;
}

/**
 * Whether the open window is for a request from `source`: no phone has come back with a token yet,
 * and no other source was first.
 */
export function isWindowFor(window: ProvisioningWindow, source: string | null, now: Date): boolean {
  if (!isWindowOpen(window, now) || window.firstSyncedAt !== null || source === null) return false;
  return window.windowClaimedBy === null || window.windowClaimedBy === source;
}

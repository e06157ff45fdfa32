import type { Policy } from './policy.js';
import { addSeconds } from './time.js';

/** Leaflet, "Setup of phones": the four states a device can be in. */
export const AUTHENTICATION_STATES = ['needed', 'failed', 'blocked', 'successful'] as const;
export type AuthenticationState = (typeof AUTHENTICATION_STATES)[number];

/** How a device became successful. */
export type AuthenticatedBy = 'pap' | 'network' | 'suspension' | 'window';

/** Which PAP a device has: the PAP itself is derived from this and the master key, never stored. */
export interface PapIssue {
  serial: number;
  digits: number;
  issuedAt: Date;
}

/** Everything that authentication remembers of a device. */
export interface Authentication {
  state: AuthenticationState;
  /** Wrong PAPs since the last success, lock, or reset. */
  wrongInRow: number;
  /** Locks since the last success or reset. */
  lockouts: number;
  failedUntil: Date | null;
  suspendedUntil: Date | null;
  /** null when retired: after a success there is nothing left to guess. */
  pap: PapIssue | null;
  /** The serial of the next PAP, so that no PAP is ever issued twice. */
  nextPapSerial: number;
  authenticatedBy: AuthenticatedBy | null;
}

type PapPolicy = Pick<Policy, 'papDigits' | 'papLifetimeSeconds'>;
type LockPolicy = Pick<Policy, 'maxAttempts' | 'lockoutSeconds' | 'maxLockouts'>;

/** A new device: needed, with a fresh PAP. */
export function newAuthentication(policy: PapPolicy, now: Date): Authentication {
  return {
    state: 'needed',
    wrongInRow: 0,
    lockouts: 0,
    failedUntil: null,
    suspendedUntil: null,
    pap: { serial: 1, digits: policy.papDigits, issuedAt: now },
    nextPapSerial: 2,
    authenticatedBy: null,
  };
}

/**
 * What the state is at `now`: a lock ends by being looked at (leaflet: "will automatically transition back … after 30 minutes"), so no
 * timer is needed for correctness. Answers the same object when nothing is due.
 */
export function lookAt(authentication: Authentication, now: Date): Authentication {
  if (authentication.state !== 'failed') return authentication;
  if (authentication.failedUntil !== null && authentication.failedUntil > now) return authentication;
  return { ...authentication, state: 'needed', failedUntil: null };
}

/** Whether full configurations are served without a PAP at `now` because an administrator said so. */
export function isSuspended(authentication: Authentication, now: Date): boolean {
  return authentication.suspendedUntil !== null && authentication.suspendedUntil > now;
}

/** Whether the device's PAP can still be used at `now`: issued, not retired, not past the policy's lifetime. */
export function isPapValid(authentication: Authentication, policy: PapPolicy, now: Date): boolean {
  if (authentication.pap === null) return false;
  if (policy.papLifetimeSeconds === null) return true;
  return addSeconds(authentication.pap.issuedAt, policy.papLifetimeSeconds) > now;
}

/** What came of an attempt. `refused` means that nothing was checked and no counter moved. */
export type Verdict =
  | { kind: 'accepted' }
  | { kind: 'wrong'; attemptsLeft: number }
  | { kind: 'wrong-failed'; failedUntil: Date }
  | { kind: 'wrong-blocked' }
  | { kind: 'refused'; because: 'failed'; failedUntil: Date }
  | { kind: 'refused'; because: 'blocked' | 'successful' | 'expired' };

/**
 * Whether an attempt would be checked at all at `now`. Answers the refusal, or null when the PAP may be compared. Callers must look
 * before they compare: a device that refuses must not be an oracle.
 */
export function refuseAttempt(
  authentication: Authentication,
  policy: PapPolicy,
  now: Date,
): Extract<Verdict, { kind: 'refused' }> | null {
  const current = lookAt(authentication, now);
  switch (current.state) {
    case 'failed':
      return { kind: 'refused', because: 'failed', failedUntil: current.failedUntil ?? now };
    case 'blocked':
    case 'successful':
      return { kind: 'refused', because: current.state };
    case 'needed':
      return isPapValid(current, policy, now) ? null : { kind: 'refused', because: 'expired' };
  }
}

/** Applies one complete attempt. `correct` is the outcome of comparing the PAP; it is not looked at when the attempt is refused. */
export function applyAttempt(
  authentication: Authentication,
  policy: PapPolicy & LockPolicy,
  correct: boolean,
  now: Date,
): { authentication: Authentication; verdict: Verdict } {
  const refusal = refuseAttempt(authentication, policy, now);
  if (refusal !== null) return { authentication, verdict: refusal };
  const current = lookAt(authentication, now);
  if (correct) return { authentication: succeed(current, 'pap'), verdict: { kind: 'accepted' } };

  const wrongInRow = current.wrongInRow + 1;
  if (wrongInRow < policy.maxAttempts) {
    const verdict: Verdict = { kind: 'wrong', attemptsLeft: policy.maxAttempts - wrongInRow };
    return { authentication: { ...current, wrongInRow }, verdict };
  }
  return lock(current, policy, now);
}

function lock(
  current: Authentication,
  policy: LockPolicy,
  now: Date,
): { authentication: Authentication; verdict: Verdict } {
  const locked = { ...current, wrongInRow: 0, lockouts: current.lockouts + 1 };
  if (locked.lockouts >= policy.maxLockouts) {
    return { authentication: { ...locked, state: 'blocked' }, verdict: { kind: 'wrong-blocked' } };
  }
  const failedUntil = addSeconds(now, policy.lockoutSeconds);
  return {
    authentication: { ...locked, state: 'failed', failedUntil },
    verdict: { kind: 'wrong-failed', failedUntil },
  };
}

/** Success, by PAP or by trust: counters to 0, and the PAP is retired (leaflet: "Once successfully authenticated, the PAP is no longer required"). */
export function succeed(authentication: Authentication, by: AuthenticatedBy): Authentication {
  return {
    ...authentication,
    state: 'successful',
    wrongInRow: 0,
    lockouts: 0,
    failedUntil: null,
    pap: null,
    authenticatedBy: by,
  };
}

/** Leaflet, "Reset Authentication": invalidates what was and makes a new PAP at once, from any state. */
export function reset(authentication: Authentication, policy: PapPolicy, now: Date): Authentication {
  return {
    ...newAuthentication(policy, now),
    pap: { serial: authentication.nextPapSerial, digits: policy.papDigits, issuedAt: now },
    nextPapSerial: authentication.nextPapSerial + 1,
  };
}

/** Leaflet, "Suspend Authentication": full configuration without a PAP for a while; the state stays what it is. */
export function suspend(
  authentication: Authentication,
  policy: Pick<Policy, 'suspensionSeconds'>,
  now: Date,
): Authentication {
  return { ...authentication, suspendedUntil: addSeconds(now, policy.suspensionSeconds) };
}

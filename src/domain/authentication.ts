import type { Policy } from './policy.js';
import { addSeconds } from './time.js';

/** Leaflet, "Setup of phones": the four states a device can be in. */
export const AUTHENTICATION_STATES = ['needed', 'failed', 'blocked', 'successful'] as const;
export type AuthenticationState = (typeof AUTHENTICATION_STATES)[number];

/**
 * How a device became successful. `observation`: while its tenant's policy was not enforced;
 * `code`: it dialled the code of a line.
 */
export type AuthenticatedBy = 'pap' | 'code' | 'network' | 'suspension' | 'window' | 'observation';

/**
 * The trusts under which a full configuration that goes out makes the device successful once its
 * phone comes back with what it got.
 */
export type ProvingTrust = Exclude<AuthenticatedBy, 'pap' | 'code'>;

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
  /** When the suspension that lasts, or lasted, began. */
  suspendedAt: Date | null;
  suspendedUntil: Date | null;
  /** null when retired: after a success there is nothing left to guess. */
  pap: PapIssue | null;
  /** The serial of the next PAP, so that no PAP is ever issued twice. */
  nextPapSerial: number;
  authenticatedBy: AuthenticatedBy | null;
}

type PapPolicy = Pick<Policy, 'papDigits' | 'papLifetimeSeconds'>;
type AskingPolicy = PapPolicy & Pick<Policy, 'secondFactor'>;
type LockPolicy = Pick<Policy, 'maxAttempts' | 'lockoutSeconds' | 'maxLockouts'>;

/** A new device: needed, with a fresh PAP. */
export function newAuthentication(policy: PapPolicy, now: Date): Authentication {
  return {
    state: 'needed',
    wrongInRow: 0,
    lockouts: 0,
    failedUntil: null,
    suspendedAt: null,
    suspendedUntil: null,
    pap: { serial: 1, digits: policy.papDigits, issuedAt: now },
    nextPapSerial: 2,
    authenticatedBy: null,
  };
}

/**
 * An unclaimed device: its phone dials the code of a line, and there is no PAP that could be
 * guessed.
 */
export function unclaimedAuthentication(policy: PapPolicy, now: Date): Authentication {
  return { ...newAuthentication(policy, now), pap: null, nextPapSerial: 1 };
}

/**
 * What the state is at `now`: a lock ends by being looked at (leaflet: "will automatically
 * transition back … after 30 minutes"), so no timer is needed for correctness. Answers the same
 * object when nothing is due.
 */
export function lookAt(authentication: Authentication, now: Date): Authentication {
  if (authentication.state !== 'failed') return authentication;
  if (authentication.failedUntil !== null && authentication.failedUntil > now) return authentication;
  return { ...authentication, state: 'needed', failedUntil: null };
}

/**
 * Whether full configurations are served without a PAP at `now` because an administrator said so.
 */
export function isSuspended(authentication: Authentication, now: Date): boolean {
  return authentication.suspendedUntil !== null && authentication.suspendedUntil > now;
}

/**
 * Whether the policy asks for a PAP at all. Where it asks for none, a caller who keys one in all
 * the same is not turned away.
 */
export function asksForPap({ secondFactor }: Pick<Policy, 'secondFactor'>): boolean {
  return secondFactor !== 'window';
}

/**
 * Whether the device's PAP can still be used at `now`: asked for, issued, not retired, not past the
 * policy's lifetime.
 */
export function isPapValid(authentication: Authentication, policy: AskingPolicy, now: Date): boolean {
  if (authentication.pap === null || !asksForPap(policy)) return false;
  if (policy.papLifetimeSeconds === null) return true;
  return addSeconds(authentication.pap.issuedAt, policy.papLifetimeSeconds) > now;
}

/** What came of a wrong entry: it is counted, or it was the one too many. */
export type WrongVerdict =
  | { kind: 'wrong'; attemptsLeft: number }
  | { kind: 'wrong-failed'; failedUntil: Date }
  | { kind: 'wrong-blocked' };

/** Counts a wrong entry, of a PAP or of a line's code, at a device that refuses none. */
export function countWrong(
  authentication: Authentication,
  policy: LockPolicy,
  now: Date,
): { authentication: Authentication; verdict: WrongVerdict } {
  const current = lookAt(authentication, now);
  const wrongInRow = current.wrongInRow + 1;
  if (wrongInRow >= policy.maxAttempts) return lock(current, policy, now);
  return {
    authentication: { ...current, wrongInRow },
    verdict: { kind: 'wrong', attemptsLeft: policy.maxAttempts - wrongInRow },
  };
}

function lock(
  current: Authentication,
  policy: LockPolicy,
  now: Date,
): { authentication: Authentication; verdict: WrongVerdict } {
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

/**
 * Success, by PAP or by trust: counters to 0, and the PAP is retired (leaflet: "Once successfully
 * authenticated, the PAP is no longer required").
 */
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

/**
 * Leaflet, "Reset Authentication": invalidates what was and makes a new PAP at once, from any
 * state.
 */
export function reset(authentication: Authentication, policy: PapPolicy, now: Date): Authentication {
  return {
    ...newAuthentication(policy, now),
    pap: { serial: authentication.nextPapSerial, digits: policy.papDigits, issuedAt: now },
    nextPapSerial: authentication.nextPapSerial + 1,
  };
}

/**
 * Policy `onLostConfiguration: rearm`: a phone of a device that had proved itself came without its
 * token. A fresh PAP at once, as after a reset; what is held stays good until the new PAP has been
 * keyed in.
 */
export function rearm(authentication: Authentication, policy: PapPolicy, now: Date): Authentication {
  const { suspendedAt, suspendedUntil } = authentication;
  return { ...reset(authentication, policy, now), suspendedAt, suspendedUntil };
}

/**
 * A device that waits for the code of a line: what was proved and counted is forgotten, and it has
 * no PAP, for nothing but a code leads on.
 */
export function awaitCode(authentication: Authentication): Authentication {
  return {
    ...authentication,
    state: 'needed',
    wrongInRow: 0,
    lockouts: 0,
    failedUntil: null,
    suspendedAt: null,
    suspendedUntil: null,
    pap: null,
    authenticatedBy: null,
  };
}

/**
 * Leaflet, "Suspend Authentication": full configuration without a PAP for a while; the state stays
 * what it is. A suspension that lasts already goes on.
 */
export function suspend(
  authentication: Authentication,
  policy: Pick<Policy, 'suspensionSeconds'>,
  now: Date,
): Authentication {
  return {
    ...authentication,
    suspendedAt: isSuspended(authentication, now) ? authentication.suspendedAt : now,
    suspendedUntil: addSeconds(now, policy.suspensionSeconds),
  };
}

/** Ends a suspension before its time. */
export function resume(authentication: Authentication): Authentication {
  return { ...authentication, suspendedAt: null, suspendedUntil: null };
}

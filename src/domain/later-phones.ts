import { type Authentication, type WrongVerdict, countWrong } from './authentication.js';
import { PHONE_PRESENCE_SECONDS } from './registration.js';
import type { Policy } from './policy.js';
import { addSeconds } from './time.js';

/**
 * Policy `lockoutScope: device-and-source`. The *first phone* of a device is the one that
 * registered first of those that are still registered; all others are *later phones*. The first
 * phone's wrong entries are the device's, as the leaflet has it. Those of later phones lock out the
 * phone itself, the address it calls from, and at last all later phones together; they never change
 * the device or keep the first phone from trying.
 */
export interface EntryLock {
  /** Wrong entries since the last lock, or the device's last success or reset. */
  wrongInRow: number;
  /** Locks since the device's last success or reset. */
  lockouts: number;
  /** Until when entries are refused; null when they are not. */
  failedUntil: Date | null;
}

/**
 * What counts for a later phone: its own wrong entries, those from its source (`sourceOf`), and
 * those of all later phones.
 */
export const LOCK_SCOPES = ['phone', 'source', 'all'] as const;
export type LockScope = (typeof LOCK_SCOPES)[number];
export type LaterPhoneLocks = Readonly<Record<LockScope, EntryLock>>;

const NOTHING_WRONG: EntryLock = { wrongInRow: 0, lockouts: 0, failedUntil: null };
export const NO_LOCKS: LaterPhoneLocks = { phone: NOTHING_WRONG, source: NOTHING_WRONG, all: NOTHING_WRONG };

/** So many times `maxAttempts` wrong entries of all later phones together lock all of them out. */
export const LATER_PHONES_FACTOR = 3;

type ScopePolicy = Pick<Policy, 'lockoutScope' | 'maxAttempts' | 'lockoutSeconds' | 'maxLockouts'>;

/** Whether entries of later phones are counted apart from those of the first. */
export function countsLaterPhonesApart({ lockoutScope }: Pick<Policy, 'lockoutScope'>): boolean {
  return lockoutScope === 'device-and-source';
}

/**
 * Whether a phone counts as registered still: REGISTERs are noted every few minutes, and a phone
 * that restarts is away for a while.
 */
export function presentSince(now: Date): Date {
  return addSeconds(now, -PHONE_PRESENCE_SECONDS);
}

/** Wrong entries in a row of all later phones together after which they are locked out. */
export function laterEntriesPerLock({ maxAttempts }: Pick<Policy, 'maxAttempts'>): number {
  return LATER_PHONES_FACTOR * maxAttempts;
}

/** What is left of the locks at `now`: they end by being looked at, like that of a device. */
export function lookAtLocks(locks: LaterPhoneLocks, now: Date): LaterPhoneLocks {
  const lookAt = (lock: EntryLock): EntryLock =>
    lock.failedUntil !== null && lock.failedUntil <= now
      ? { ...lock, wrongInRow: 0, failedUntil: null }
      : lock;
  return { phone: lookAt(locks.phone), source: lookAt(locks.source), all: lookAt(locks.all) };
}

/**
 * Why a later phone's entry is not looked at. `later-phones`: none of a later phone is, until an
 * administrator resets the device or it is proved.
 */
export type LaterRefusal = { because: 'source'; until: Date } | { because: 'later-phones' };

/**
 * What keeps a later phone's entry from being looked at; of several locks, the one that does so for
 * longest.
 */
export function refuseLaterPhone(
  locks: LaterPhoneLocks,
  policy: ScopePolicy,
  now: Date,
): LaterRefusal | null {
  if (locks.all.lockouts >= policy.maxLockouts) return { because: 'later-phones' };
  const until = endOf(lookAtLocks(locks, now));
  return until === null ? null : { because: 'source', until };
}

function endOf(locks: LaterPhoneLocks): Date | null {
  const ends = LOCK_SCOPES.flatMap((scope) => locks[scope].failedUntil?.getTime() ?? []);
  return ends.length === 0 ? null : new Date(Math.max(...ends));
}

/**
 * Wrong entries that a caller still has before it, or the device as a whole, is locked. `locks` are
 * those of a later phone.
 */
export function attemptsLeft(
  { wrongInRow }: Pick<Authentication, 'wrongInRow'>,
  locks: LaterPhoneLocks | null,
  policy: ScopePolicy,
): number {
  if (locks === null) return policy.maxAttempts - wrongInRow;
  return Math.min(...LOCK_SCOPES.map((scope) => limitOf(scope, policy) - locks[scope].wrongInRow));
}

function limitOf(scope: LockScope, policy: ScopePolicy): number {
  return scope === 'all' ? laterEntriesPerLock(policy) : policy.maxAttempts;
}

/** What came of a later phone's wrong entry. The device itself waits on. */
export type LaterVerdict =
  | { kind: 'wrong'; attemptsLeft: number }
  | { kind: 'wrong-source-failed'; failedUntil: Date }
  | { kind: 'wrong-later-blocked' };

/**
 * Counts a wrong entry at a device that refused nothing: for the device or, where `locks` are those
 * of a later phone, for that.
 */
export function countWrongEntry(
  authentication: Authentication,
  locks: LaterPhoneLocks | null,
  policy: ScopePolicy,
  now: Date,
): { authentication: Authentication; locks: LaterPhoneLocks | null; verdict: WrongVerdict | LaterVerdict } {
  if (locks === null) return { ...countWrong(authentication, policy, now), locks };
  const present = lookAtLocks(locks, now);
  const count = (scope: LockScope): EntryLock => countAt(present[scope], limitOf(scope, policy), policy, now);
  const counted = { phone: count('phone'), source: count('source'), all: count('all') };
  return { authentication, locks: counted, verdict: verdictOf(authentication, counted, policy) };
}

function countAt(lock: EntryLock, limit: number, policy: ScopePolicy, now: Date): EntryLock {
  const wrongInRow = lock.wrongInRow + 1;
  if (wrongInRow < limit) return { ...lock, wrongInRow };
  return { wrongInRow: 0, lockouts: lock.lockouts + 1, failedUntil: addSeconds(now, policy.lockoutSeconds) };
}

function verdictOf(
  authentication: Authentication,
  locks: LaterPhoneLocks,
  policy: ScopePolicy,
): LaterVerdict {
  if (locks.all.lockouts >= policy.maxLockouts) return { kind: 'wrong-later-blocked' };
  const failedUntil = endOf(locks);
  if (failedUntil !== null) return { kind: 'wrong-source-failed', failedUntil };
  return { kind: 'wrong', attemptsLeft: attemptsLeft(authentication, locks, policy) };
}

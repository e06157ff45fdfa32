import { type Authentication, type WrongVerdict, countWrong } from './authentication.js';
import type { Policy } from './policy.js';
import { addSeconds } from './time.js';

/** What is remembered of wrong entries at one device from one source (`sourceOf`), under the policy `lockoutScope: device-and-source`. */
export interface SourceLock {
  /** Since the source's last lock, or the device's last success or reset. */
  wrongInRow: number;
  /** Until when this source is locked out of this device; null when it is not. */
  failedUntil: Date | null;
}

const NOTHING_WRONG: SourceLock = { wrongInRow: 0, failedUntil: null };

/** So many times `maxAttempts` wrong entries, from all sources together, lock the device as a whole. */
export const SOURCES_PER_DEVICE_LOCK = 3;

type ScopePolicy = Pick<Policy, 'lockoutScope' | 'maxAttempts' | 'lockoutSeconds' | 'maxLockouts'>;

/** Whether wrong entries lock the address that they come from before they lock the device. */
export function locksSources({ lockoutScope }: Pick<Policy, 'lockoutScope'>): boolean {
  return lockoutScope === 'device-and-source';
}

/** Wrong entries in a row, from wherever, that lock the device. */
export function wrongEntriesPerLock(policy: Pick<Policy, 'lockoutScope' | 'maxAttempts'>): number {
  return locksSources(policy) ? SOURCES_PER_DEVICE_LOCK * policy.maxAttempts : policy.maxAttempts;
}

/** What is left of a source's lock at `now`: it ends by being looked at, like that of a device. */
export function lookAtSource(lock: SourceLock | null, now: Date): SourceLock {
  if (lock === null || (lock.failedUntil !== null && lock.failedUntil <= now)) return NOTHING_WRONG;
  return lock;
}

/** Wrong entries that a caller still has before he, or the device as a whole, is locked. */
export function attemptsLeft(
  { wrongInRow }: Pick<Authentication, 'wrongInRow'>,
  source: SourceLock,
  policy: ScopePolicy,
): number {
  const ofDevice = wrongEntriesPerLock(policy) - wrongInRow;
  return locksSources(policy) ? Math.min(ofDevice, policy.maxAttempts - source.wrongInRow) : ofDevice;
}

/** The source is locked out of the device, which itself waits on. */
export interface SourceFailed {
  kind: 'wrong-source-failed';
  failedUntil: Date;
}

/**
 * Counts a wrong entry at a device that refused nothing, for the device and, where the policy's scope has it, for the source. A lock of the
 * device says more than one of the source, so of both it is the verdict.
 */
export function countWrongEntry(
  authentication: Authentication,
  lock: SourceLock | null,
  policy: ScopePolicy,
  now: Date,
): { authentication: Authentication; lock: SourceLock; verdict: WrongVerdict | SourceFailed } {
  const devicePolicy = { ...policy, maxAttempts: wrongEntriesPerLock(policy) };
  const counted = countWrong(authentication, devicePolicy, now);
  if (!locksSources(policy)) return { ...counted, lock: NOTHING_WRONG };
  const source = countAtSource(lookAtSource(lock, now), policy, now);
  return {
    authentication: counted.authentication,
    lock: source,
    verdict: verdictOf(counted, source, policy),
  };
}

function verdictOf(
  { authentication, verdict }: { authentication: Authentication; verdict: WrongVerdict },
  source: SourceLock,
  policy: ScopePolicy,
): WrongVerdict | SourceFailed {
  if (verdict.kind !== 'wrong') return verdict;
  if (source.failedUntil !== null) return { kind: 'wrong-source-failed', failedUntil: source.failedUntil };
  return { kind: 'wrong', attemptsLeft: attemptsLeft(authentication, source, policy) };
}

function countAtSource({ wrongInRow }: SourceLock, policy: ScopePolicy, now: Date): SourceLock {
  if (wrongInRow + 1 < policy.maxAttempts) return { wrongInRow: wrongInRow + 1, failedUntil: null };
  return { wrongInRow: 0, failedUntil: addSeconds(now, policy.lockoutSeconds) };
}

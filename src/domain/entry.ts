import { type Authentication, type WrongVerdict, isPapValid, lookAt, succeed } from './authentication.js';
import type { Device } from './device.js';
import type { Policy } from './policy.js';
import {
  type SourceFailed,
  type SourceLock,
  countWrongEntry,
  locksSources,
  lookAtSource,
} from './source-lock.js';
import { type PresentedToken, mustAuthorize } from './window.js';

/** What somebody who calls the authentication service is asked for: the PAP of his device, or the code of the line that it is to have. */
export type Asked = 'pap' | 'code';

/** A phone that nobody has claimed has no PAP to tell. A decoy asks for one as any phone does. */
export function askedOf({ kind }: Pick<Device, 'kind'>): Asked {
  return kind === 'unclaimed' ? 'code' : 'pap';
}

/** Who calls, and what is remembered of him. */
export interface Caller {
  device: Pick<Device, 'kind' | 'authentication' | 'firstSyncUntil' | 'firstSyncedAt' | 'windowClaimedBy'>;
  policy: Policy;
  /** As it was before this call. */
  token: PresentedToken;
  /** Of the source that he calls from; looked at only where the policy locks sources. */
  lock: SourceLock | null;
}

/**
 * Nothing is checked and no counter moves. `source`: this address is locked out of this device; `budget`: too much is being guessed;
 * `unauthorized`: an administrator must authorize provisioning first; `expired`: the PAP is past its lifetime.
 */
export type Refusal = { kind: 'refused' } & (
  | { because: 'failed' | 'source' | 'budget'; until: Date }
  | { because: 'blocked' | 'successful' | 'unauthorized' | 'expired' }
);

/** What came of an entry. */
export type Verdict = { kind: 'accepted' } | WrongVerdict | SourceFailed | Refusal;

/**
 * Whether an entry at `now` is refused, the budgets aside. Callers must ask before they compare: who is refused must not learn whether he was
 * right. The state of the device comes first, for it is what its display says.
 */
export function refuseEntry({ device, policy, token, lock }: Caller, now: Date): Refusal | null {
  const authentication = lookAt(device.authentication, now);
  switch (authentication.state) {
    case 'failed':
      return { kind: 'refused', because: 'failed', until: authentication.failedUntil ?? now };
    case 'blocked':
    case 'successful':
      return { kind: 'refused', because: authentication.state };
    case 'needed':
  }
  if (device.kind === 'managed' && mustAuthorize(device, policy, token, now)) {
    return { kind: 'refused', because: 'unauthorized' };
  }
  if (askedOf(device) === 'pap' && !isPapValid(authentication, policy, now)) {
    return { kind: 'refused', because: 'expired' };
  }
  const lockedUntil = locksSources(policy) ? lookAtSource(lock, now).failedUntil : null;
  return lockedUntil === null ? null : { kind: 'refused', because: 'source', until: lockedUntil };
}

/** What is remembered after an entry, and its verdict. */
export interface Applied {
  authentication: Authentication;
  lock: SourceLock | null;
  verdict: Verdict;
}

/** Applies one complete entry. `correct` is the outcome of comparing it; it is not looked at when the entry is refused. */
export function applyEntry(caller: Caller, correct: boolean, now: Date): Applied {
  const { device, policy, lock } = caller;
  const { authentication } = device;
  const refusal = refuseEntry(caller, now);
  if (refusal !== null) return { authentication, lock, verdict: refusal };
  if (!correct) return countWrongEntry(authentication, lock, policy, now);
  return { authentication: succeed(authentication, 'pap'), lock: null, verdict: { kind: 'accepted' } };
}

import { type Authentication, type WrongVerdict, isPapValid, lookAt, succeed } from './authentication.js';
import type { Device } from './device.js';
import {
  type LaterPhoneLocks,
  type LaterVerdict,
  countWrongEntry,
  refuseLaterPhone,
} from './later-phones.js';
import type { Policy } from './policy.js';
import { type PresentedToken, mustAuthorize } from './window.js';

/**
 * What a caller of the authentication service is asked for: the PAP of its device, or the code of
 * the line that it is to have.
 */
export type EntryKind = 'pap' | 'code';

/** An unclaimed phone has no PAP. A decoy asks for one as any phone does. */
export function entryKindOf({ kind }: Pick<Device, 'kind'>): EntryKind {
  return kind === 'unclaimed' ? 'code' : 'pap';
}

/** A phone that calls, and what is remembered of it. */
export interface Caller {
  device: Pick<Device, 'kind' | 'authentication' | 'firstSyncUntil' | 'firstSyncedAt' | 'windowClaimedBy'>;
  policy: Policy;
  /** As it was before this call. */
  token: PresentedToken;
  /** Of a later phone, where the policy counts those apart; null for any other. */
  locks: LaterPhoneLocks | null;
}

/**
 * Nothing is checked and no counter moves. `source`: this phone, its address or all later phones
 * are locked out of this device for a while; `later-phones`: all later phones are, until an
 * administrator resets it; `budget`: too much is being guessed; `unauthorized`: an administrator
 * must authorize provisioning first; `expired`: the PAP is past its lifetime.
 */
export type Refusal = { kind: 'refused' } & (
  | { because: 'failed' | 'source' | 'budget'; until: Date }
  | { because: 'blocked' | 'successful' | 'unauthorized' | 'expired' | 'later-phones' }
);

/** What came of an entry. */
export type Verdict = { kind: 'accepted' } | WrongVerdict | LaterVerdict | Refusal;

/**
 * Whether an entry at `now` is refused, the budgets aside. Callers must ask before they compare: a
 * caller that is refused must not learn whether the entry was right. The state of the device comes
 * first, for it is what its display says.
 */
export function refuseEntry({ device, policy, token, locks }: Caller, now: Date): Refusal | null {
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
  if (entryKindOf(device) === 'pap' && !isPapValid(authentication, policy, now)) {
    return { kind: 'refused', because: 'expired' };
  }
  const refusal = locks === null ? null : refuseLaterPhone(locks, policy, now);
  return refusal === null ? null : { kind: 'refused', ...refusal };
}

/** What is remembered after an entry, and its verdict. */
export interface Applied {
  authentication: Authentication;
  locks: LaterPhoneLocks | null;
  verdict: Verdict;
}

/**
 * Applies one complete entry. `correct` is the outcome of comparing it; it is not looked at when
 * the entry is refused.
 */
export function applyEntry(caller: Caller, correct: boolean, now: Date): Applied {
  const { device, policy, locks } = caller;
  const { authentication } = device;
  const refusal = refuseEntry(caller, now);
  if (refusal !== null) return { authentication, locks, verdict: refusal };
  if (!correct) return countWrongEntry(authentication, locks, policy, now);
  return { authentication: succeed(authentication, 'pap'), locks: null, verdict: { kind: 'accepted' } };
}

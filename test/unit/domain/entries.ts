/** Entries at a device of which the rules alone are asked: no database, no calls. */
import type { Authentication } from '../../../src/domain/authentication.js';
import { type Caller, type Verdict, applyEntry } from '../../../src/domain/entry.js';
import type { LaterPhoneLocks } from '../../../src/domain/later-phones.js';
import type { Policy } from '../../../src/domain/policy.js';

const NO_WINDOW = { firstSyncUntil: null, firstSyncedAt: null, windowClaimedBy: null };

/**
 * A phone with a live bootstrap token calls: the first of its device, unless locks of a later one
 * are given.
 */
export function callerOf(
  authentication: Authentication,
  policy: Policy,
  now: Date,
  locks: LaterPhoneLocks | null = null,
): Caller {
  const token = { id: 'token', state: 'bootstrap', releasedAt: null, lastUsedAt: now } as const;
  return { device: { kind: 'managed', authentication, ...NO_WINDOW }, policy, token, locks };
}

/** One complete entry of a PAP, and what is remembered after it. */
export function enter(
  authentication: Authentication,
  policy: Policy,
  correct: boolean,
  now: Date,
): { authentication: Authentication; verdict: Verdict } {
  return applyEntry(callerOf(authentication, policy, now), correct, now);
}

import { type LaterPhoneLocks, countsLaterPhonesApart, presentSince } from '../../domain/later-phones.js';
import type { Policy } from '../../domain/policy.js';
import { findEntryLocks } from '../../store/entry-locks.js';
import { findFirstPhone } from '../../store/first-phone.js';
import type { Queryable } from '../../store/store.js';
import { callerSource } from './guess-budgets.js';

/** Which of a device's phones calls, and what counts for it. */
export interface Standing {
  /** Whether it registered first of those that are registered. */
  isFirst: boolean;
  /** Where the policy counts later phones apart, and it is one; null otherwise. */
  locks: LaterPhoneLocks | null;
}

/**
 * Looks at which of a device's phones calls with a token from an address. A phone that never
 * registered is a later one.
 */
export async function findStanding(
  db: Queryable,
  {
    device,
    policy,
    token,
    address,
  }: { device: { id: string }; policy: Pick<Policy, 'lockoutScope'>; token: { id: string }; address: string },
  now: Date,
): Promise<Standing> {
  const isFirst = (await findFirstPhone(db, device.id, presentSince(now))) === token.id;
  if (isFirst || !countsLaterPhonesApart(policy)) return { isFirst, locks: null };
  const laterPhone = { tokenId: token.id, source: callerSource(address) };
  return { isFirst, locks: await findEntryLocks(db, device.id, laterPhone) };
}

import { type Caller, askedOf, refuseEntry } from '../../domain/entry.js';
import { isPossibleCode } from '../../domain/line-code.js';
import { readPapEntry } from '../../domain/pap.js';
import { locksSources } from '../../domain/source-lock.js';
import { isLive } from '../../domain/token.js';
import type { Attempt, AttemptVerdict } from '../../internal/contract.js';
import { lockDevice } from '../../store/devices.js';
import { findSourceLock } from '../../store/source-locks.js';
import type { Queryable } from '../../store/store.js';
import { findPolicy } from '../../store/tenants.js';
import { findToken, touchToken } from '../../store/tokens.js';
import { phoneAt } from '../audit/actors.js';
import type { ServiceContext } from '../context.js';
import { callerSource, lookAtBudgets, refuseByBudget } from './guess-budgets.js';
import { type Entry, type Judged, judgeEntry, refuse } from './judge-entry.js';
import { endLapsedLock } from './lock-expiry.js';

export type AttemptOutcome =
  | { kind: 'verdict'; verdict: AttemptVerdict }
  /** The caller's token is unknown, revoked or lapsed. */
  | { kind: 'unknown-caller' }
  /** Not as many digits as the PAP has, or as a code may have: no attempt. */
  | { kind: 'incomplete' };

/**
 * One complete entry of a PAP, or of a line's code by a phone that nobody has claimed: keyed in, or dialled. There is no other way to try one. The
 * device's row is held from before the state is looked at until the verdict is committed, so attempts on one device come one after the other
 * and parallel calls buy no guesses; what is answered here stands, whatever happens after.
 */
export async function attemptEntry(
  context: ServiceContext,
  callId: string,
  attempt: Attempt,
): Promise<AttemptOutcome> {
  const judged = await context.store.transaction(async (transaction): Promise<Judged | AttemptOutcome> => {
    const entry = await openEntry(context, transaction, callId, attempt);
    if (entry === null) return { kind: 'unknown-caller' };
    const now = context.clock.now();
    const refusal =
      refuseEntry(entry, now) ??
      // A first look, with nothing held: who goes on guessing when a budget is spent keeps nobody else waiting for it.
      refuseByBudget(await lookAtBudgets(context, transaction, entry, now));
    if (refusal !== null) return refuse(transaction, entry, refusal, now);
    return isComplete(entry) ? judgeEntry(context, transaction, entry) : { kind: 'incomplete' };
  });
  if ('kind' in judged) return judged;
  for (const { address, tenantId, data } of judged.spent) {
    context.log.warn(
      { ...data, address, tenantId },
      'guesses have spent a budget; for a while all are refused',
    );
  }
  return { kind: 'verdict', verdict: judged.verdict };
}

/** Whose entry it is, with the device's row held; null when it is nobody's. */
async function openEntry(
  { clock }: ServiceContext,
  transaction: Queryable,
  callId: string,
  { user, digits, source: { address } }: Attempt,
): Promise<Entry | null> {
  const known = await findToken(transaction, user);
  const locked = known === null ? null : await lockDevice(transaction, { id: known.deviceId });
  // Read again under the lock: a reset that went first has revoked it.
  const token = locked === null ? null : await findToken(transaction, user);
  const now = clock.now();
  if (locked === null || token === null || !isLive(token, now)) return null;

  await touchToken(transaction, token.id, now);
  const policy = await findPolicy(transaction, locked.tenantId);
  const device = await endLapsedLock(transaction, locked, callId, now);
  const source = callerSource(address);
  const lock = locksSources(policy) ? await findSourceLock(transaction, device.id, source) : null;
  return { device, policy, token, lock, callId, caller: phoneAt(address), source, digits };
}

function isComplete({ device, digits }: Pick<Caller, 'device'> & Pick<Entry, 'digits'>): boolean {
  if (askedOf(device) === 'code') return isPossibleCode(digits);
  const { pap } = device.authentication;
  return pap !== null && readPapEntry(digits, pap.digits).kind === 'complete';
}

import { type Caller, entryKindOf, refuseEntry } from '../../domain/entry.js';
import { isPossibleCode } from '../../domain/line-code.js';
import { readPapEntry } from '../../domain/pap.js';
import { isLive } from '../../domain/token.js';
import type { Attempt, AttemptVerdict } from '../../contract/messages.js';
import { lockDevice } from '../../store/devices.js';
import { giveGuessBack } from '../../store/guesses.js';
import type { Queryable } from '../../store/store.js';
import { findPolicy } from '../../store/tenants.js';
import { findToken, touchToken } from '../../store/tokens.js';
import { phoneAt } from '../audit/actors.js';
import type { ServiceContext } from '../context.js';
import { findStanding } from './caller-standing.js';
import { takePlace } from './guess-budgets.js';
import { type Entry, judgeEntry, refuse } from './judge-entry.js';
import { endLapsedLock } from './lock-expiry.js';

export type AttemptOutcome =
  | { kind: 'verdict'; verdict: AttemptVerdict }
  /** The caller's token is unknown, revoked or lapsed. */
  | { kind: 'unknown-caller' }
  /** Not as many digits as the PAP has, or as a code may have: no attempt. */
  | { kind: 'incomplete' };

/**
 * One complete entry of a PAP, or of a line's code by an unclaimed phone: keyed in, or
 * dialled. There is no other way to try one. First it is seen whether the device refuses it; then a
 * place in the budgets is taken, with nothing held; then the device's row is held from before the
 * state is looked at again until the verdict is committed. So attempts on one device come one after
 * the other, parallel calls buy no guesses, and what is answered here stands, whatever happens
 * after.
 */
export async function attemptEntry(
  context: ServiceContext,
  callId: string,
  attempt: Attempt,
): Promise<AttemptOutcome> {
  const looked = await context.store.transaction((transaction) =>
    lookAtEntry(context, transaction, callId, attempt),
  );
  if ('kind' in looked) return looked;
  const place = await takePlace(context, looked);
  const judged = await context.store.transaction(async (transaction) => {
    const entry = await openEntry(context, transaction, callId, attempt);
    // A reset went first: what was taken for nothing goes back.
    if (entry === null && place.kind === 'taken') await giveGuessBack(transaction, place.id);
    return entry === null ? null : judgeEntry(context, transaction, entry, place);
  });
  if (judged === null) return { kind: 'unknown-caller' };
  for (const { address, tenantId, data } of judged.spent) {
    context.log.warn(
      { ...data, address, tenantId },
      'guesses have spent a budget; for a while all are refused',
    );
  }
  return { kind: 'verdict', verdict: judged.verdict };
}

/** The entry, if the device would have it looked at; otherwise what comes of it. */
async function lookAtEntry(
  context: ServiceContext,
  transaction: Queryable,
  callId: string,
  attempt: Attempt,
): Promise<Entry | AttemptOutcome> {
  const entry = await openEntry(context, transaction, callId, attempt);
  if (entry === null) return { kind: 'unknown-caller' };
  const now = context.clock.now();
  const refusal = refuseEntry(entry, now);
  if (refusal !== null) {
    return { kind: 'verdict', verdict: (await refuse(transaction, entry, refusal, now)).verdict };
  }
  return isComplete(entry) ? entry : { kind: 'incomplete' };
}

/** The entry with its caller, the device's row held; null when the account is gone. */
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
  const standing = await findStanding(transaction, { device, policy, token, address }, now);
  return { device, policy, token, ...standing, callId, caller: phoneAt(address), address, digits };
}

function isComplete({ device, digits }: Pick<Caller, 'device'> & Pick<Entry, 'digits'>): boolean {
  if (entryKindOf(device) === 'code') return isPossibleCode(digits);
  const { pap } = device.authentication;
  return pap !== null && readPapEntry(digits, pap.digits).kind === 'complete';
}

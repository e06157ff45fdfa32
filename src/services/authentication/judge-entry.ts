import { type Caller, type Refusal, applyEntry, askedOf } from '../../domain/entry.js';
import type { Device } from '../../domain/device.js';
import type { NewEvent } from '../../domain/events.js';
import type { BudgetUse } from '../../domain/guess-budget.js';
import { samePap } from '../../domain/pap.js';
import { derivePap } from '../../domain/secrets.js';
import { locksSources } from '../../domain/source-lock.js';
import { type Token, opensFull } from '../../domain/token.js';
import type { AttemptVerdict } from '../../internal/contract.js';
import { saveAuthentication } from '../../store/devices.js';
import { recordEvents } from '../../store/events.js';
import { holdGuesses } from '../../store/guesses.js';
import { deleteSourceLocks, saveSourceLock } from '../../store/source-locks.js';
import type { Queryable } from '../../store/store.js';
import { moveToken, revokeTokens, tokensOfDevice } from '../../store/tokens.js';
import { answerVerdict } from './attempt-answer.js';
import { giveLine, matchCode } from './claim-line.js';
import type { Actor, ServiceContext } from '../context.js';
import { refusalEvents, verdictEvents } from './entry-events.js';
import { countGuess, lookAtBudgets, refuseByBudget } from './guess-budgets.js';
import { openNetwork } from '../networks/open-network.js';
import { requestResync } from '../resync/resyncs.js';

/** A complete entry, by a caller whose device this transaction has locked. */
export interface Entry extends Caller {
  device: Device;
  token: Token;
  callId: string;
  caller: Actor;
  /** Whom the caller's address stands for. */
  source: string;
  digits: string;
}

/** What the caller is told, and the lines of the audit log that tell of budgets which his entry spent. */
export interface Judged {
  verdict: AttemptVerdict;
  spent: NewEvent[];
}

/** Looks at an entry that nothing but a budget keeps from being looked at. The budgets are held from here until the verdict is committed. */
export async function judgeEntry(
  context: ServiceContext,
  transaction: Queryable,
  entry: Entry,
): Promise<Judged> {
  await holdGuesses(transaction);
  // Anew: others may have held them for a while, and counted guesses meanwhile.
  const now = context.clock.now();
  const uses = await lookAtBudgets(context, transaction, entry, now);
  const refusal = refuseByBudget(uses);
  if (refusal !== null) return refuse(transaction, entry, refusal, now);
  return askedOf(entry.device) === 'code'
    ? judgeCode(transaction, entry, uses, now)
    : judgePap(context, transaction, entry, uses, now);
}

/** Writes that an entry was refused. */
export async function refuse(
  transaction: Queryable,
  entry: Entry,
  refusal: Refusal,
  now: Date,
): Promise<Judged> {
  await recordEvents(transaction, refusalEvents(entry, refusal, now));
  return { verdict: answerVerdict(refusal, now), spent: [] };
}

async function judgePap(
  context: ServiceContext,
  transaction: Queryable,
  entry: Entry,
  uses: readonly BudgetUse[],
  now: Date,
): Promise<Judged> {
  const isRight = comparePap(context, entry);
  // A decoy compares as all do, so that it takes as long, and is never right.
  if (!isRight || entry.device.kind === 'decoy') return countWrong(transaction, entry, uses, now);
  const { authentication, verdict } = applyEntry(entry, true, now);
  if (verdict.kind === 'refused') return refuse(transaction, entry, verdict, now);
  await succeedByPap(transaction, { ...entry, device: { ...entry.device, authentication } }, now);
  return { verdict: { kind: 'accepted' }, spent: [] };
}

function comparePap({ masterKey }: ServiceContext, { device, digits }: Entry): boolean {
  const { pap } = device.authentication;
  return pap !== null && samePap(digits, derivePap(masterKey, device.id, pap.serial, pap.digits));
}

async function judgeCode(
  transaction: Queryable,
  entry: Entry,
  uses: readonly BudgetUse[],
  now: Date,
): Promise<Judged> {
  const { device, digits } = entry;
  const match = await matchCode(transaction, device, digits);
  if (match.kind === 'line') {
    await giveLine(transaction, { ...entry, line: match.line }, now);
    await deleteSourceLocks(transaction, device.id);
    return { verdict: { kind: 'accepted' }, spent: [] };
  }
  const isOther = match.kind === 'other-tenant';
  const judged = await countWrong(transaction, entry, uses, now, isOther ? { because: match.kind } : {});
  if (!isOther || judged.verdict.kind !== 'wrong') return judged;
  return { ...judged, verdict: { kind: 'other-tenant', attemptsLeft: judged.verdict.attemptsLeft } };
}

/** Counts a wrong entry, for the device, its source and the budgets, and tells phones that show something else now. */
async function countWrong(
  transaction: Queryable,
  entry: Entry,
  uses: readonly BudgetUse[],
  now: Date,
  about: Record<string, unknown> = {},
): Promise<Judged> {
  const { policy, callId, source, caller } = entry;
  const { authentication, lock, verdict } = applyEntry(entry, false, now);
  if (verdict.kind === 'refused') return refuse(transaction, entry, verdict, now);
  const device = { ...entry.device, authentication };
  await saveAuthentication(transaction, device.id, authentication);
  if (locksSources(policy) && lock !== null) await saveSourceLock(transaction, device.id, source, lock);
  const spent = await countGuess(transaction, entry, uses, caller, now);
  await recordEvents(transaction, [
    ...verdictEvents({ device, policy, caller, about }, verdict, now),
    ...spent,
  ]);
  const wish = { deviceId: device.id, tokenId: null, callId };
  if (verdict.kind === 'wrong-failed') await requestResync(transaction, { ...wish, reason: 'failed' }, now);
  if (verdict.kind === 'wrong-blocked') await requestResync(transaction, { ...wish, reason: 'blocked' }, now);
  return { verdict: answerVerdict(verdict, now), spent };
}

/**
 * The PAP was right: the caller's token is released, and no other, for the full configuration goes to the phone that made the call. What another
 * phone still held of a success before this one (`onLostConfiguration: rearm`) ends now; bootstrap tokens of strangers open nothing, and stay.
 */
async function succeedByPap(transaction: Queryable, entry: Entry, now: Date): Promise<void> {
  const { device, policy, token, callId, caller } = entry;
  await saveAuthentication(transaction, device.id, device.authentication);
  await deleteSourceLocks(transaction, device.id);
  await recordEvents(transaction, verdictEvents({ device, policy, caller }, { kind: 'accepted' }, now));
  const others = await tokensOfDevice(transaction, device.id);
  const ended = others.filter((other) => other.id !== token.id && opensFull(other, now));
  if (ended.length > 0) {
    await revokeTokens(
      transaction,
      device.id,
      ended.map(({ id }) => id),
    );
  }
  await moveToken(transaction, token.id, ['bootstrap', 'released'], 'released', now);
  await openNetwork(transaction, { device, token, policy, by: 'pap' }, now);
  const wish = { deviceId: device.id, tokenId: token.id, callId };
  await requestResync(transaction, { ...wish, reason: 'authenticated' }, now);
}

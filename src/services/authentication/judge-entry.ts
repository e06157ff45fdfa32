import {
  type Caller,
  type Refusal,
  applyEntry,
  entryKindOf,
  refuseEntry,
  type Verdict,
} from '../../domain/entry.js';
import type { Device } from '../../domain/device.js';
import type { NewEvent } from '../../domain/events.js';
import { samePap } from '../../domain/pap.js';
import { derivePap } from '../../domain/secrets.js';
import { type Token, opensFull } from '../../domain/token.js';
import type { AttemptVerdict } from '../../contract/messages.js';
import { saveAuthentication } from '../../store/devices.js';
import { deleteEntryLocks, saveEntryLocks } from '../../store/entry-locks.js';
import { recordEvents } from '../../store/events.js';
import { type GuessPlace, giveGuessBack, keepGuess } from '../../store/guesses.js';
import type { Queryable } from '../../store/store.js';
import { moveToken, revokeTokens, tokensOfDevice } from '../../store/tokens.js';
import { giveLine, matchCode } from './claim-line.js';
import type { Actor, ServiceContext } from '../context.js';
import { refusalEvents, verdictEvents } from './entry-events.js';
import { callerSource, refuseByBudget, spentEvents } from './guess-budgets.js';
import { openNetwork } from '../networks/open-network.js';
import { requestResync } from '../resync/resyncs.js';
import { secondsUntil } from '../../domain/time.js';

/** An entry, by a caller whose device this transaction has locked. */
export interface Entry extends Caller {
  device: Device;
  token: Token;
  /** Whether the caller is the first phone of the device (`later-phones.ts`). */
  isFirst: boolean;
  callId: string;
  caller: Actor;
  /** From where the call comes. */
  address: string;
  digits: string;
}

/**
 * What the caller is told, and the lines of the audit log that tell of budgets which the entry
 * spent.
 */
export interface Judged {
  verdict: AttemptVerdict;
  spent: NewEvent[];
}

type TakenPlace = Extract<GuessPlace, { kind: 'taken' }>;

/**
 * Looks at a complete entry for which a place in the budgets has been taken, or for which there was
 * none. What was entered right, or is refused, gives its place back.
 */
export async function judgeEntry(
  context: ServiceContext,
  transaction: Queryable,
  entry: Entry,
  place: GuessPlace,
): Promise<Judged> {
  const now = context.clock.now();
  if (place.kind === 'none') {
    const refusal = refuseEntry(entry, now) ?? refuseByBudget(place.uses);
    // Without a place nothing is compared: not even if a budget has come to have room since.
    return refuse(transaction, entry, refusal ?? { kind: 'refused', because: 'budget', until: now }, now);
  }
  const refusal = refuseEntry(entry, now);
  const judged =
    refusal === null
      ? await compare(context, transaction, entry, place, now)
      : { isWrong: false, ...(await refuse(transaction, entry, refusal, now)) };
  await (judged.isWrong ? keepGuess : giveGuessBack)(transaction, place.id);
  return { verdict: judged.verdict, spent: judged.spent };
}

/** What was compared: only a wrong entry is a guess. */
type Compared = Judged & { isWrong: boolean };

async function compare(
  context: ServiceContext,
  transaction: Queryable,
  entry: Entry,
  place: TakenPlace,
  now: Date,
): Promise<Compared> {
  return entryKindOf(entry.device) === 'code'
    ? judgeCode(context, transaction, entry, place, now)
    : judgePap(context, transaction, entry, place, now);
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
  place: TakenPlace,
  now: Date,
): Promise<Compared> {
  const isRight = comparePap(context, entry);
  // A decoy compares as all do, so that it takes as long, and is never right.
  if (!isRight || entry.device.kind === 'decoy') return countWrong(transaction, entry, place, now);
  const { authentication } = applyEntry(entry, true, now);
  await succeedByPap(transaction, { ...entry, device: { ...entry.device, authentication } }, now);
  return ACCEPTED;
}

const ACCEPTED: Compared = { verdict: { kind: 'accepted' }, spent: [], isWrong: false };

function comparePap({ masterKey }: ServiceContext, { device, digits }: Entry): boolean {
  const { pap } = device.authentication;
  return pap !== null && samePap(digits, derivePap(masterKey, device.id, pap.serial, pap.digits));
}

async function judgeCode(
  context: ServiceContext,
  transaction: Queryable,
  entry: Entry,
  place: TakenPlace,
  now: Date,
): Promise<Compared> {
  const { device, digits } = entry;
  const match = await matchCode(context, transaction, device, digits);
  if (match.kind === 'line') {
    await giveLine(transaction, { ...entry, line: match.line }, now);
    await deleteEntryLocks(transaction, device.id);
    return ACCEPTED;
  }
  const isOther = match.kind === 'other-tenant';
  const judged = await countWrong(transaction, entry, place, now, isOther ? { because: match.kind } : {});
  if (!isOther || judged.verdict.kind !== 'wrong') return judged;
  return { ...judged, verdict: { kind: 'other-tenant', attemptsLeft: judged.verdict.attemptsLeft } };
}

/**
 * Counts a wrong entry, for the device or for a later phone, and tells phones that show something
 * else now.
 */
async function countWrong(
  transaction: Queryable,
  entry: Entry,
  place: TakenPlace,
  now: Date,
  about: Record<string, unknown> = {},
): Promise<Compared> {
  const { policy, callId, address, caller, token } = entry;
  const { authentication, locks, verdict } = applyEntry(entry, false, now);
  // The caller has been asked about under the lock that is still held.
  if (verdict.kind === 'refused') throw new Error('An entry was refused after it had been let through.');
  const device = { ...entry.device, authentication };
  if (locks === null) await saveAuthentication(transaction, device.id, authentication, now);
  else
    await saveEntryLocks(transaction, device.id, { tokenId: token.id, source: callerSource(address) }, locks);
  const spent = spentEvents(entry, place.uses, caller, now);
  await recordEvents(transaction, [
    ...verdictEvents({ device, policy, caller, about }, verdict, now),
    ...spent,
  ]);
  const wish = { deviceId: device.id, tokenId: null, callId };
  if (verdict.kind === 'wrong-failed') await requestResync(transaction, { ...wish, reason: 'failed' }, now);
  if (verdict.kind === 'wrong-blocked') await requestResync(transaction, { ...wish, reason: 'blocked' }, now);
  return { verdict: answerVerdict(verdict, now), spent, isWrong: true };
}

/**
 * The PAP was right: the caller's token is released, and no other, for the full configuration goes
 * to the phone that made the call. What another phone still held of a success before this one
 * (`onLostConfiguration: rearm`) ends now; bootstrap tokens of strangers open nothing, and stay.
 */
async function succeedByPap(transaction: Queryable, entry: Entry, now: Date): Promise<void> {
  const { device, policy, token, callId, caller } = entry;
  await saveAuthentication(transaction, device.id, device.authentication, now);
  await deleteEntryLocks(transaction, device.id);
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

/**
 * What the SIP application needs to know in order to say it. Whatever locks for a while, the caller
 * hears for how long.
 */
function answerVerdict(verdict: Verdict, now: Date): AttemptVerdict {
  switch (verdict.kind) {
    case 'accepted':
    case 'wrong':
      return verdict;
    case 'wrong-failed':
    case 'wrong-source-failed':
      return { kind: 'failed', lockedSeconds: secondsUntil(verdict.failedUntil, now) };
    case 'wrong-blocked':
    case 'wrong-later-blocked':
      return { kind: 'blocked' };
    case 'refused':
      return 'until' in verdict
        ? { kind: 'failed', lockedSeconds: secondsUntil(verdict.until, now) }
        : { kind: verdict.because === 'later-phones' ? 'blocked' : verdict.because };
  }
}

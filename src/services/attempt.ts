import { type Verdict, applyAttempt, refuseAttempt } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import { type EventType, type NewEvent } from '../domain/events.js';
import { readPapEntry, samePap } from '../domain/pap.js';
import { type Policy, completePolicy } from '../domain/policy.js';
import { derivePap } from '../domain/secrets.js';
import { secondsUntil } from '../domain/time.js';
import { isLive } from '../domain/token.js';
import type { Attempt, AttemptVerdict } from '../internal/contract.js';
import { lockDevice, saveAuthentication } from '../store/devices.js';
import { recordEvents } from '../store/events.js';
import type { Queryable } from '../store/store.js';
import { findStoredPolicy } from '../store/subscribers.js';
import { findToken, moveToken, touchToken } from '../store/tokens.js';
import { phoneAt } from './actors.js';
import type { Actor, ServiceContext } from './context.js';
import { deviceEvent } from './device-event.js';
import { endLapsedLock } from './lock-expiry.js';
import { requestResync } from './resyncs.js';

export type AttemptOutcome =
  | { kind: 'verdict'; verdict: AttemptVerdict }
  /** The caller's token is unknown, revoked or lapsed. */
  | { kind: 'unknown-caller' }
  /** Not as many digits as the PAP has: no attempt. */
  | { kind: 'incomplete' };

/**
 * One complete entry of a PAP. The device's row is held from before the state is looked at until the verdict is committed, so attempts on
 * one device come one after the other and parallel calls buy no guesses; what is answered here stands, whatever happens after.
 */
export async function attemptPap(
  context: ServiceContext,
  callId: string,
  attempt: Attempt,
): Promise<AttemptOutcome> {
  return context.store.transaction(async (transaction) => {
    const known = await findToken(transaction, attempt.user);
    const locked = known === null ? null : await lockDevice(transaction, { id: known.deviceId });
    // Read again under the lock: a reset that went first has revoked it.
    const token = locked === null ? null : await findToken(transaction, attempt.user);
    const now = context.clock.now();
    if (locked === null || token === null || !isLive(token, now)) return { kind: 'unknown-caller' };

    await touchToken(transaction, token.id, now);
    const policy = completePolicy(await findStoredPolicy(transaction, locked.tenantId));
    const device = await endLapsedLock(transaction, locked, callId, now);
    const caller = phoneAt(attempt.source.address);
    const refusal = refuseAttempt(device.authentication, policy, now);
    if (refusal !== null) {
      await recordEvents(transaction, [
        deviceEvent(device, 'pap.refused', caller, now, { because: refusal.because }),
      ]);
      return { kind: 'verdict', verdict: answer(refusal, now) };
    }

    const correct = comparePap(context, device, attempt.digits);
    if (correct === null) return { kind: 'incomplete' };
    const { authentication, verdict } = applyAttempt(device.authentication, policy, correct, now);
    await saveAuthentication(transaction, device.id, authentication);
    await recordEvents(transaction, eventsOf({ ...device, authentication }, verdict, policy, caller, now));
    await carryOut(transaction, verdict, { callId, tokenId: token.id, deviceId: device.id }, now);
    return { kind: 'verdict', verdict: answer(verdict, now) };
  });
}

/** null for an entry that is not complete, or a device without a PAP. */
function comparePap({ masterKey }: ServiceContext, device: Device, keyed: string): boolean | null {
  const { pap } = device.authentication;
  if (pap === null) return null;
  const entry = readPapEntry(keyed, pap.digits);
  if (entry.kind !== 'complete') return null;
  return samePap(entry.digits, derivePap(masterKey, device.id, pap.serial, pap.digits));
}

/** What follows from a verdict that was reached: the caller's token is released, and phones that show something else now are told. */
async function carryOut(
  transaction: Queryable,
  verdict: Verdict,
  call: { callId: string; tokenId: string; deviceId: string },
  now: Date,
): Promise<void> {
  const { callId, tokenId, deviceId } = call;
  switch (verdict.kind) {
    case 'accepted':
      // This token and no other: the full configuration goes to the phone that made the call.
      await moveToken(transaction, tokenId, ['bootstrap'], 'released', now);
      return requestResync(transaction, { deviceId, tokenId, callId, reason: 'authenticated' }, now);
    case 'wrong-failed':
      return requestResync(transaction, { deviceId, tokenId: null, callId, reason: 'failed' }, now);
    case 'wrong-blocked':
      return requestResync(transaction, { deviceId, tokenId: null, callId, reason: 'blocked' }, now);
    case 'wrong':
    case 'refused':
  }
}

/** The audit log's lines: never what was keyed. */
function eventsOf(device: Device, verdict: Verdict, policy: Policy, caller: Actor, now: Date): NewEvent[] {
  const event = (type: EventType, data: Record<string, unknown> = {}): NewEvent =>
    deviceEvent(device, type, caller, now, data);
  const { lockouts } = device.authentication;
  switch (verdict.kind) {
    case 'accepted':
      return [event('pap.accepted'), event('device.authenticated', { by: 'pap' })];
    case 'wrong':
      return [event('pap.wrong', { attemptsLeft: verdict.attemptsLeft })];
    case 'wrong-failed':
      return [
        event('pap.wrong', { attemptsLeft: 0 }),
        event('device.failed', {
          failedUntil: verdict.failedUntil.toISOString(),
          lockouts,
          maxLockouts: policy.maxLockouts,
        }),
      ];
    case 'wrong-blocked':
      return [event('pap.wrong', { attemptsLeft: 0 }), event('device.blocked', { lockouts })];
    case 'refused':
      return [event('pap.refused', { because: verdict.because })];
  }
}

/** What the SIP application needs to know in order to say it. */
function answer(verdict: Verdict, now: Date): AttemptVerdict {
  switch (verdict.kind) {
    case 'accepted':
    case 'wrong':
      return verdict;
    case 'wrong-failed':
      return { kind: 'failed', lockedSeconds: secondsUntil(verdict.failedUntil, now) };
    case 'wrong-blocked':
      return { kind: 'blocked' };
    case 'refused':
      return verdict.because === 'failed'
        ? { kind: 'failed', lockedSeconds: secondsUntil(verdict.failedUntil, now) }
        : { kind: verdict.because };
  }
}

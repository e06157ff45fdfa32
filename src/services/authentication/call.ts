import { type Caller, type Refusal, entryKindOf, refuseEntry } from '../../domain/entry.js';
import { wishedLanguages } from '../../domain/language.js';
import { attemptsLeft, lookAtLocks } from '../../domain/later-phones.js';
import { completePolicy } from '../../domain/policy.js';
import { AFTER_CALL_SECONDS } from '../../domain/resync.js';
import { addSeconds, secondsUntil } from '../../domain/time.js';
import type { CallEnd, CallOpened, CallOpening, OpenedState } from '../../contract/messages.js';
import { endCall, insertCall } from '../../store/calls.js';
import { noteStage } from '../../store/progress.js';
import { findDevice, findDeviceIdentities } from '../../store/devices.js';
import { recordEvents } from '../../store/events.js';
import { RESYNCS_CHANNEL, notify } from '../../store/notify.js';
import { releaseHeldResyncs } from '../../store/resyncs.js';
import type { Subscriber } from '../../store/subscribers.js';
import { findToken, touchToken } from '../../store/tokens.js';
import { phoneAt } from '../audit/actors.js';
import type { ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';
import { findStanding } from './caller-standing.js';
import { refusalByBudget } from './guess-budgets.js';
import { findLiveSubscriber } from '../account.js';

/**
 * An authenticated caller reaches the authentication service: what it must hear. null when its
 * account is gone.
 */
export async function openCall(context: ServiceContext, opening: CallOpening): Promise<CallOpened | null> {
  return context.store.transaction(async (transaction) => {
    const now = context.clock.now();
    const subscriber = await findLiveSubscriber(transaction, opening.user, now);
    const device = subscriber === null ? null : await findDevice(transaction, subscriber.deviceId);
    if (subscriber === null || device === null) return null;
    await touchToken(transaction, subscriber.token.id, now);
    await insertCall(
      transaction,
      { callId: opening.callId, tokenId: subscriber.token.id, deviceId: device.id },
      now,
    );
    await noteStage(transaction, device.id, 'calledAt', now);

    const policy = completePolicy(subscriber.tenant?.policy ?? {});
    const { token } = subscriber;
    const { address } = opening.source;
    const { isFirst, locks } = await findStanding(transaction, { device, policy, token, address }, now);
    const caller = { device, policy, token, locks };
    const asked = {
      asks: entryKindOf(device),
      languages: languagesOf(context, subscriber),
      papDigits: device.authentication.pap?.digits ?? policy.papDigits,
    };
    const refusal =
      refuseEntry(caller, now) ??
      (await refusalByBudget(context, transaction, { address, device, policy, isFirst }, now));
    return { ...asked, ...stateOf(caller, refusal, now) };
  });
}

/**
 * What an entry would come to, said beforehand: nothing is held, so that only the entry itself
 * decides.
 */
function stateOf({ device, policy, locks }: Caller, refusal: Refusal | null, now: Date): OpenedState {
  if (refusal === null) {
    const present = locks === null ? null : lookAtLocks(locks, now);
    return {
      state: 'needed',
      attemptsLeft: Math.max(1, attemptsLeft(device.authentication, present, policy)),
    };
  }
  return 'until' in refusal
    ? { state: 'failed', lockedSeconds: secondsUntil(refusal.until, now) }
    : { state: refusal.because === 'later-phones' ? 'blocked' : refusal.because };
}

function languagesOf(context: ServiceContext, { deviceSettings, site, tenant }: Subscriber): string[] {
  const { language } = deviceSettings;
  const ofDevice = typeof language === 'string' ? language : null;
  return wishedLanguages(
    [ofDevice, site?.language ?? null, tenant?.language ?? null],
    context.installation.language,
  );
}

/**
 * The call is over: its line of the audit log is written, and what waited for its end is sent a
 * second later. Idempotent; the end of an unknown call changes nothing.
 */
export async function closeCall(context: ServiceContext, callId: string, end: CallEnd): Promise<void> {
  await context.store.transaction(async (transaction) => {
    const now = context.clock.now();
    const token = await findToken(transaction, end.user);
    if (token === null) return;
    const { deviceId } = token;
    const released = await releaseHeldResyncs(
      transaction,
      deviceId,
      callId,
      addSeconds(now, AFTER_CALL_SECONDS),
    );
    if (released > 0) await notify(transaction, RESYNCS_CHANNEL);
    if (!(await endCall(transaction, { callId, tokenId: token.id, deviceId }, now))) return;

    const device = (await findDeviceIdentities(transaction, [deviceId])).get(deviceId);
    if (device === undefined) return;
    const { outcome, seconds } = end;
    await recordEvents(transaction, [
      deviceEvent(device, 'call.authentication', phoneAt(null), now, { callId, outcome, seconds }),
    ]);
  });
}

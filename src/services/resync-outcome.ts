import type { ResyncOutcome } from '../internal/contract.js';
import { findDeviceIdentities } from '../store/devices.js';
import { recordEvents } from '../store/events.js';
import { SYSTEM } from './actors.js';
import type { ServiceContext } from './context.js';
import { deviceEvent } from './device-event.js';

/**
 * What a resync is called towards the SIP application. It names the device too: a quick phone has fetched, and closed the resync, before its
 * answer to the NOTIFY is reported.
 */
export function resyncReference(resync: { id: string; deviceId: string }): string {
  return `${resync.id}.${resync.deviceId}`;
}

const REFERENCE = /^[0-9a-f-]{36}\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/**
 * Writes down what the phone answered to a NOTIFY. That changes nothing else: a phone that has said 200 and does not fetch is asked again, and
 * so is one that could not be reached. Answers false when there is no such device any more, or never was.
 */
export async function reportResync(
  context: ServiceContext,
  reference: string,
  outcome: ResyncOutcome,
): Promise<boolean> {
  const deviceId = REFERENCE.exec(reference)?.[1];
  if (deviceId === undefined) return false;
  const device = (await findDeviceIdentities(context.store.db, [deviceId])).get(deviceId);
  if (device === undefined) return false;
  const isAnswered = outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300;
  const { status } = outcome;
  const data = isAnswered
    ? { status }
    : { status, failure: outcome.kind === 'failed' ? outcome.reason : 'the phone refused' };
  await recordEvents(context.store.db, [
    deviceEvent(device, isAnswered ? 'resync.answered' : 'resync.failed', SYSTEM, context.clock.now(), data),
  ]);
  return true;
}

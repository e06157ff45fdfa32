import type { ResyncOutcome } from '../../contract/messages.js';
import { findDeviceIdentities } from '../../store/devices.js';
import { findDistantLines, type DistantLine } from '../../store/configured-phones.js';
import { recordEvents } from '../../store/events.js';
import { saveResyncAnswer } from '../../store/resync-results.js';
import { SYSTEM } from '../audit/actors.js';
import type { ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';
import { lineAddress } from './resync-target.js';

/**
 * What a resync is called towards the SIP application. It names the device too: a quick phone has
 * fetched, and closed the resync, before its answer to the NOTIFY is reported; and the line through
 * whose registrar it goes.
 */
export function resyncReference(resync: { id: string; deviceId: string }, lineId: string | null): string {
  return [resync.id, resync.deviceId, ...(lineId === null ? [] : [lineId])].join('.');
}

/** A reference, read; null when it is none. */
export function readReference(
  reference: string,
): { id: string; deviceId: string; lineId: string | null } | null {
  const [id = '', deviceId = '', lineId, ...rest] = reference.split('.');
  const parts = [id, deviceId, ...(lineId === undefined ? [] : [lineId])];
  return rest.length === 0 && parts.every((part) => UUID.test(part))
    ? { id, deviceId, lineId: lineId ?? null }
    : null;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Writes down what a NOTIFY was answered, by the phone or by a registrar. That changes nothing
 * else: a phone that has said 200 and does not fetch is asked again, and so is one that could not
 * be reached. Answers false when there is no such device any more, or never was.
 */
export async function reportResync(
  context: ServiceContext,
  reference: string,
  outcome: ResyncOutcome,
): Promise<boolean> {
  const read = readReference(reference);
  if (read === null) return false;
  const { db } = context.store;
  const { deviceId, lineId } = read;
  const device = (await findDeviceIdentities(db, [deviceId])).get(deviceId);
  if (device === undefined) return false;
  const line = lineId === null ? null : await lineOfDevice(db, deviceId, lineId);
  const target = line === null ? null : lineAddress(line);
  const at = context.clock.now();
  const isAnswered = outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300;
  const { status } = outcome;
  const failure = isAnswered ? null : outcome.kind === 'failed' ? outcome.reason : 'the phone refused';
  await saveResyncAnswer(db, deviceId, {
    at,
    outcome: isAnswered ? 'answered' : 'failed',
    way: lineId === null ? 'registration' : 'registrar',
    target,
    status,
    failure,
  });
  const data = { status, ...(failure !== null && { failure }), ...(target !== null && { to: target }) };
  await recordEvents(db, [
    deviceEvent(device, isAnswered ? 'resync.answered' : 'resync.failed', SYSTEM, at, data),
  ]);
  return true;
}

/** A line of a device; null when it is not, or no more. */
export async function lineOfDevice(
  db: ServiceContext['store']['db'],
  deviceId: string,
  lineId: string,
): Promise<DistantLine | null> {
  return (await findDistantLines(db, [deviceId])).find((line) => line.lineId === lineId) ?? null;
}

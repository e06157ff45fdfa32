import { randomUUID } from 'node:crypto';
import type { NewEvent } from '../../domain/events.js';
import { isLastResync, resyncDueAfter } from '../../domain/resync.js';
import type { DueResync } from '../../contract/messages.js';
import { type DeviceIdentity, findDeviceIdentities } from '../../store/devices.js';
import type { DistantLine } from '../../store/configured-phones.js';
import { recordEvents } from '../../store/events.js';
import { type ResyncResult, saveResyncResults } from '../../store/resync-results.js';
import type { StoredRegistration } from '../../store/registrations.js';
import { type Resync, deleteResyncs, insertResyncs, lockDueResyncs } from '../../store/resyncs.js';
import { vendorOf } from '../../vendors/index.js';
import type { ResyncRequest, Vendor } from '../../vendors/vendor.js';
import { SYSTEM } from '../audit/actors.js';
import type { ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';
import { resyncReference } from './resync-outcome.js';
import { type ReachablePhone, lineToTell, reachablePhones } from './resync-phones.js';
import { lineAddress, lineTarget, registeredTarget } from './resync-target.js';

const BATCH = 100;

/**
 * Most phones understand this one (RFC 3265's check-sync package was never finished, and is
 * everywhere).
 */
const CHECK_SYNC: ResyncRequest = { event: 'check-sync', headers: {}, body: null };

/** One NOTIFY that is to be sent now, and the open resync that it leaves behind. */
interface Lease {
  resync: Resync & { tokenId: string };
  /** Where the phone registered here, or the line through whose registrar it is told. */
  to: StoredRegistration | DistantLine;
}

/**
 * Takes the resyncs that are due, for one SIP application to send. They are leased: each is due
 * again later, so that one which is lost on the way is sent all the same, and so that it is
 * repeated until the phone has fetched. One for all phones of a device becomes one for each of them
 * that can be reached. A phone that cannot is not told; it fetches by itself.
 */
export async function takeDueResyncs(context: ServiceContext): Promise<DueResync[]> {
  return context.store.transaction(async (transaction) => {
    const now = context.clock.now();
    const due = await lockDueResyncs(transaction, now, BATCH);
    if (due.length === 0) return [];
    const deviceIds = [...new Set(due.map((resync) => resync.deviceId))];
    const devices = await findDeviceIdentities(transaction, deviceIds);
    const open = due.filter((resync) => !isLastResync(resync.sent));
    const leases = lease(open, await reachablePhones(transaction, deviceIds, now), now);
    const ended = [
      ...due.filter((resync) => isLastResync(resync.sent)).map(givenUp),
      ...open.filter((resync) => isInVain(resync, leases)).map(notReached),
    ];

    await deleteResyncs(
      transaction,
      due.map((resync) => resync.id),
    );
    await insertResyncs(transaction, [...new Set(leases.map(({ resync }) => resync))]);
    await saveResyncResults(transaction, lastOfEach([...ended, ...leases.map(sentResult)], now));
    await recordEvents(transaction, [
      ...leases.flatMap((one) => sentEvent(devices, one, now)),
      ...ended.flatMap((one) => endedEvent(devices, one, now)),
    ]);
    return leases.flatMap((one) => dueResync(devices, one));
  });
}

/**
 * One open resync for each phone, however many there are for it; the oldest names the reason. Sent
 * in each way in which the phone may be reached.
 */
function lease(due: readonly Resync[], phones: readonly ReachablePhone[], now: Date): Lease[] {
  return phones.flatMap((phone): Lease[] => {
    const { tokenId, deviceId } = phone;
    const wished = due.find((one) => one.deviceId === deviceId && (one.tokenId ?? tokenId) === tokenId);
    if (wished === undefined) return [];
    // the clock may have stepped back since
    const firstSentAt = earlier(wished.firstSentAt ?? now, now);
    const sent = wished.sent + 1;
    const dueAt = resyncDueAfter(firstSentAt, sent, now);
    const id = wished.tokenId === null ? randomUUID() : wished.id;
    const resync = { ...wished, id, tokenId, callId: null, sent, firstSentAt, dueAt };
    return [...phone.registrations, lineToTell(phone, wished) ?? []].flat().map((to) => ({ resync, to }));
  });
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

function dueResync(devices: ReadonlyMap<string, DeviceIdentity>, one: Lease): DueResync[] {
  const device = devices.get(one.resync.deviceId);
  if (device === undefined) return [];
  const vendor: Vendor | null = vendorOf(device.vendor);
  const { event, headers, body } = vendor?.resync ?? CHECK_SYNC;
  const target = isLine(one.to) ? lineTarget(one.to) : registeredTarget(one.to);
  const id = resyncReference(one.resync, isLine(one.to) ? one.to.lineId : null);
  return [{ id, ...target, event, headers: { ...headers }, body }];
}

function isLine(to: Lease['to']): to is DistantLine {
  return 'lineId' in to;
}

function sentEvent(
  devices: ReadonlyMap<string, DeviceIdentity>,
  { resync, to }: Lease,
  now: Date,
): NewEvent[] {
  const device = devices.get(resync.deviceId);
  if (device === undefined) return [];
  const { reason, sent } = resync;
  const address = isLine(to) ? null : to.sourceAddress;
  const data = { reason, sent, ...(isLine(to) && { to: lineAddress(to) }) };
  return [deviceEvent(device, 'resync.sent', { ...SYSTEM, address }, now, data)];
}

function sentResult({ resync, to }: Lease): Omit<ResyncResult, 'at'> {
  const { deviceId, reason } = resync;
  const way = isLine(to) ? 'registrar' : 'registration';
  const target = isLine(to) ? lineAddress(to) : null;
  return { deviceId, reason, outcome: 'sent', way, target, status: null, failure: null };
}

/** A resync that is over without a fetch. */
interface Ended {
  resync: Resync;
  failure: string;
}

const givenUp = (resync: Resync): Ended => ({ resync, failure: 'the phone did not fetch' });
const notReached = (resync: Resync): Ended => ({ resync, failure: 'no phone can be reached' });

/** Whether a waiter for its outcome has to be told that there will be none. */
function isInVain(resync: Resync, leases: readonly Lease[]): boolean {
  return resync.reason === 'requested' && !leases.some((one) => one.resync.deviceId === resync.deviceId);
}

function endedEvent(
  devices: ReadonlyMap<string, DeviceIdentity>,
  { resync, failure }: Ended,
  now: Date,
): NewEvent[] {
  const device = devices.get(resync.deviceId);
  if (device === undefined) return [];
  const data = { reason: resync.reason, sent: resync.sent, failure };
  return [deviceEvent(device, 'resync.failed', SYSTEM, now, data)];
}

function lastOfEach(outcomes: readonly (Ended | Omit<ResyncResult, 'at'>)[], at: Date): ResyncResult[] {
  const results = outcomes.map((one): ResyncResult => {
    if (!('resync' in one)) return { ...one, at };
    const { deviceId, reason } = one.resync;
    const { failure } = one;
    return { deviceId, reason, at, outcome: 'failed', way: null, target: null, status: null, failure };
  });
  return [...new Map(results.map((result) => [result.deviceId, result])).values()];
}

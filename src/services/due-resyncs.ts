import { randomUUID } from 'node:crypto';
import { isLastResync, resyncDueAfter } from '../domain/resync.js';
import type { NewEvent } from '../domain/events.js';
import type { DueResync } from '../internal/contract.js';
import { type DeviceIdentity, findDeviceIdentities } from '../store/devices.js';
import { recordEvents } from '../store/events.js';
import { type StoredRegistration, liveRegistrations } from '../store/registrations.js';
import { type Resync, deleteResyncs, insertResyncs, lockDueResyncs } from '../store/resyncs.js';
import { vendorOf } from '../vendors/index.js';
import type { ResyncRequest, Vendor } from '../vendors/vendor.js';
import { SYSTEM } from './actors.js';
import type { ServiceContext } from './context.js';
import { deviceEvent } from './device-event.js';
import { resyncReference } from './resync-outcome.js';

const BATCH = 100;

/** Most phones understand this one (RFC 3265's check-sync package was never finished, and is everywhere). */
const CHECK_SYNC: ResyncRequest = { event: 'check-sync', headers: {}, body: null };

/** One NOTIFY that is to be sent now, and the open resync that it leaves behind. */
interface Lease {
  resync: Resync & { tokenId: string };
  registration: StoredRegistration;
}

/**
 * Takes the resyncs that are due, for one SIP application to send. They are leased: each is due again later, so that one which is lost on the
 * way is sent all the same, and so that it is repeated until the phone has fetched. One for all phones of a device becomes one for each of
 * them that is registered. A phone that is not registered is not told; it fetches by itself.
 */
export async function takeDueResyncs(context: ServiceContext): Promise<DueResync[]> {
  return context.store.transaction(async (transaction) => {
    const now = context.clock.now();
    const due = await lockDueResyncs(transaction, now, BATCH);
    if (due.length === 0) return [];
    const deviceIds = [...new Set(due.map((resync) => resync.deviceId))];
    const devices = await findDeviceIdentities(transaction, deviceIds);
    const givenUp = due.filter((resync) => isLastResync(resync.sent));
    const leases = lease(
      due.filter((resync) => !isLastResync(resync.sent)),
      await liveRegistrations(transaction, deviceIds, now),
      now,
    );

    await deleteResyncs(
      transaction,
      due.map((resync) => resync.id),
    );
    await insertResyncs(
      transaction,
      leases.map(({ resync }) => resync),
    );
    await recordEvents(transaction, [
      ...leases.flatMap((one) => sentEvent(devices, one, now)),
      ...givenUp.flatMap((resync) => givenUpEvent(devices, resync, now)),
    ]);
    return leases.flatMap((one) => dueResync(devices, one));
  });
}

/** One lease for each phone, however many resyncs are for it. The oldest names the reason. */
function lease(due: readonly Resync[], registrations: readonly StoredRegistration[], now: Date): Lease[] {
  const byPhone = new Map<string, Lease>();
  for (const resync of due) {
    for (const registration of registrations) {
      const { tokenId, deviceId } = registration;
      if (deviceId !== resync.deviceId || (resync.tokenId ?? tokenId) !== tokenId) continue;
      if (byPhone.has(tokenId)) continue;
      const firstSentAt = resync.firstSentAt ?? now;
      const sent = resync.sent + 1;
      const dueAt = resyncDueAfter(firstSentAt, sent, now);
      const id = resync.tokenId === null ? randomUUID() : resync.id;
      byPhone.set(tokenId, {
        resync: { ...resync, id, tokenId, callId: null, sent, firstSentAt, dueAt },
        registration,
      });
    }
  }
  return [...byPhone.values()];
}

function dueResync(
  devices: ReadonlyMap<string, DeviceIdentity>,
  { resync, registration }: Lease,
): DueResync[] {
  const device = devices.get(resync.deviceId);
  if (device === undefined) return [];
  const vendor: Vendor | null = vendorOf(device.vendor);
  const { event, headers, body } = vendor?.resync ?? CHECK_SYNC;
  return [
    {
      id: resyncReference(resync),
      contact: registration.contact,
      source: {
        protocol: registration.protocol,
        address: registration.sourceAddress,
        port: registration.sourcePort,
      },
      event,
      headers: { ...headers },
      body,
      user: registration.tokenId,
    },
  ];
}

function sentEvent(
  devices: ReadonlyMap<string, DeviceIdentity>,
  { resync, registration }: Lease,
  now: Date,
): NewEvent[] {
  const device = devices.get(resync.deviceId);
  if (device === undefined) return [];
  const by = { ...SYSTEM, address: registration.sourceAddress };
  return [deviceEvent(device, 'resync.sent', by, now, { reason: resync.reason, sent: resync.sent })];
}

function givenUpEvent(devices: ReadonlyMap<string, DeviceIdentity>, resync: Resync, now: Date): NewEvent[] {
  const device = devices.get(resync.deviceId);
  if (device === undefined) return [];
  const data = { reason: resync.reason, sent: resync.sent, failure: 'the phone did not fetch' };
  return [deviceEvent(device, 'resync.failed', SYSTEM, now, data)];
}

import { lookAt } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import { saveAuthentication } from '../../store/devices.js';
import { deleteLapsedEntryLocks } from '../../store/entry-locks.js';
import { recordEvents } from '../../store/events.js';
import { lockDevicesWhoseLockEnded } from '../../store/lapsed-devices.js';
import type { Queryable } from '../../store/store.js';
import { SYSTEM } from '../audit/actors.js';
import type { ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';
import { requestResync } from '../resync/resyncs.js';

const BATCH = 50;

/**
 * Writes down that a device's lock has ended, if it has, and has its phones fetch, for their
 * displays still say "failed". The first look at a device after its lock does so; the transaction
 * holds the device's row, so it happens once. Answers the device as it then is.
 */
export async function endLapsedLock(
  transaction: Queryable,
  device: Device,
  callId: string | null,
  now: Date,
): Promise<Device> {
  const authentication = lookAt(device.authentication, now);
  if (authentication === device.authentication) return device;
  await saveAuthentication(transaction, device.id, authentication, now);
  // Nothing is written of a decoy: it concerns no tenant, and there may be any number of them.
  if (device.kind !== 'decoy') {
    await recordEvents(transaction, [deviceEvent(device, 'device.needed', SYSTEM, now)]);
  }
  await requestResync(transaction, { deviceId: device.id, tokenId: null, callId, reason: 'needed' }, now);
  return { ...device, authentication };
}

/**
 * Ends all locks that are over. Several instances may do so at once: each takes the devices that no
 * other holds. Answers whether there may be more.
 */
export async function endLapsedLocks(context: ServiceContext): Promise<boolean> {
  return context.store.transaction(async (transaction) => {
    const now = context.clock.now();
    const devices = await lockDevicesWhoseLockEnded(transaction, now, BATCH);
    for (const device of devices) await endLapsedLock(transaction, device, null, now);
    return devices.length === BATCH;
  });
}

/**
 * Forgets which phones and addresses were locked out of a device until now. No display shows that,
 * so no phone needs to be told.
 */
export async function endLapsedEntryLocks({ store, clock }: ServiceContext): Promise<boolean> {
  await deleteLapsedEntryLocks(store.db, clock.now());
  return false;
}

import { lookAt } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import { lockDevicesWhoseLockEnded, saveAuthentication } from '../store/devices.js';
import { recordEvents } from '../store/events.js';
import type { Queryable } from '../store/store.js';
import { SYSTEM } from './actors.js';
import type { ServiceContext } from './context.js';
import { deviceEvent } from './device-event.js';
import { requestResync } from './resyncs.js';

const EVERY_MILLISECONDS = 1000;
const BATCH = 50;

/**
 * Writes down that a device's lock has ended, if it has, and has its phones fetch, for their displays still say "failed". Whoever looks at a
 * locked device first does so; the transaction holds the device's row, so it happens once. Answers the device as it then is.
 */
export async function endLapsedLock(
  transaction: Queryable,
  device: Device,
  callId: string | null,
  now: Date,
): Promise<Device> {
  const authentication = lookAt(device.authentication, now);
  if (authentication === device.authentication) return device;
  await saveAuthentication(transaction, device.id, authentication);
  await recordEvents(transaction, [deviceEvent(device, 'device.needed', SYSTEM, now)]);
  await requestResync(transaction, { deviceId: device.id, tokenId: null, callId, reason: 'needed' }, now);
  return { ...device, authentication };
}

/** Ends all locks that are over. Several instances may do so at once: each takes the devices that no other holds. Answers how many. */
export async function endLapsedLocks(context: ServiceContext): Promise<number> {
  return context.store.transaction(async (transaction) => {
    const now = context.clock.now();
    const devices = await lockDevicesWhoseLockEnded(transaction, now, BATCH);
    for (const device of devices) await endLapsedLock(transaction, device, null, now);
    return devices.length;
  });
}

/**
 * Looks every second for locks that are over, until stopped. Only phones and the audit log need it: a state that is read between two looks
 * is right without.
 */
export function startLockExpiry(context: ServiceContext): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    let ended = 0;
    try {
      ended = await endLapsedLocks(context);
    } catch (error) {
      context.log.error({ err: error }, 'locks that are over could not be ended; tried again in a second');
    }
    if (!stopped) lookIn(ended === BATCH ? 0 : EVERY_MILLISECONDS);
  };
  const lookIn = (milliseconds: number): void => {
    timer = setTimeout(() => {
      round = look();
    }, milliseconds);
  };
  lookIn(EVERY_MILLISECONDS);

  return {
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await round;
    },
  };
}

import type { Device } from '../../domain/device.js';
import type { NewEvent } from '../../domain/events.js';
import type { Mac } from '../../domain/mac.js';
import type { ResyncReason } from '../../domain/resync.js';
import { lockDevice } from '../../store/devices.js';
import { recordEvents } from '../../store/events.js';
import type { Queryable } from '../../store/store.js';
import type { ServiceContext } from '../context.js';
import { resyncAllPhones } from '../resync/resyncs.js';

/**
 * What has become of a device, and the line of the audit log that tells of it; null: nothing has.
 */
export interface DeviceChange {
  device: Device;
  event: NewEvent | null;
  /** There is nothing to tell its phones. */
  isUnchanged?: boolean;
}

/** An order that is refused because of what the device is; it stays as it was. */
export interface RefusedOrder {
  refused: 'unclaimed' | 'contested';
}

type Change<T> = (transaction: Queryable, device: Device, now: Date) => Promise<T>;

/**
 * Carries out an administrator's order on a device: its row is locked meanwhile, the event is
 * written, and all of its registered phones are told. Answers the device as it then is, null when
 * there is none, or why `change` refuses the order.
 */
export async function changeDevice(
  context: ServiceContext,
  mac: Mac,
  reason: ResyncReason,
  change: Change<DeviceChange>,
): Promise<Device | null>;
export async function changeDevice(
  context: ServiceContext,
  mac: Mac,
  reason: ResyncReason,
  change: Change<DeviceChange | RefusedOrder>,
): Promise<Device | RefusedOrder | null>;
export async function changeDevice(
  context: ServiceContext,
  mac: Mac,
  reason: ResyncReason,
  change: Change<DeviceChange | RefusedOrder>,
): Promise<Device | RefusedOrder | null> {
  return context.store.transaction(async (transaction) => {
    const found = await lockDevice(transaction, { mac });
    if (found === null) return null;
    const now = context.clock.now();
    const outcome = await change(transaction, found, now);
    if ('refused' in outcome) return outcome;
    const { device, event, isUnchanged = false } = outcome;
    if (event !== null) await recordEvents(transaction, [event]);
    if (!isUnchanged) await resyncAllPhones(transaction, device.id, reason, now);
    return device;
  });
}

/**
 * An administrator has the device's phones fetch their configuration. Answers the device, null when
 * there is none.
 */
export async function resyncDevice(context: ServiceContext, mac: Mac): Promise<Device | null> {
  return changeDevice(context, mac, 'requested', async (_, device) => ({ device, event: null }));
}

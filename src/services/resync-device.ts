import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import { lockDevice } from '../store/devices.js';
import type { ServiceContext } from './context.js';
import { requestResync } from './resyncs.js';

/** An administrator has the device's phones fetch their configuration. Answers the device, null when there is none. */
export async function resyncDevice(context: ServiceContext, mac: Mac): Promise<Device | null> {
  return context.store.transaction(async (transaction) => {
    const device = await lockDevice(transaction, { mac });
    if (device === null) return null;
    const wish = { deviceId: device.id, tokenId: null, callId: null, reason: 'requested' } as const;
    await requestResync(transaction, wish, context.clock.now());
    return device;
  });
}

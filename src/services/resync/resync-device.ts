import type { Device } from '../../domain/device.js';
import type { Mac } from '../../domain/mac.js';
import { changeDevice } from '../devices/change-device.js';
import type { ServiceContext } from '../context.js';

/**
 * An administrator has the device's phones fetch their configuration. Answers the device, null when
 * there is none.
 */
export async function resyncDevice(context: ServiceContext, mac: Mac): Promise<Device | null> {
  return changeDevice(context, mac, 'requested', async (_, device) => ({ device, event: null }));
}

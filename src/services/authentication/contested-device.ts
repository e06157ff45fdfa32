import type { Mac } from '../../domain/mac.js';
import { isContested } from '../../domain/trust.js';
import { findDeviceByMac } from '../../store/devices.js';
import { tokensOfDevice } from '../../store/tokens.js';
import type { ServiceContext } from '../context.js';

/**
 * Whether several phones claim a device: a suspension would serve each of them in full, and an
 * administrator who orders one must know that. A device that does not exist is not contested.
 */
export async function isDeviceContested(
  { store: { db }, clock }: Pick<ServiceContext, 'store' | 'clock'>,
  mac: Mac,
): Promise<boolean> {
  const device = await findDeviceByMac(db, mac);
  if (device === null) return false;
  return isContested(device, await tokensOfDevice(db, device.id), clock.now());
}

import { isSuspended, resume, suspend } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { Mac } from '../../domain/mac.js';
import { saveAuthentication, findDeviceByMac } from '../../store/devices.js';
import { findPolicy } from '../../store/tenants.js';
import { changeDevice } from '../devices/change-device.js';
import type { Actor, ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';
import { isContested } from '../../domain/trust.js';
import { tokensOfDevice } from '../../store/tokens.js';

/**
 * Leaflet, "Suspend Authentication": for a while, as long as `seconds` says or else the policy, the
 * device is served in full without a PAP; its state stays what it is. Phones that are registered
 * are told. Answers the device as it then is, null when there is none.
 */
export async function suspendAuthentication(
  context: ServiceContext,
  mac: Mac,
  actor: Actor,
  seconds: number | null = null,
): Promise<Device | null> {
  return changeDevice(context, mac, 'suspended', async (transaction, device, now) => {
    const { suspensionSeconds } = await findPolicy(transaction, device.tenantId);
    const wish = { suspensionSeconds: seconds ?? suspensionSeconds };
    const authentication = suspend(device.authentication, wish, now);
    await saveAuthentication(transaction, device.id, authentication);
    return {
      device: { ...device, authentication },
      event: deviceEvent(device, 'authentication.suspended', actor, now, {
        suspendedUntil: authentication.suspendedUntil?.toISOString() ?? null,
      }),
    };
  });
}

/**
 * Ends a suspension before its time: what proves nothing else gets the minimal configuration again.
 * Phones that are registered are told. A device that is not suspended stays as it is. Answers the
 * device as it then is, null when there is none.
 */
export async function endSuspension(context: ServiceContext, mac: Mac, actor: Actor): Promise<Device | null> {
  return changeDevice(context, mac, 'resumed', async (transaction, device, now) => {
    if (!isSuspended(device.authentication, now)) return { device, event: null, isUnchanged: true };
    const authentication = resume(device.authentication);
    await saveAuthentication(transaction, device.id, authentication);
    return {
      device: { ...device, authentication },
      event: deviceEvent(device, 'authentication.resumed', actor, now),
    };
  });
}

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

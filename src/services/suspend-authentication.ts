import { suspend } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import { completePolicy } from '../domain/policy.js';
import { lockDevice, saveAuthentication } from '../store/devices.js';
import { recordEvents } from '../store/events.js';
import { findStoredPolicy } from '../store/subscribers.js';
import type { Actor, ServiceContext } from './context.js';
import { deviceEvent } from './device-event.js';
import { requestResync } from './resyncs.js';

/**
 * Leaflet, "Suspend Authentication": for a while the device is served in full without a PAP; its state stays what it is. Phones that are
 * registered are told. Answers the device as it then is, null when there is none.
 */
export async function suspendAuthentication(
  context: ServiceContext,
  mac: Mac,
  actor: Actor,
): Promise<Device | null> {
  return context.store.transaction(async (transaction) => {
    const device = await lockDevice(transaction, { mac });
    if (device === null) return null;
    const now = context.clock.now();
    const policy = completePolicy(await findStoredPolicy(transaction, device.tenantId));
    const authentication = suspend(device.authentication, policy, now);
    await saveAuthentication(transaction, device.id, authentication);
    await recordEvents(transaction, [
      deviceEvent(device, 'authentication.suspended', actor, now, {
        suspendedUntil: authentication.suspendedUntil?.toISOString() ?? null,
      }),
    ]);
    await requestResync(
      transaction,
      { deviceId: device.id, tokenId: null, callId: null, reason: 'suspended' },
      now,
    );
    return { ...device, authentication };
  });
}

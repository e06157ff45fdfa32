import { isSuspended, resume, suspend } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { Mac } from '../../domain/mac.js';
import { saveAuthentication } from '../../store/devices.js';
import { findPolicy } from '../../store/tenants.js';
import { type RefusedOrder, changeDevice } from '../devices/change-device.js';
import type { Actor, ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';
import { isContested } from '../../domain/trust.js';
import { tokensOfDevice } from '../../store/tokens.js';

const UNCLAIMED: RefusedOrder = { refused: 'unclaimed' };
const CONTESTED: RefusedOrder = { refused: 'contested' };

/**
 * Leaflet, "Suspend Authentication": for a while, as long as `seconds` says or else the policy, the
 * device is served in full without a PAP; its state stays what it is. Phones that are registered
 * are told. Answers the device as it then is, null when there is none.
 *
 * An unclaimed device is refused: it has no line to be served. So is one that several phones claim,
 * without `force`: each of them would be served in full.
 */
export async function suspendAuthentication(
  context: ServiceContext,
  mac: Mac,
  actor: Actor,
  { seconds, force = false }: { seconds?: number | undefined; force?: boolean | undefined } = {},
): Promise<Device | RefusedOrder | null> {
  return changeDevice(context, mac, 'suspended', async (transaction, device, now) => {
    if (device.kind === 'unclaimed') return UNCLAIMED;
    if (!force && isContested(device, await tokensOfDevice(transaction, device.id), now)) return CONTESTED;
    const { suspensionSeconds } = await findPolicy(transaction, device.tenantId);
    const wish = { suspensionSeconds: seconds ?? suspensionSeconds };
    const authentication = suspend(device.authentication, wish, now);
    await saveAuthentication(transaction, device.id, authentication, now);
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
    await saveAuthentication(transaction, device.id, authentication, now);
    return {
      device: { ...device, authentication },
      event: deviceEvent(device, 'authentication.resumed', actor, now),
    };
  });
}

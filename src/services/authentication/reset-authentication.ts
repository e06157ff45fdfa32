import { awaitCode, reset } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { Mac } from '../../domain/mac.js';
import { openWindow } from '../../domain/window.js';
import { saveAuthentication, saveWindow, setAttention } from '../../store/devices.js';
import { deleteEntryLocks } from '../../store/entry-locks.js';
import { restartProgress } from '../../store/progress.js';
import { findPolicy } from '../../store/tenants.js';
import { revokeTokens } from '../../store/tokens.js';
import { changeDevice } from '../devices/change-device.js';
import type { Actor, ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';

/**
 * Leaflet, "Reset Authentication": whatever was proved counts no more. A new PAP at once, all
 * tokens revoked, counters, suspension and the flag for the administrator cleared; the phone may
 * come within a new window without asking again (Telavox: "the device will automatically be
 * authorized"). Phones that are registered are told. Answers the device as it then is, null when
 * there is none.
 */
export async function resetAuthentication(
  context: ServiceContext,
  mac: Mac,
  actor: Actor,
): Promise<Device | null> {
  return changeDevice(context, mac, 'reset', async (transaction, device, now) => {
    const policy = await findPolicy(transaction, device.tenantId);
    const authentication =
      device.kind === 'unclaimed'
        ? awaitCode(device.authentication)
        : reset(device.authentication, policy, now);
    const window = openWindow(policy, now);
    await saveAuthentication(transaction, device.id, authentication, now);
    await saveWindow(transaction, device.id, window);
    await setAttention(transaction, device.id, null);
    await revokeTokens(transaction, device.id);
    await deleteEntryLocks(transaction, device.id);
    await restartProgress(transaction, device.id, now);
    return {
      device: { ...device, ...window, authentication, attention: null },
      event: deviceEvent(device, 'authentication.reset', actor, now, { was: device.authentication.state }),
    };
  });
}

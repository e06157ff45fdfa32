import { awaitCode } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { Mac } from '../../domain/mac.js';
import { saveOwner } from '../../store/device-changes.js';
import { replaceDeviceLines } from '../../store/device-lines.js';
import { saveAuthentication, saveWindow, setAttention } from '../../store/devices.js';
import { deleteEntryLocks } from '../../store/entry-locks.js';
import { restartProgress } from '../../store/progress.js';
import { revokeTokens } from '../../store/tokens.js';
import { changeDevice } from '../devices/change-device.js';
import type { Actor, ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';

/**
 * The device waits for the code of a line again, as if it had just been taken out of its box. Wazo,
 * "Tenant assignation": "When the device is reset to autoprov, the device stays in its tenant." Its
 * lines are taken away, its tokens revoked, and phones that are registered are told. Answers the
 * device as it then is, null when there is none.
 */
export async function resetToAutoprov(
  context: ServiceContext,
  mac: Mac,
  actor: Actor,
): Promise<Device | null> {
  return changeDevice(context, mac, 'autoprov', async (transaction, device, now) => {
    const reset: Device = {
      ...device,
      kind: 'unclaimed',
      authentication: awaitCode(device.authentication),
      attention: null,
      firstSyncUntil: null,
      firstSyncedAt: null,
      windowClaimedBy: null,
    };
    await saveOwner(transaction, reset);
    await saveAuthentication(transaction, device.id, reset.authentication, now);
    await saveWindow(transaction, device.id, reset);
    await setAttention(transaction, device.id, null);
    await replaceDeviceLines(transaction, device.id, []);
    await revokeTokens(transaction, device.id);
    await deleteEntryLocks(transaction, device.id);
    await restartProgress(transaction, device.id, now);
    return {
      device: reset,
      event: deviceEvent(reset, 'device.reset_to_autoprov', actor, now, { was: device.authentication.state }),
    };
  });
}

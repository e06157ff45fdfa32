import { awaitCode } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import { saveOwner } from '../store/device-changes.js';
import { replaceDeviceLines } from '../store/device-lines.js';
import { lockDevice, saveAuthentication, saveWindow, setAttention } from '../store/devices.js';
import { recordEvents } from '../store/events.js';
import { deleteSourceLocks } from '../store/source-locks.js';
import { revokeTokens } from '../store/tokens.js';
import type { Actor, ServiceContext } from './context.js';
import { deviceEvent } from './device-event.js';
import { requestResync } from './resyncs.js';

/**
 * The device waits for the code of a line again, as if it had just been taken out of its box. Wazo, "Tenant assignation": "When the device is
 * reset to autoprov, the device stays in its tenant." Its lines are taken away, its tokens revoked, and phones that are registered are told.
 * Answers the device as it then is, null when there is none.
 */
export async function resetToAutoprov(
  context: ServiceContext,
  mac: Mac,
  actor: Actor,
): Promise<Device | null> {
  return context.store.transaction(async (transaction) => {
    const device = await lockDevice(transaction, { mac });
    if (device === null) return null;
    const now = context.clock.now();
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
    await saveAuthentication(transaction, device.id, reset.authentication);
    await saveWindow(transaction, device.id, reset);
    await setAttention(transaction, device.id, null);
    await replaceDeviceLines(transaction, device.id, []);
    await revokeTokens(transaction, device.id);
    await deleteSourceLocks(transaction, device.id);
    await recordEvents(transaction, [
      deviceEvent(reset, 'device.reset_to_autoprov', actor, now, { was: device.authentication.state }),
    ]);
    const wish = { deviceId: device.id, tokenId: null, callId: null, reason: 'autoprov' } as const;
    await requestResync(transaction, wish, now);
    return reset;
  });
}

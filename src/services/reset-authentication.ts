import { awaitCode, reset } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import { completePolicy } from '../domain/policy.js';
import { openWindow } from '../domain/window.js';
import { lockDevice, saveAuthentication, saveWindow, setAttention } from '../store/devices.js';
import { recordEvents } from '../store/events.js';
import { deleteSourceLocks } from '../store/source-locks.js';
import { findStoredPolicy } from '../store/subscribers.js';
import { revokeTokens } from '../store/tokens.js';
import type { Actor, ServiceContext } from './context.js';
import { deviceEvent } from './device-event.js';
import { requestResync } from './resyncs.js';

/**
 * Leaflet, "Reset Authentication": whatever was proved counts no more. A new PAP at once, all tokens revoked, counters, suspension and the
 * flag for the administrator cleared; the phone may come within a new window without asking again (Telavox: "the device will automatically be
 * authorized"). Phones that are registered are told. Answers the device as it then is, null when there is none.
 */
export async function resetAuthentication(
  context: ServiceContext,
  mac: Mac,
  actor: Actor,
): Promise<Device | null> {
  return context.store.transaction(async (transaction) => {
    const device = await lockDevice(transaction, { mac });
    if (device === null) return null;
    const now = context.clock.now();
    const policy = completePolicy(await findStoredPolicy(transaction, device.tenantId));
    const authentication =
      device.kind === 'unclaimed'
        ? awaitCode(device.authentication)
        : reset(device.authentication, policy, now);
    const window = openWindow(policy, now);
    await saveAuthentication(transaction, device.id, authentication);
    await saveWindow(transaction, device.id, window);
    await setAttention(transaction, device.id, null);
    await revokeTokens(transaction, device.id);
    await deleteSourceLocks(transaction, device.id);
    await recordEvents(transaction, [
      deviceEvent(device, 'authentication.reset', actor, now, { was: device.authentication.state }),
    ]);
    await requestResync(
      transaction,
      { deviceId: device.id, tokenId: null, callId: null, reason: 'reset' },
      now,
    );
    return { ...device, ...window, authentication, attention: null };
  });
}

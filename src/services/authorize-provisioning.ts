import { type Authentication, rearm } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import { type Policy, completePolicy } from '../domain/policy.js';
import { openWindow } from '../domain/window.js';
import { lockDevice, saveAuthentication, saveWindow, setAttention } from '../store/devices.js';
import { recordEvents } from '../store/events.js';
import { findStoredPolicy } from '../store/subscribers.js';
import type { Actor, ServiceContext } from './context.js';
import { deviceEvent } from './device-event.js';
import { requestResync } from './resyncs.js';

/** What an administrator is asked to look at, and has looked at when he authorizes. */
const ANSWERED: readonly (string | null)[] = ['inactive', 'token_missing', 'contested'];

/**
 * Telavox, "Authorize provisioning": a new "first sync until" is stored, for whichever phone comes first; phones that wait are told, and those
 * that cannot be told ask again within a minute. Answers the device as it then is, null when there is none.
 */
export async function authorizeProvisioning(
  context: ServiceContext,
  mac: Mac,
  actor: Actor,
): Promise<Device | null> {
  return context.store.transaction(async (transaction) => {
    const device = await lockDevice(transaction, { mac });
    if (device === null) return null;
    const now = context.clock.now();
    const policy = completePolicy(await findStoredPolicy(transaction, device.tenantId));
    const window = openWindow(policy, now);
    const authentication = authenticationAfter(device, policy, now);
    const attention = ANSWERED.includes(device.attention) ? null : device.attention;
    await saveWindow(transaction, device.id, window);
    if (authentication !== device.authentication)
      await saveAuthentication(transaction, device.id, authentication);
    await setAttention(transaction, device.id, attention);
    await recordEvents(transaction, [
      deviceEvent(device, 'provisioning.authorized', actor, now, {
        firstSyncUntil: window.firstSyncUntil?.toISOString() ?? null,
      }),
    ]);
    await requestResync(
      transaction,
      { deviceId: device.id, tokenId: null, callId: null, reason: 'authorized' },
      now,
    );
    return { ...device, ...window, authentication, attention };
  });
}

/**
 * Where a PAP is needed beside the approval, a phone that lost its token has none to key in: the device's was retired when it proved itself. So it
 * gets a fresh one; what is held elsewhere stays good until that has been keyed in.
 */
function authenticationAfter(
  { authentication, attention }: Device,
  policy: Policy,
  now: Date,
): Authentication {
  const hasLostToken = authentication.state === 'successful' && attention === 'token_missing';
  return hasLostToken && policy.secondFactor === 'pap+window'
    ? rearm(authentication, policy, now)
    : authentication;
}

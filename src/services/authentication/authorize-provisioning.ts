import { type Authentication, rearm } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { Mac } from '../../domain/mac.js';
import type { Policy } from '../../domain/policy.js';
import { openWindow } from '../../domain/window.js';
import { saveAuthentication, saveWindow, setAttention } from '../../store/devices.js';
import { findPolicy } from '../../store/tenants.js';
import { type RefusedOrder, changeDevice } from '../devices/change-device.js';
import type { Actor, ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';

const UNCLAIMED: RefusedOrder = { refused: 'unclaimed' };
/** The flags that an authorization answers. */
const ANSWERED: readonly (string | null)[] = ['inactive', 'token_missing', 'contested'];

/**
 * Telavox, "Authorize provisioning": a new "first sync until" is stored, for whichever phone comes
 * first; phones that wait are told, and those that cannot be told ask again within a minute.
 * Answers the device as it then is, null when there is none. An unclaimed device is refused: it has
 * no line to be served.
 */
export async function authorizeProvisioning(
  context: ServiceContext,
  mac: Mac,
  actor: Actor,
): Promise<Device | RefusedOrder | null> {
  return changeDevice(context, mac, 'authorized', async (transaction, device, now) => {
    if (device.kind === 'unclaimed') return UNCLAIMED;
    const policy = await findPolicy(transaction, device.tenantId);
    const window = openWindow(policy, now);
    const authentication = authenticationAfter(device, policy, now);
    const attention = ANSWERED.includes(device.attention) ? null : device.attention;
    await saveWindow(transaction, device.id, window);
    if (authentication !== device.authentication)
      await saveAuthentication(transaction, device.id, authentication, now);
    await setAttention(transaction, device.id, attention);
    return {
      device: { ...device, ...window, authentication, attention },
      event: deviceEvent(device, 'provisioning.authorized', actor, now, {
        firstSyncUntil: window.firstSyncUntil?.toISOString() ?? null,
      }),
    };
  });
}

/**
 * Where a PAP is needed beside the approval, a phone that lost its token has none to key in: the
 * device's was retired when it proved itself. So it gets a fresh one; what is held elsewhere stays
 * good until that has been keyed in.
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

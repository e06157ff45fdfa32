import type { Device } from '../../domain/device.js';
import { afterLapsedRelease } from '../../domain/release.js';
import { RELEASE_SECONDS, isReleaseLapsed } from '../../domain/token.js';
import { addSeconds } from '../../domain/time.js';
import { saveAuthentication, setAttention } from '../../store/devices.js';
import { recordEvents } from '../../store/events.js';
import { lockDevicesWithReleasesBy } from '../../store/lapsed-devices.js';
import type { Queryable } from '../../store/store.js';
import { findPolicy } from '../../store/tenants.js';
import { takeBackReleases, tokensOfDevice } from '../../store/tokens.js';
import { SYSTEM } from '../audit/actors.js';
import type { ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';
import { resyncAllPhones } from '../resync/resyncs.js';

const BATCH = 50;

/**
 * Takes back what was released for a phone that did not come for it: its token is a bootstrap token
 * again, and a device that no phone has proved itself for is needed again, with a fresh PAP. For a
 * device that this transaction has locked, so it happens once. Answers the device as it then is.
 */
export async function endLapsedReleases(transaction: Queryable, device: Device, now: Date): Promise<Device> {
  const tokens = await tokensOfDevice(transaction, device.id);
  const lapsed = tokens.filter((token) => isReleaseLapsed(token, now));
  if (lapsed.length === 0) return device;
  await takeBackReleases(
    transaction,
    lapsed.map((token) => token.id),
  );
  const policy = await findPolicy(transaction, device.tenantId);
  const authentication = afterLapsedRelease(device.authentication, tokens, policy, now);
  if (authentication === device.authentication) return device;

  const attention = device.attention ?? 'not_fetched';
  await saveAuthentication(transaction, device.id, authentication, now);
  await setAttention(transaction, device.id, attention);
  await recordEvents(transaction, [
    deviceEvent(device, 'device.needed', SYSTEM, now, { because: 'not-fetched' }),
  ]);
  await resyncAllPhones(transaction, device.id, 'needed', now);
  return { ...device, authentication, attention };
}

/**
 * Takes back all releases that have lapsed; of several instances, each those of the devices that no
 * other holds. Answers whether there may be more.
 */
export async function endAllLapsedReleases(context: ServiceContext): Promise<boolean> {
  return context.store.transaction(async (transaction) => {
    const now = context.clock.now();
    const releasedBy = addSeconds(now, -RELEASE_SECONDS);
    const devices = await lockDevicesWithReleasesBy(transaction, releasedBy, BATCH);
    for (const device of devices) await endLapsedReleases(transaction, device, now);
    return devices.length === BATCH;
  });
}

import { reset } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { Policy } from '../../domain/policy.js';
import { openWindow } from '../../domain/window.js';
import { saveOwner } from '../../store/device-changes.js';
import { saveAuthentication, saveWindow } from '../../store/devices.js';
import { deleteEntryLocks } from '../../store/entry-locks.js';
import type { Queryable } from '../../store/store.js';
import { resyncAllPhones } from '../resync/resyncs.js';

/**
 * An administrator makes an unclaimed device one of a tenant's. That proves nothing of its phone,
 * so it needs authentication like any other; the tokens that its phone got while it was unclaimed
 * are good enough to call with. Answers the device as it then is.
 */
export async function adoptDevice(
  transaction: Queryable,
  device: Device,
  policy: Policy,
  now: Date,
): Promise<Device> {
  const adopted: Device = {
    ...device,
    kind: 'managed',
    authentication: reset(device.authentication, policy, now),
    ...openWindow(policy, now),
  };
  await saveOwner(transaction, adopted);
  await saveAuthentication(transaction, device.id, adopted.authentication, now);
  await saveWindow(transaction, device.id, adopted);
  await deleteEntryLocks(transaction, device.id);
  await resyncAllPhones(transaction, device.id, 'needed', now);
  return adopted;
}

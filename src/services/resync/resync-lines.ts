import type { Device } from '../../domain/device.js';
import { lookAt } from '../../domain/authentication.js';
import type { Queryable } from '../../store/store.js';
import { resyncAllPhones } from './resyncs.js';

/** Has the phones of devices fetch whose lines have changed; one that has not proved itself gets none of them, and need not. */
export async function resyncForLines(
  transaction: Queryable,
  devices: readonly Pick<Device, 'id' | 'authentication'>[],
  now: Date,
): Promise<void> {
  for (const { id, authentication } of devices) {
    if (lookAt(authentication, now).state === 'successful')
      await resyncAllPhones(transaction, id, 'lines', now);
  }
}

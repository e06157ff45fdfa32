import type { Queryable } from '../../store/store.js';
import { devicesServedFull } from '../../store/tokens.js';
import { resyncAllPhones } from './resyncs.js';

/**
 * Has the phones of devices fetch whose lines have changed; those that still wait get none of them,
 * and need not.
 */
export async function resyncForLines(
  transaction: Queryable,
  deviceIds: readonly string[],
  now: Date,
): Promise<void> {
  const served = await devicesServedFull(transaction, deviceIds);
  for (const id of deviceIds) if (served.has(id)) await resyncAllPhones(transaction, id, 'lines', now);
}

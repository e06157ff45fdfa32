import { recordEvents } from '../../store/events.js';
import { deleteExpiredNetworks } from '../../store/networks.js';
import { SYSTEM } from '../audit/actors.js';
import type { ServiceContext } from '../context.js';
import { networkEvent } from './network-event.js';

const BATCH = 100;

/**
 * Removes the temporary networks whose time is over; they have counted for nothing since. Answers
 * whether there may be more.
 */
export async function closeExpiredNetworks(context: ServiceContext): Promise<boolean> {
  return context.store.transaction(async (transaction) => {
    const now = context.clock.now();
    const expired = await deleteExpiredNetworks(transaction, now, BATCH);
    await recordEvents(
      transaction,
      expired.map((network) => networkEvent(network, 'network.closed', SYSTEM, now, { because: 'expired' })),
    );
    return expired.length === BATCH;
  });
}

import type { NewEvent } from '../../domain/events.js';
import { addSeconds } from '../../domain/time.js';
import { UNPROVEN_TOKEN_SECONDS } from '../../domain/token.js';
import { recordEvents } from '../../store/events.js';
import { type EndedDevice, deleteUnusedUnclaimed, dropDecoys } from '../../store/unmanaged-devices.js';
import { SYSTEM } from '../audit/actors.js';
import type { ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';
import type { Lapse } from '../sweep.js';

const EVERY_SECONDS = 60;
const BATCH = 100;

/**
 * Devices that phones were given without anybody's asking go when no phone has used them for as
 * long as an unproven token lives; decoys go when the installation is not set to them any more.
 * Looked at once a minute.
 */
export function unusedDevices(context: ServiceContext): Lapse {
  let next = new Date(0);
  return {
    what: 'unused devices',
    look: async () => {
      const now = context.clock.now();
      if (now < next) return false;
      const isMore = await endUnusedDevices(context);
      if (!isMore) next = addSeconds(now, EVERY_SECONDS);
      return isMore;
    },
  };
}

/** The end of those whose beginning is in the audit log as well. */
export function deletedEvents(
  ended: readonly EndedDevice[],
  reason: 'unused' | 'crowded-out',
  now: Date,
): NewEvent[] {
  return ended
    .filter(({ isTold }) => isTold)
    .map(({ device }) => deviceEvent(device, 'device.deleted', SYSTEM, now, { reason }));
}

/** Answers whether there may be more. */
export async function endUnusedDevices(context: ServiceContext): Promise<boolean> {
  const { store, clock, installation } = context;
  const now = clock.now();
  return store.transaction(async (transaction) => {
    const usedUntil = addSeconds(now, -UNPROVEN_TOKEN_SECONDS);
    const unused = await deleteUnusedUnclaimed(transaction, usedUntil, BATCH);
    await recordEvents(transaction, deletedEvents(unused, 'unused', now));
    const dropped = installation.unknownDevices === 'decoy' ? 0 : await dropDecoys(transaction, BATCH);
    return unused.length === BATCH || dropped === BATCH;
  });
}

import { setImmediate as turn } from 'node:timers/promises';
import type { DeviceFilter } from '../../store/device-filter.js';
import { type DeviceSlice, IN_ORDER_OF_CREATION, listDevices } from '../../store/device-list.js';
import type { Actor, ServiceContext } from '../context.js';
import { type DeviceDetails, showDevices } from './device-details.js';

/** A device as a list for people shows it. */
export interface ExportedDevice extends DeviceDetails {
  pap: string | null;
}

const DEVICES_AT_ONCE = 250;

/**
 * All devices that a filter lets through, in order of creation, a page at a time: a page is read
 * when it is asked for, and its PAPs are in the audit log by then. What is made or changed
 * meanwhile may be in it or not.
 */
export async function* exportDevices(
  context: ServiceContext,
  filter: DeviceFilter,
  actor: Actor,
): AsyncGenerator<ExportedDevice[]> {
  const { db } = context.store;
  let after: DeviceSlice['after'] = null;
  do {
    const page = await listDevices(
      db,
      filter,
      { ...IN_ORDER_OF_CREATION, limit: DEVICES_AT_ONCE, after },
      context.clock.now(),
    );
    const shown = await showDevices(context, page.items, actor);
    yield shown.map((details) => ({ ...details, pap: details.pap ?? null }));
    after = page.next;
    // The embedded database computes in this thread and never waits: without this no other request
    // would be served meanwhile.
    await turn();
  } while (after !== null);
}

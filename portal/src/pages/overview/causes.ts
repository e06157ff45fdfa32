import { type Device, lookOf } from '../../parts/state-badge.js';

export interface Cause {
  key: string;
  first: Device;
  /** How many more there are with the same cause. */
  others: number;
  /** The filter of the list that shows them all. */
  search: string;
}

/** Devices with one cause are one row: the same stage or flag, behind the same address. */
export function groupByCause(devices: readonly Device[]): Cause[] {
  const groups = new Map<string, Cause>();
  for (const device of devices) {
    const { key: look } = lookOf(device);
    const key = [look, device.stuck?.stage, device.attention, device.siteId, device.lastSeenAddress].join(
      '|',
    );
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { key, first: device, others: 0, search: searchOf(device) });
    else groups.set(key, { ...known, others: known.others + 1 });
  }
  return [...groups.values()].toSorted((a, b) => b.others - a.others);
}

function searchOf({ tenantId, siteId, stuck }: Device): string {
  const search = new URLSearchParams(
    stuck === null ? { attention: 'true' } : { waiting: 'true', stuck: 'true' },
  );
  if (tenantId !== null) search.set('tenantId', tenantId);
  if (siteId !== null) search.set('siteId', siteId);
  return search.toString();
}

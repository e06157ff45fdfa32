/** Devices for which something has ended by itself that must be written down. */
import type { Device } from '../domain/device.js';
import { DEVICE_COLUMNS, deviceFromRow } from './devices.js';
import type { Queryable } from './store.js';

/**
 * Devices whose lock is over at `now`, held for this transaction; those that another one holds are
 * left to it.
 */
export async function lockDevicesWhoseLockEnded(
  transaction: Queryable,
  now: Date,
  limit: number,
): Promise<Device[]> {
  const rows = await transaction
    .selectFrom('devices')
    .select(DEVICE_COLUMNS)
    .where('state', '=', 'failed')
    .where('failedUntil', '<=', now)
    .orderBy('failedUntil')
    .limit(limit)
    .forNoKeyUpdate()
    .skipLocked()
    .execute();
  return rows.map(deviceFromRow);
}

/** Devices that have a token which was released by `releasedBy` and not come for, held likewise. */
export async function lockDevicesWithReleasesBy(
  transaction: Queryable,
  releasedBy: Date,
  limit: number,
): Promise<Device[]> {
  const waiting = transaction
    .selectFrom('tokens')
    .select('deviceId')
    .where('state', '=', 'released')
    .where('releasedAt', '<=', releasedBy)
    .orderBy('releasedAt')
    .limit(limit);
  const rows = await transaction
    .selectFrom('devices')
    .select(DEVICE_COLUMNS)
    .where('id', 'in', waiting)
    .forNoKeyUpdate()
    .skipLocked()
    .execute();
  return rows.map(deviceFromRow);
}

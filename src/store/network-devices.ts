import { sql } from 'kysely';
import type { Queryable } from './store.js';

/**
 * Counts a device as one that a temporary network has let in, if there is room; answers whether it
 * is. The network's row is held meanwhile, so that two devices do not take the last place; one that
 * has expired or was deleted admits none.
 */
export async function admitDevice(
  transaction: Queryable,
  networkId: string,
  deviceId: string,
  maxDevices: number,
  now: Date,
): Promise<boolean> {
  const network = await transaction
    .selectFrom('networks')
    .select('id')
    .where('id', '=', networkId)
    .where('expiresAt', '>', now)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (network === undefined) return false;
  const { devices, hasDevice } = await transaction
    .selectFrom('networkDevices')
    .select([
      sql<number>`count(*)::integer`.as('devices'),
      sql<boolean>`coalesce(bool_or(device_id = ${deviceId}), false)`.as('hasDevice'),
    ])
    .where('networkId', '=', networkId)
    .executeTakeFirstOrThrow();
  if (hasDevice) return true;
  if (devices >= maxDevices) return false;
  await transaction.insertInto('networkDevices').values({ networkId, deviceId }).execute();
  return true;
}

/** Forgets whom a network has let in: it begins anew. For a transaction that holds its row. */
export async function forgetDevices(transaction: Queryable, networkId: string): Promise<void> {
  await transaction.deleteFrom('networkDevices').where('networkId', '=', networkId).execute();
}

import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import type { Queryable } from './store.js';

/**
 * Writes what an administrator may change of a device; its authentication is another matter
 * (`saveAuthentication`).
 */
export async function updateDevice(
  transaction: Queryable,
  device: Pick<
    Device,
    'id' | 'vendor' | 'model' | 'label' | 'serialNumber' | 'siteId' | 'settings' | 'attention'
  >,
): Promise<void> {
  await transaction
    .updateTable('devices')
    .set({
      vendor: device.vendor,
      model: device.model,
      label: device.label,
      serialNumber: device.serialNumber,
      siteId: device.siteId,
      settings: JSON.stringify(device.settings),
      attention: device.attention,
    })
    .where('id', '=', device.id)
    .execute();
}

/**
 * Writes whose a device is, and what that makes of it; only for a device that this transaction has
 * locked.
 */
export async function saveOwner(
  transaction: Queryable,
  { id, kind, tenantId }: Pick<Device, 'id' | 'kind' | 'tenantId'>,
): Promise<void> {
  await transaction.updateTable('devices').set({ kind, tenantId }).where('id', '=', id).execute();
}

/** Deletes a device with its tokens, registrations, resyncs and calls. */
export async function deleteDevice(transaction: Queryable, id: string): Promise<void> {
  await transaction.deleteFrom('devices').where('id', '=', id).execute();
}

/**
 * Deletes the unclaimed devices and decoys with these MACs.
 */
export async function deleteOwnerless(transaction: Queryable, macs: readonly Mac[]): Promise<void> {
  if (macs.length === 0) return;
  await transaction
    .deleteFrom('devices')
    .where('mac', 'in', [...macs])
    .where('kind', '<>', 'managed')
    .where('tenantId', 'is', null)
    .execute();
}

/** Deletes some of a tenant's devices, and answers their MACs; none when there are none left. */
export async function deleteDevicesOfTenant(
  transaction: Queryable,
  tenantId: string,
  limit: number,
): Promise<Mac[]> {
  const rows = await transaction
    .deleteFrom('devices')
    .where('id', 'in', (devices) =>
      devices.selectFrom('devices').select('id').where('tenantId', '=', tenantId).limit(limit),
    )
    .returning('mac')
    .execute();
  return rows.map((row) => row.mac);
}

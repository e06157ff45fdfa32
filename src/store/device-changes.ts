import type { Device } from '../domain/device.js';
import type { Queryable } from './store.js';

/** Writes what an administrator may change of a device; its authentication is another matter (`saveAuthentication`). */
export async function updateDevice(
  transaction: Queryable,
  device: Pick<Device, 'id' | 'vendor' | 'model' | 'label' | 'siteId' | 'settings'>,
): Promise<void> {
  await transaction
    .updateTable('devices')
    .set({
      vendor: device.vendor,
      model: device.model,
      label: device.label,
      site_id: device.siteId,
      settings: JSON.stringify(device.settings),
    })
    .where('id', '=', device.id)
    .execute();
}

/** Deletes a device with its tokens, registrations, resyncs and calls. */
export async function deleteDevice(transaction: Queryable, id: string): Promise<void> {
  await transaction.deleteFrom('devices').where('id', '=', id).execute();
}

import type { Device } from '../../domain/device.js';
import type { EventType, NewEvent } from '../../domain/events.js';
import type { Actor } from '../context.js';

/** A line of the audit log about a device. `data` never holds a secret. */
export function deviceEvent(
  device: Pick<Device, 'mac' | 'tenantId'>,
  type: EventType,
  by: Actor,
  at: Date,
  data: Record<string, unknown> = {},
): NewEvent {
  return { at, type, tenantId: device.tenantId, mac: device.mac, actor: by.name, address: by.address, data };
}

import type { EventType, NewEvent } from '../../domain/events.js';
import type { Network } from '../../store/networks.js';
import type { Actor } from '../context.js';

/** A line of the audit log about a network, with the MAC of the device whose success opened it. */
export function networkEvent(
  network: Pick<Network, 'id' | 'tenantId' | 'prefix' | 'kind' | 'openedFor' | 'expiresAt'>,
  type: Extract<EventType, `network.${string}`>,
  by: Actor,
  at: Date,
  data: Record<string, unknown>,
): NewEvent {
  const { id, tenantId, prefix, kind, openedFor } = network;
  const expiresAt = network.expiresAt?.toISOString() ?? null;
  return {
    at,
    type,
    tenantId,
    mac: openedFor,
    actor: by.name,
    address: by.address,
    data: { id, prefix, kind, expiresAt, ...data },
  };
}

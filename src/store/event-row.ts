import type { Selectable } from 'kysely';
import type { WrittenEvent } from '../domain/audit.js';
import type { Database } from './schema.js';

/** What an event is read by. */
export const EVENT_COLUMNS = ['id', 'at', 'type', 'tenant_id', 'mac', 'actor', 'address', 'data'] as const;

export function eventFromRow(
  row: Pick<Selectable<Database['events']>, (typeof EVENT_COLUMNS)[number]>,
): WrittenEvent {
  return {
    id: String(row.id),
    at: row.at,
    type: row.type,
    tenantId: row.tenant_id,
    mac: row.mac,
    actor: row.actor,
    address: row.address,
    data: row.data,
  };
}

import type { EventType } from '../domain/events.js';
import type { Mac } from '../domain/mac.js';
import type { Queryable } from './store.js';

/** A line of the audit log as it was written. Ids grow with time. */
export interface RecordedEvent {
  id: string;
  at: Date;
  type: EventType;
  tenantId: string | null;
  mac: string | null;
  actor: string;
  address: string | null;
  data: Record<string, unknown>;
}

export interface EventFilter {
  mac?: Mac | undefined;
  tenantId?: string | undefined;
  type?: EventType | undefined;
  since?: Date | undefined;
  /** Events after the one with this id. */
  after: string | null;
  limit: number;
}

const COLUMNS = ['id', 'at', 'type', 'tenant_id', 'mac', 'actor', 'address', 'data'] as const;

/** Events that match every given part of the filter, in the order in which they were written. */
export async function listEvents(
  db: Queryable,
  filter: EventFilter,
): Promise<{ items: RecordedEvent[]; more: boolean }> {
  let query = db
    .selectFrom('events')
    .select(COLUMNS)
    .orderBy('id')
    .limit(filter.limit + 1);
  if (filter.mac !== undefined) query = query.where('mac', '=', filter.mac);
  if (filter.tenantId !== undefined) query = query.where('tenant_id', '=', filter.tenantId);
  if (filter.type !== undefined) query = query.where('type', '=', filter.type);
  if (filter.since !== undefined) query = query.where('at', '>=', filter.since);
  if (filter.after !== null) query = query.where('id', '>', filter.after);
  const rows = await query.execute();
  const items = rows.slice(0, filter.limit).map((row) => ({
    id: String(row.id),
    at: row.at,
    type: row.type,
    tenantId: row.tenant_id,
    mac: row.mac,
    actor: row.actor,
    address: row.address,
    data: row.data,
  }));
  return { items, more: rows.length > items.length };
}

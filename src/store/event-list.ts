import type { WrittenEvent } from '../domain/audit.js';
import type { EventType } from '../domain/events.js';
import type { Mac } from '../domain/mac.js';
import { EVENT_COLUMNS, eventFromRow } from './event-row.js';
import type { Queryable } from './store.js';

export interface EventFilter {
  mac?: Mac | undefined;
  tenantId?: string | undefined;
  type?: EventType | undefined;
  since?: Date | undefined;
  /** Events after the one with this id. */
  after: string | null;
  limit: number;
}

/** Events that match every given part of the filter, in the order in which they were written. */
export async function listEvents(
  db: Queryable,
  filter: EventFilter,
): Promise<{ items: WrittenEvent[]; more: boolean }> {
  let query = db
    .selectFrom('events')
    .select(EVENT_COLUMNS)
    .orderBy('id')
    .limit(filter.limit + 1);
  if (filter.mac !== undefined) query = query.where('mac', '=', filter.mac);
  if (filter.tenantId !== undefined) query = query.where('tenant_id', '=', filter.tenantId);
  if (filter.type !== undefined) query = query.where('type', '=', filter.type);
  if (filter.since !== undefined) query = query.where('at', '>=', filter.since);
  if (filter.after !== null) query = query.where('id', '>', filter.after);
  const rows = await query.execute();
  const items = rows.slice(0, filter.limit).map(eventFromRow);
  return { items, more: rows.length > items.length };
}

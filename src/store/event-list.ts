import type { Selectable } from 'kysely';
import type { SealedEvent, WrittenEvent } from '../domain/audit.js';
import type { EventType } from '../domain/events.js';
import type { Mac } from '../domain/mac.js';
import type { TenantScope } from '../domain/role.js';
import type { Queryable } from './store.js';
import type { Database } from './schema.js';
import { isOfScope } from './tenant-scope.js';

/** What an event must be to be listed; a part that is absent asks for nothing. */
export interface EventFilter {
  /** Of these tenants, whatever else is asked for. */
  scope: TenantScope;
  mac?: Mac | undefined;
  tenantId?: string | undefined;
  /** Any of them. */
  types?: readonly EventType[] | undefined;
  actor?: string | undefined;
  /** Both inclusive. */
  since?: Date | undefined;
  until?: Date | undefined;
}

/**
 * Up to `limit` events behind a position in the order that is asked for: above it when `asc`, below
 * it when `desc`; null begins at the end.
 */
export interface EventPage {
  order: 'asc' | 'desc';
  after: number | null;
  /** The last position that is looked at, in `asc`. */
  upTo?: number;
  limit: number;
}

/** A sealed event as it is read: without its seal. */
export type ListedEvent = Omit<SealedEvent, 'seal'>;

/**
 * Sealed events that match every given part of the filter, in the order of their positions. A
 * position is given after the commit and has no gaps below it, so a reader who goes on behind the
 * last one it has seen misses nothing.
 */
export async function listEvents(
  db: Queryable,
  filter: EventFilter,
  { order, after, upTo, limit }: EventPage,
): Promise<{ items: ListedEvent[]; more: boolean }> {
  const { scope, mac, tenantId, types, actor, since, until } = filter;
  let query = db
    .selectFrom('events')
    .select([...EVENT_COLUMNS, 'position'])
    .where('position', 'is not', null)
    .where(isOfScope(scope, 'tenant_id'))
    .orderBy('position', order)
    .limit(limit + 1);
  if (mac !== undefined) query = query.where('mac', '=', mac);
  if (tenantId !== undefined) query = query.where('tenantId', '=', tenantId);
  if (types !== undefined) query = query.where('type', 'in', [...types]);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (since !== undefined) query = query.where('at', '>=', since);
  if (until !== undefined) query = query.where('at', '<=', until);
  if (after !== null) query = query.where('position', order === 'asc' ? '>' : '<', String(after));
  if (upTo !== undefined) query = query.where('position', '<=', String(upTo));
  const rows = await query.execute();
  const items = rows
    .slice(0, limit)
    .map(({ position, ...row }) => ({ ...eventFromRow(row), position: Number(position) }));
  return { items, more: rows.length > items.length };
}

/** What an event is read by. */
export const EVENT_COLUMNS = ['id', 'at', 'type', 'tenantId', 'mac', 'actor', 'address', 'data'] as const;

export function eventFromRow(
  row: Pick<Selectable<Database['events']>, (typeof EVENT_COLUMNS)[number]>,
): WrittenEvent {
  return { ...row, id: String(row.id) };
}

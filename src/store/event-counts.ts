import { sql } from 'kysely';
import type { EventType } from '../domain/events.js';
import type { Queryable } from './store.js';

/**
 * How many events of a kind there were, those included that were only counted
 * (`domain/repetition.ts`).
 */
export interface EventCount {
  type: EventType;
  /**
   * What tells them apart within their type: the reason of a configuration, or which budget was
   * spent.
   */
  detail: string | null;
  count: number;
}

/**
 * Counts the events behind a place in the sealed log, and says how far it reaches: from there none
 * is counted twice and none is missed.
 */
export async function countSealedEvents(
  db: Queryable,
  after: number,
): Promise<{ position: number; counts: EventCount[] }> {
  const rows = await db
    .selectFrom('events')
    .select([
      'type',
      sql<string | null>`case
        when type in ('config.minimal', 'config.full') then data->>'reason'
        when type = 'budget.spent' then data->>'budget'
      end`.as('detail'),
      // An event stands for those of its kind that were not written before it, too.
      sql<number>`sum(1 + coalesce((data->>'repeated')::integer, 0))::float8`.as('count'),
      sql<number>`max(position)::float8`.as('last'),
    ])
    .where('position', '>', after)
    .groupBy(['type', 'detail'])
    .execute();
  return {
    position: Math.max(after, ...rows.map(({ last }) => last)),
    counts: rows.map(({ type, detail, count }) => ({ type, detail, count })),
  };
}

/** Where the sealed log ends; 0 when it is empty. */
export async function lastSealedPosition(db: Queryable): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select(sql<number>`coalesce(max(position), 0)::float8`.as('position'))
    .executeTakeFirstOrThrow();
  return row.position;
}

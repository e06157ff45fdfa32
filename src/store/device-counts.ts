import { sql } from 'kysely';
import { type DeviceFilter, matches } from './device-filter.js';
import type { Queryable } from './store.js';

/** The views of a list of devices that an administrator goes through, each a filter. */
export const DEVICE_VIEWS = {
  all: {},
  attention: { attention: true },
  waiting: { waiting: true },
  stuck: { stuck: true },
  registered: { registered: true },
  needed: { state: 'needed' },
  failed: { state: 'failed' },
  blocked: { state: 'blocked' },
  successful: { state: 'successful' },
  unauthorized: { displayText: 'Authorize provisioning!' },
} as const satisfies Record<string, Omit<DeviceFilter, 'scope'>>;
export type DeviceView = keyof typeof DEVICE_VIEWS;

/** How many of the devices that a filter finds are in each view, by one statement. */
export async function countViews(
  db: Queryable,
  filter: DeviceFilter,
  now: Date,
): Promise<Record<DeviceView, number>> {
  const counts = Object.entries(DEVICE_VIEWS).map(([name, view]) => {
    const count = db
      .selectFrom('devices')
      .select(sql<number>`count(*)::integer`.as('count'))
      .where((row) => row.and([matches(row, filter, now), matches(row, { ...view, scope: 'all' }, now)]));
    return sql`(${count}) as ${sql.id(name)}`;
  });
  const { rows } = await sql<Record<DeviceView, number>>`select ${sql.join(counts)}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('A selection of numbers has one row.');
  return row;
}

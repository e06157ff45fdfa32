import type { paths } from '../../api/schema.js';
import type { Values } from '../../parts/address-state.js';

export type DeviceQuery = NonNullable<paths['/api/v1/devices']['get']['parameters']['query']>;

/** The filters that the address may hold; whatever else stands in it is dropped. */
const TEXTS = ['q', 'tenantId', 'siteId', 'state', 'vendor', 'displayText', 'sipUser', 'sort'] as const;
const FLAGS = ['waiting', 'attention', 'registered', 'stuck'] as const;

/** What of the address is a filter of the list, as the API takes it. */
export function filterOf(values: Values): DeviceQuery {
  const query: Record<string, string | boolean> = {};
  for (const name of TEXTS) {
    const value = values[name];
    if (value !== undefined && value !== '') query[name] = value;
  }
  for (const name of FLAGS) {
    if (values[name] === 'true' || values[name] === 'false') query[name] = values[name] === 'true';
  }
  if (values['seen'] === 'day') query['seenSince'] = dayAgo();
  return query;
}

/** To the minute, so that a list that is read again is the same query. */
function dayAgo(): string {
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  return new Date(minute - 24 * 3_600_000).toISOString();
}

import { answerOf, api, type Schemas } from '../api/client.js';
import type { paths } from '../api/schema.js';

export type EventQuery = NonNullable<paths['/api/v1/events']['get']['parameters']['query']>;

/** A page of the audit log. The same address also streams, which its type cannot tell apart. */
export async function listEvents(query: EventQuery): Promise<Schemas['EventList']> {
  return (await answerOf(api.GET('/api/v1/events', { params: { query } }))) as Schemas['EventList'];
}

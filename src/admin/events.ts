import type { Request } from 'express';
import { z } from 'zod';
import { EVENT_TYPES } from '../domain/events.js';
import { Problem } from '../http/problem.js';
import type { Caller } from '../services/context.js';
import { lastSealedPosition } from '../store/event-counts.js';
import { type EventFilter, listEvents } from '../store/event-list.js';
import { streamEvents } from './event-stream.js';
import { id, moment, ownId, mac, ownMac, storableTime, text, time } from './fields.js';
import { API, type Operation, operation } from './operation.js';
import { PAGE_QUERY, badCursor, pageOf } from './page.js';

const type = z.enum(EVENT_TYPES);

/** What an event must be to be listed or streamed. `type` may come several times: any of them. */
export const EVENT_FILTER = {
  mac: mac.optional().describe('Events of this device only.'),
  tenantId: id.optional().describe('Events of this tenant only.'),
  type: z
    .union([type, z.array(type).max(EVENT_TYPES.length)], 'must be types of events')
    .optional()
    .describe('Events of this type only; given several times: of any of them.'),
  actor: text(200).optional().describe('What this administrator, phone or the system did.'),
  since: moment.optional().describe('Events at or after this time.'),
  until: moment.optional().describe('Events at or before this time.'),
};

export const EVENT_ORDER = z
  .enum(['asc', 'desc'])
  .default('asc')
  .describe('By position; `desc`: the newest first.');

export const EVENT_QUERY = z.strictObject({
  ...PAGE_QUERY,
  ...EVENT_FILTER,
  order: EVENT_ORDER,
});
/** A stream has no pages. */
const STREAM_QUERY = z.strictObject(EVENT_FILTER);

export const EVENT_ANSWER = z
  .strictObject({
    /** Its place in the log, from 1 without a gap. */
    position: z.int(),
    id: z.string(),
    at: time,
    type,
    tenantId: ownId.nullable(),
    mac: ownMac.nullable(),
    actor: z.string(),
    address: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });

export const EVENT_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'get',
    path: `${API}/events`,
    operationId: 'listEvents',
    tag: 'Events',
    summary: 'Read the audit log, or follow it as server-sent events',
    description:
      'Events have positions without a gap; `cursor` is the position of the last one, in either order. A client that accepts `text/event-stream` gets each event once: `id` is its position, and `Last-Event-ID` goes on behind it.',
    may: ['admin', 'operator', 'support', 'auditor'],
    query: EVENT_QUERY,
    answer: pageOf('EventList', EVENT_ANSWER),
    handle: async ({ context, query: { limit, cursor, order, ...filter }, actor }) => {
      if (cursor !== undefined && !POSITION.test(cursor)) throw badCursor();
      await context.auditLog.sealer.catchUp();
      const page = { order, limit, after: cursor === undefined ? null : Number(cursor) };
      const { items } = await listEvents(context.store.db, filterOf(filter, actor), page);
      // Also at the end: there the reader comes back for what is new.
      return { items, cursor: items.at(-1)?.position.toString() ?? null };
    },
    stream: {
      of: 'events',
      query: STREAM_QUERY,
      send: async ({ context, query, actor, request, response }) => {
        const { sealer, feed } = context.auditLog;
        const filter = filterOf(query, actor);
        const last = lastEventId(request);
        // What had been committed before the request is not news.
        if (last === null) await sealer.catchUp();
        const after = last ?? (await lastSealedPosition(context.store.db));
        await streamEvents(request, response, { feed, filter, after, log: context.log });
      },
    },
  }),
];

const POSITION = /^\d{1,15}$/;

/**
 * Where a stream goes on; null when the client has seen nothing. @throws Problem 400 for what is no
 * position
 */
function lastEventId(request: Request): number | null {
  const header = request.headers['last-event-id'];
  if (header === undefined) return null;
  if (typeof header !== 'string' || !POSITION.test(header))
    throw new Problem(400, 'Last-Event-ID must be the position of an event, or 0.');
  return Number(header);
}

/** What is asked of the store. */
export function filterOf(
  { type: types, since, until, ...filter }: z.infer<typeof STREAM_QUERY>,
  { scope }: Caller,
): EventFilter {
  return {
    ...filter,
    scope,
    types: types === undefined ? undefined : [types].flat(),
    since: since === undefined ? undefined : storableTime(since),
    until: until === undefined ? undefined : storableTime(until),
  };
}

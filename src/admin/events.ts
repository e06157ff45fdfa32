import { Router } from 'express';
import { z } from 'zod';
import { EVENT_TYPES } from '../domain/events.js';
import type { ServiceContext } from '../services/context.js';
import { listEvents } from '../store/event-list.js';
import { id, ownId, mac, ownMac, time } from './fields.js';
import { PAGE_QUERY, badCursor } from './page.js';
import { readQuery } from './request.js';
import { resource } from './resource.js';

export const EVENT_QUERY = z.strictObject({
  ...PAGE_QUERY,
  mac: mac.optional(),
  tenantId: id.optional(),
  type: z.enum(EVENT_TYPES).optional(),
  since: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with its zone' }).optional(),
});

export const EVENT_ANSWER = z.strictObject({
  id: z.string(),
  at: time,
  type: z.enum(EVENT_TYPES),
  tenantId: ownId.nullable(),
  mac: ownMac.nullable(),
  actor: z.string(),
  address: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});

/** The audit log, oldest first. The id of an event is a cursor too: whoever has read to the end comes back with it for what is new. */
export function eventRoutes(context: ServiceContext): Router {
  const router = Router();

  resource(router, '/', {
    get: async (req, res) => {
      const { cursor, since, ...filter } = readQuery(req, EVENT_QUERY);
      if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) throw badCursor();
      const { items, more } = await listEvents(context.store.db, {
        ...filter,
        since: since === undefined ? undefined : storableTime(since),
        after: cursor ?? null,
      });
      res.json({ items, cursor: more ? (items.at(-1)?.id ?? null) : null });
    },
  });

  return router;
}

/** Nothing was recorded before 1970, nor will be after 9999: times beyond are those, for the databases differ in what they take. */
function storableTime(text: string): Date {
  return new Date(Math.min(Math.max(Date.parse(text), 0), Date.UTC(9999, 11, 31)));
}

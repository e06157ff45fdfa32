import { Router } from 'express';
import { z } from 'zod';
import { parseMac } from '../domain/mac.js';
import { VENDOR_IDS } from '../domain/vendor-id.js';
import type { ServiceContext } from '../services/context.js';
import { type Knock, type KnockPosition, listKnocks } from '../store/knocks.js';
import { ownMac, time } from './fields.js';
import { badCursor, pageSchema } from './page.js';
import { readQuery } from './request.js';
import { resource } from './resource.js';

export const KNOCK_ANSWER = z.strictObject({
  mac: ownMac,
  vendor: z.enum(VENDOR_IDS),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  times: z.int(),
  firstAt: time,
  lastAt: time,
});

/**
 * The unknown MACs that were asked for, the latest first: an administrator may have mistyped or
 * forgotten one.
 */
export function unknownDeviceRoutes(context: ServiceContext): Router {
  const router = Router();

  resource(router, '/', {
    get: async (request, response) => {
      const { limit, cursor } = readQuery(request, pageSchema);
      const after = cursor === undefined ? null : decodeCursor(cursor);
      const { items, next } = await listKnocks(context.store.db, { limit, after });
      response.json({ items: items.map(presentKnock), cursor: next === null ? null : encodeCursor(next) });
    },
  });

  return router;
}

function presentKnock({
  mac,
  vendor,
  address,
  userAgent,
  times,
  firstAt,
  lastAt,
}: Knock): z.infer<typeof KNOCK_ANSWER> {
  return { mac, vendor, address, userAgent, times, firstAt, lastAt };
}

function encodeCursor({ lastAt, mac }: KnockPosition): string {
  return Buffer.from(`${lastAt.getTime()}/${mac}`).toString('base64url');
}

function decodeCursor(cursor: string): KnockPosition {
  const [, milliseconds, text] = /^(\d{1,14})\/(.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const mac = text === undefined ? null : parseMac(text);
  if (milliseconds === undefined || mac === null) throw badCursor();
  return { lastAt: new Date(Number(milliseconds)), mac };
}

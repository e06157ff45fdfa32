import { z } from 'zod';
import { parseMac } from '../domain/mac.js';
import { VENDOR_IDS } from '../domain/vendor-id.js';
import { type Knock, type KnockPosition, listKnocks } from '../store/knocks.js';
import { ownMac, time } from './fields.js';
import { API, type Operation, operation } from './operation.js';
import { badCursor, pageOf, pageSchema } from './page.js';

export const KNOCK_ANSWER = z
  .strictObject({
    mac: ownMac,
    vendor: z.enum(VENDOR_IDS),
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
    times: z.int(),
    firstAt: time,
    lastAt: time,
  })
  .meta({ id: 'UnknownDevice' });

export const UNKNOWN_DEVICE_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'get',
    path: `${API}/unknown-devices`,
    operationId: 'listUnknownDevices',
    tag: 'Unknown devices',
    summary: 'List the unknown MAC addresses that phones asked for, the latest first',
    may: ['admin', 'operator'],
    query: pageSchema,
    answer: pageOf('UnknownDeviceList', KNOCK_ANSWER),
    handle: async ({ context, query: { limit, cursor }, actor }) => {
      const after = cursor === undefined ? null : decodeCursor(cursor);
      // They belong to no tenant, and come from the addresses of any.
      if (actor.scope !== 'all') return { items: [], cursor: null };
      const { items, next } = await listKnocks(context.store.db, { limit, after });
      return { items: items.map(presentKnock), cursor: next === null ? null : encodeCursor(next) };
    },
  }),
];

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

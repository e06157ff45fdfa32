import { z } from 'zod';
import { AUTHENTICATION_STATES } from '../domain/authentication.js';
import { VENDOR_IDS } from '../domain/vendor-id.js';
import { type DeviceFilter, SHOWN_TEXTS } from '../store/device-filter.js';
import { DEVICE_SORTS, type DeviceSlice, type DeviceSort } from '../store/device-list.js';
import { id, text } from './fields.js';
import { PAGE_QUERY, badCursor } from './page.js';
import { queryFlag } from './query-fields.js';

const moment = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 time with its zone' })
  .transform((value) => new Date(value));

/** What may be asked of devices: by a list, an export and a bulk action alike. */
export const DEVICE_FILTER = {
  tenantId: id.optional().describe('Devices of this tenant only.'),
  siteId: id.optional().describe('Devices of this site only.'),
  state: z.enum(AUTHENTICATION_STATES).optional().describe('Devices in this state of authentication only.'),
  vendor: z.enum(VENDOR_IDS).optional().describe('Devices of this make only.'),
  label: text(200).optional().describe('Devices of exactly this label.'),
  waiting: queryFlag.optional().describe('Whether a device was seen and holds no full configuration.'),
  attention: queryFlag.optional().describe('Whether an administrator should look at a device.'),
  registered: queryFlag.optional().describe('Whether the phone of a device is registered here.'),
  stuck: queryFlag.optional().describe('Whether a step that should have followed is missed.'),
  displayText: z
    .enum(SHOWN_TEXTS, `must be one of ${SHOWN_TEXTS.join(', ')}`)
    .optional()
    .describe('Devices whose phones show exactly this.'),
  sipUser: text(100).optional().describe('Devices that have a line of exactly this user.'),
  seenSince: moment.optional().describe('Devices last seen then or later.'),
  seenBefore: moment.optional().describe('Devices last seen before then.'),
  q: text(100)
    .optional()
    .describe('Part of a MAC address in any spelling, a label, model, line, SIP user or name of a site.'),
};

const FILTER = z.strictObject(DEVICE_FILTER);

/** What a query or body asks for, as the store takes it beside the scope of the key. */
export function toDeviceFilter({ q, ...filter }: z.output<typeof FILTER>): Omit<DeviceFilter, 'scope'> {
  return { ...filter, text: q };
}

const ORDERS = DEVICE_SORTS.flatMap((sort) => [sort, `-${sort}`] as const);

/** What a page of devices takes beside the filter. */
export const DEVICE_SLICE = {
  ...PAGE_QUERY,
  cursor: z
    .string()
    .max(1000)
    .optional()
    .describe(PAGE_QUERY.cursor.description ?? ''),
  sort: z
    .enum(ORDERS, `must be one of ${ORDERS.join(', ')}`)
    .default('createdAt')
    .describe('What the devices are sorted by; `-` in front: descending.'),
};

interface AskedSlice {
  limit: number;
  cursor?: string | undefined;
  sort: (typeof ORDERS)[number];
}

export function toSlice({ limit, cursor, sort: order }: AskedSlice): DeviceSlice {
  const isDescending = order.startsWith('-');
  const sort = order.replace('-', '') as DeviceSort;
  return { limit, sort, isDescending, after: cursor === undefined ? null : decode(cursor, order) };
}

/** Opaque to its reader: the order it belongs to, and the last row that was answered. */
export function encodeAfter(after: DeviceSlice['after'], order: AskedSlice['sort']): string | null {
  return after === null
    ? null
    : Buffer.from(JSON.stringify([order, after.value, after.id])).toString('base64url');
}

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d)?$/;
const CURSOR = z.tuple([z.enum(ORDERS), z.string().max(300).nullable(), z.guid()]);

function decode(cursor: string, order: AskedSlice['sort']): DeviceSlice['after'] {
  const read = CURSOR.safeParse(parsed(Buffer.from(cursor, 'base64url').toString()));
  if (!read.success || read.data[0] !== order) throw badCursor();
  const [, value, row] = read.data;
  if (value !== null && order.endsWith('At') && !TIME.test(value)) throw badCursor();
  if (value?.includes('\0') === true) throw badCursor();
  return { value, id: row };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // What is no JSON was not answered here.
    return null;
  }
}

import { z } from 'zod';
import { VENDOR_IDS } from '../domain/vendor-id.js';
import { notFound } from '../http/problem.js';
import { createDevice } from '../services/devices/create-devices.js';
import { showDevice, showDevices } from '../services/devices/device-details.js';
import { patchDevice, removeDevice } from '../services/devices/devices.js';
import type { Caller } from '../services/context.js';
import { DEVICE_VIEWS, type DeviceView, countViews } from '../store/device-counts.js';
import { countDevices, listDevices } from '../store/device-list.js';
import { findDeviceByMac } from '../store/devices.js';
import { DEVICE_ANSWER, deviceOf, presentDevice } from './device-answer.js';
import { DEVICE_FILTER, DEVICE_SLICE, encodeAfter, toDeviceFilter, toSlice } from './device-filter.js';
import { id, mac, text } from './fields.js';
import { API, type Operation, operation } from './operation.js';
import { forbidden } from './permission.js';
import { deviceSettings } from './settings-fields.js';

export const DEVICE = z
  .strictObject({
    mac,
    vendor: z.enum(VENDOR_IDS),
    model: text(100).nullish(),
    tenantId: id,
    siteId: id.nullish(),
    label: text(200).nullish(),
    serialNumber: text(100).nullish(),
    lines: z.array(id).max(100).nullish(),
    settings: deviceSettings.nullish(),
  })
  .meta({
    id: 'NewDevice',
    examples: [
      {
        mac: '80:5e:c0:11:22:33',
        vendor: 'yealink',
        tenantId: '8c4f6a0e-2f0b-4a53-9d0e-6b1f3c2a7d11',
        label: 'Anna',
      },
    ],
  });
export const DEVICE_PATCH = DEVICE.partial()
  .extend({ attention: z.null().optional() })
  .meta({
    id: 'DevicePatch',
    examples: [{ label: 'Anna', attention: null }],
  });

/** A PAP is shown to those who ask for it, and that is in the audit log. */
const REVEAL = {
  reveal: z
    .literal('pap', 'can be pap')
    .optional()
    .describe('`pap`: the answer has the PIN of each device, and each is written to the audit log.'),
};

export const DEVICE_QUERY = z.strictObject({ ...DEVICE_SLICE, ...DEVICE_FILTER, ...REVEAL });
export const DEVICE_ITEM_QUERY = z.strictObject(REVEAL);

/** `total`: how many the filter finds, on all pages. */
const DEVICE_PAGE = z
  .strictObject({ items: z.array(DEVICE_ANSWER), cursor: z.string().nullable(), total: z.int() })
  .meta({ id: 'DeviceList' });

const DEVICE_COUNTS = z
  .strictObject(
    Object.fromEntries(Object.keys(DEVICE_VIEWS).map((view) => [view, z.int()])) as Record<
      DeviceView,
      z.ZodInt
    >,
  )
  .meta({ id: 'DeviceCounts' });

const DEVICES = `${API}/devices` as const;
const DEVICE_PATH = `${DEVICES}/{mac}` as const;

export const DEVICE_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'post',
    path: DEVICES,
    operationId: 'createDevice',
    tag: 'Devices',
    summary: 'Create a device; the answer has its PIN',
    may: ['admin', 'operator'],
    body: DEVICE,
    status: 201,
    refuses: [409],
    answer: DEVICE_ANSWER,
    handle: async ({ context, body, actor, response }) => {
      const device = deviceOf(await createDevice(context, body, actor));
      response.location(`${DEVICES}/${device.mac}`);
      return presentDevice(await showDevice(context, device, actor));
    },
  }),
  operation({
    method: 'get',
    path: DEVICES,
    operationId: 'listDevices',
    tag: 'Devices',
    summary: 'Find devices',
    description: 'PINs are not shown unless `reveal=pap` asks for them.',
    may: ['admin', 'operator', 'support'],
    query: DEVICE_QUERY,
    answer: DEVICE_PAGE,
    handle: async ({ context, query: { limit, cursor, sort, reveal, ...asked }, actor }) => {
      const revealTo = revealedTo(actor, reveal);
      const { db } = context.store;
      const now = context.clock.now();
      const filter = { ...toDeviceFilter(asked), scope: actor.scope };
      const found = await listDevices(db, filter, toSlice({ limit, cursor, sort }), now);
      const total = await countDevices(db, filter, now);
      const items = await showDevices(context, found.items, revealTo);
      return { items: items.map(presentDevice), cursor: encodeAfter(found.next, sort), total };
    },
  }),
  operation({
    method: 'get',
    path: `${DEVICES}/counts`,
    operationId: 'countDevices',
    tag: 'Devices',
    summary: 'Count the devices of each view',
    description:
      'Of the devices that the filter finds: how many need a person, wait, are stuck, are locked …',
    may: ['admin', 'operator', 'support'],
    query: z.strictObject(DEVICE_FILTER),
    answer: DEVICE_COUNTS,
    handle: async ({ context, query, actor }) => {
      const filter = { ...toDeviceFilter(query), scope: actor.scope };
      return countViews(context.store.db, filter, context.clock.now());
    },
  }),
  operation({
    method: 'get',
    path: DEVICE_PATH,
    operationId: 'getDevice',
    tag: 'Devices',
    summary: 'Get a device',
    may: ['admin', 'operator', 'support'],
    query: DEVICE_ITEM_QUERY,
    answer: DEVICE_ANSWER,
    handle: async ({ context, path: { mac: asked }, query: { reveal }, actor }) => {
      const revealTo = revealedTo(actor, reveal);
      const device = await findDeviceByMac(context.store.db, asked);
      if (device === null) throw notFound('device');
      return presentDevice(await showDevice(context, device, revealTo));
    },
  }),
  operation({
    method: 'patch',
    path: DEVICE_PATH,
    operationId: 'updateDevice',
    tag: 'Devices',
    summary: 'Change a device',
    may: ['admin', 'operator'],
    body: DEVICE_PATCH,
    refuses: [409],
    answer: DEVICE_ANSWER,
    handle: async ({ context, path, body, actor }) => {
      const device = deviceOf(await patchDevice(context, path.mac, body, actor));
      return presentDevice(await showDevice(context, device, null));
    },
  }),
  operation({
    method: 'delete',
    path: DEVICE_PATH,
    operationId: 'deleteDevice',
    tag: 'Devices',
    summary: 'Delete a device',
    may: ['admin', 'operator'],
    answer: null,
    handle: async ({ context, path, actor }) => {
      if (!(await removeDevice(context, path.mac, actor))) throw notFound('device');
    },
  }),
];

/** Whom PAPs are shown to; null where they are not asked for. @throws Problem 403 */
function revealedTo(actor: Caller, reveal: 'pap' | undefined): Caller | null {
  if (reveal === undefined) return null;
  if (actor.role === 'support') throw forbidden('A key of the role support is shown no PIN.');
  return actor;
}

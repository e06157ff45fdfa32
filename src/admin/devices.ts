import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { AUTHENTICATION_STATES } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import { VENDOR_IDS } from '../domain/vendor-id.js';
import type { Actor, ServiceContext } from '../services/context.js';
import { showDevice, showDevices } from '../services/device-details.js';
import { changeDevice, createDevice, removeDevice } from '../services/devices.js';
import { resetAuthentication } from '../services/reset-authentication.js';
import { resyncDevice } from '../services/resync-device.js';
import { suspendAuthentication } from '../services/suspend-authentication.js';
import { listDevices } from '../store/device-list.js';
import { findDeviceByMac } from '../store/devices.js';
import { actorOf } from './actor.js';
import { deviceOf, presentDevice } from './device-answer.js';
import { id, language, mac, text } from './fields.js';
import { PAGE_QUERY, presentPage, toPageQuery } from './page.js';
import { notFound } from './problem.js';
import { readBody, readMac, readQuery } from './request.js';
import { resource } from './resource.js';

const DEVICE = z.strictObject({
  mac,
  vendor: z.enum(VENDOR_IDS),
  model: text(100).nullish(),
  tenantId: id,
  siteId: id.nullish(),
  label: text(200).nullish(),
  lines: z.array(id).max(100).nullish(),
  settings: z.looseObject({ language: language.nullish() }).nullish(),
});
const DEVICE_PATCH = DEVICE.partial();

const LIST_QUERY = z.strictObject({
  ...PAGE_QUERY,
  tenantId: id.optional(),
  siteId: id.optional(),
  state: z.enum(AUTHENTICATION_STATES).optional(),
  vendor: z.enum(VENDOR_IDS).optional(),
  q: text(100).optional(),
});

/** What an administrator can have done to a device's authentication; each answers the device as it then is, null when there is none. */
const ACTIONS: Record<string, (context: ServiceContext, mac: Mac, actor: Actor) => Promise<Device | null>> = {
  'reset-authentication': resetAuthentication,
  'suspend-authentication': suspendAuthentication,
  resync: resyncDevice,
};

export function deviceRoutes(context: ServiceContext): Router {
  const router = Router();
  const { db } = context.store;

  async function answer(req: Request, res: Response, device: Device | null): Promise<void> {
    if (device === null) throw notFound('device');
    res.json(presentDevice(await showDevice(context, device, actorOf(req))));
  }

  resource(router, '/', {
    post: async (req, res) => {
      const device = deviceOf(await createDevice(context, readBody(req, DEVICE), actorOf(req)));
      res.status(201).location(`/api/v1/devices/${device.mac}`);
      await answer(req, res, device);
    },
    get: async (req, res) => {
      const { q, limit, cursor, ...filter } = readQuery(req, LIST_QUERY);
      const page = toPageQuery({ limit, cursor });
      const found = await listDevices(db, { ...filter, text: q }, page, context.clock.now());
      const items = await showDevices(context, found.items, actorOf(req));
      res.json(presentPage({ items, next: found.next }, presentDevice));
    },
  });

  resource(router, '/:mac', {
    get: async (req, res) => answer(req, res, await findDeviceByMac(db, readMac(req))),
    patch: async (req, res) => {
      const patch = readBody(req, DEVICE_PATCH);
      await answer(req, res, deviceOf(await changeDevice(context, readMac(req), patch, actorOf(req))));
    },
    delete: async (req, res) => {
      if (!(await removeDevice(context, readMac(req), actorOf(req)))) throw notFound('device');
      res.status(204).end();
    },
  });

  for (const [name, act] of Object.entries(ACTIONS)) {
    resource(router, `/:mac/${name}`, {
      post: async (req, res) => answer(req, res, await act(context, readMac(req), actorOf(req))),
    });
  }

  return router;
}

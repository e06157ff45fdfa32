import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import { VENDOR_IDS } from '../domain/vendor-id.js';
import { authorizeProvisioning } from '../services/authentication/authorize-provisioning.js';
import { endSuspension, suspendAuthentication } from '../services/authentication/suspend-authentication.js';
import type { Actor, ServiceContext } from '../services/context.js';
import { createDevice } from '../services/devices/create-devices.js';
import { showDevice, showDevices } from '../services/devices/device-details.js';
import { patchDevice, removeDevice } from '../services/devices/devices.js';
import { resetAuthentication } from '../services/authentication/reset-authentication.js';
import { resetToAutoprov } from '../services/authentication/reset-to-autoprov.js';
import { type RefusedOrder, resyncDevice } from '../services/devices/change-device.js';
import { listDevices } from '../store/device-list.js';
import { findDeviceByMac } from '../store/devices.js';
import { actorOf } from './actor.js';
import { deviceOf, presentDevice } from './device-answer.js';
import { DEVICE_FILTER, id, mac, text } from './fields.js';
import { PAGE_QUERY, presentPage, toPageQuery } from './page.js';
import { Problem, notFound } from './problem.js';
import { seconds } from './policy-fields.js';
import { NO_BODY, readBody, readMac, readQuery } from './request.js';
import { resource } from './resource.js';
import { deviceSettings } from './settings-fields.js';

export const DEVICE = z.strictObject({
  mac,
  vendor: z.enum(VENDOR_IDS),
  model: text(100).nullish(),
  tenantId: id,
  siteId: id.nullish(),
  label: text(200).nullish(),
  serialNumber: text(100).nullish(),
  lines: z.array(id).max(100).nullish(),
  settings: deviceSettings.nullish(),
});
export const DEVICE_PATCH = DEVICE.partial().extend({ attention: z.null().optional() });

/** A PAP is shown to those who ask for it, and that is in the audit log. */
const REVEAL = { reveal: z.literal('pap', 'can be pap').optional() };

export const DEVICE_QUERY = z.strictObject({ ...PAGE_QUERY, ...DEVICE_FILTER, ...REVEAL });
export const DEVICE_ITEM_QUERY = z.strictObject(REVEAL);

/**
 * How long a suspension lasts; the policy says it where the request does not. `force` suspends a
 * device that several phones claim, too.
 */
export const SUSPENSION = z.strictObject({ seconds: seconds.optional(), force: z.boolean().optional() });

type Outcome = Device | RefusedOrder | null;
type Act<T> = (context: ServiceContext, mac: Mac, actor: Actor, body: T) => Promise<Outcome>;

/**
 * Something that an administrator can have done to a device's authentication, by what its body asks
 * for.
 */
interface Action {
  act: (context: ServiceContext, request: Request) => Promise<Outcome>;
  /** It makes a new PAP, which is shown to the administrator who ordered it. */
  makesPap: boolean;
}

function action<T>(body: z.ZodType<T>, act: Act<T>, makesPap = false): Action {
  return {
    act: (context, request) => act(context, readMac(request), actorOf(request), readBody(request, body)),
    makesPap,
  };
}

/** Each answers the device as it then is, null when there is none. */
const ACTIONS: Record<string, Action> = {
  'reset-authentication': action(NO_BODY, resetAuthentication, true),
  'suspend-authentication': action(SUSPENSION, suspendAuthentication),
  'end-suspension': action(NO_BODY, endSuspension),
  'authorize-provisioning': action(NO_BODY, authorizeProvisioning),
  'reset-to-autoprov': action(NO_BODY, resetToAutoprov),
  resync: action(NO_BODY, resyncDevice),
};

function refusal({ refused }: RefusedOrder): Problem {
  return refused === 'unclaimed'
    ? new Problem(409, 'Nobody has claimed this device yet: dial the code of a line from it, or give it one.')
    : new Problem(
        409,
        'Several phones claim this device, and a suspension would serve each of them its full configuration. ' +
          'Its events (device.contested) say from where. Reset its authentication, or send {"force": true} to suspend all the same.',
        [{ pointer: '/force', detail: 'is needed for a device that is contested' }],
      );
}

export function deviceRoutes(context: ServiceContext): Router {
  const router = Router();
  const { db } = context.store;

  async function answer(
    response: Response,
    device: Device | null,
    revealTo: Actor | null = null,
  ): Promise<void> {
    if (device === null) throw notFound('device');
    response.json(presentDevice(await showDevice(context, device, revealTo)));
  }

  resource(router, '/', {
    post: async (request, response) => {
      const device = deviceOf(await createDevice(context, readBody(request, DEVICE), actorOf(request)));
      response.status(201).location(`/api/v1/devices/${device.mac}`);
      await answer(response, device, actorOf(request));
    },
    get: async (request, response) => {
      const { q, limit, cursor, reveal, ...filter } = readQuery(request, DEVICE_QUERY);
      const page = toPageQuery({ limit, cursor });
      const found = await listDevices(db, { ...filter, text: q }, page, context.clock.now());
      const items = await showDevices(context, found.items, reveal === 'pap' ? actorOf(request) : null);
      response.json(presentPage({ items, next: found.next }, presentDevice));
    },
  });

  resource(router, '/:mac', {
    get: async (request, response) => {
      const { reveal } = readQuery(request, DEVICE_ITEM_QUERY);
      const device = await findDeviceByMac(db, readMac(request));
      await answer(response, device, reveal === 'pap' ? actorOf(request) : null);
    },
    patch: async (request, response) => {
      const patch = readBody(request, DEVICE_PATCH);
      await answer(response, deviceOf(await patchDevice(context, readMac(request), patch, actorOf(request))));
    },
    delete: async (request, response) => {
      if (!(await removeDevice(context, readMac(request), actorOf(request)))) throw notFound('device');
      response.status(204).end();
    },
  });

  for (const [name, { act, makesPap }] of Object.entries(ACTIONS)) {
    resource(router, `/:mac/${name}`, {
      post: async (request, response) => {
        const outcome = await act(context, request);
        if (outcome !== null && 'refused' in outcome) throw refusal(outcome);
        await answer(response, outcome, makesPap ? actorOf(request) : null);
      },
    });
  }

  return router;
}

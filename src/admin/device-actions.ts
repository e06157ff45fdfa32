import { z } from 'zod';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import type { Role } from '../domain/role.js';
import { Problem, notFound } from '../http/problem.js';
import { authorizeProvisioning } from '../services/authentication/authorize-provisioning.js';
import { resetAuthentication } from '../services/authentication/reset-authentication.js';
import { resetToAutoprov } from '../services/authentication/reset-to-autoprov.js';
import { endSuspension, suspendAuthentication } from '../services/authentication/suspend-authentication.js';
import type { Actor, ServiceContext } from '../services/context.js';
import { type RefusedOrder, resyncDevice } from '../services/devices/change-device.js';
import { showDevice } from '../services/devices/device-details.js';
import { DEVICE_ANSWER, presentDevice } from './device-answer.js';
import { API, type Operation, operation } from './operation.js';
import { seconds } from './policy-fields.js';
import type { NO_BODY } from './request.js';

/**
 * How long a suspension lasts; the policy says it where the request does not. `force` suspends a
 * device that several phones claim, too.
 */
export const SUSPENSION = z
  .strictObject({ seconds: seconds.optional(), force: z.boolean().optional() })
  .meta({ id: 'Suspension', examples: [{ seconds: 3600 }] });

/** Something that an administrator can have done to a device's authentication. */
interface Action<B extends z.ZodType> {
  name: string;
  operationId: string;
  summary: string;
  may: readonly Role[];
  body?: B;
  /** Answers the device as it then is, null when there is none. */
  act: (
    context: ServiceContext,
    mac: Mac,
    actor: Actor,
    body: z.output<B>,
  ) => Promise<Device | RefusedOrder | null>;
  /** It makes a new PAP, which is shown to the administrator who ordered it. */
  makesPap?: true;
}

function action<B extends z.ZodType = typeof NO_BODY>({
  name,
  act,
  makesPap,
  ...described
}: Action<B>): Operation {
  return operation({
    ...described,
    method: 'post',
    path: `${API}/devices/{mac}/${name}` as `${typeof API}/devices/{mac}/`,
    tag: 'Devices',
    refuses: [409],
    answer: DEVICE_ANSWER,
    handle: async ({ context, path: { mac }, body, actor }) => {
      const outcome = await act(context, mac, actor, body as z.output<B>);
      if (outcome === null) throw notFound('device');
      if ('refused' in outcome) throw refusal(outcome);
      return presentDevice(await showDevice(context, outcome, makesPap === true ? actor : null));
    },
  });
}

export const DEVICE_ACTION_OPERATIONS: readonly Operation[] = [
  action({
    name: 'reset-authentication',
    operationId: 'resetAuthentication',
    summary: 'End what a phone has proved, and make a new PIN, which the answer has',
    may: ['admin', 'operator'],
    act: resetAuthentication,
    makesPap: true,
  }),
  action({
    name: 'suspend-authentication',
    operationId: 'suspendAuthentication',
    summary: 'Let a phone in without a PIN for a while',
    may: ['admin', 'operator', 'support'],
    body: SUSPENSION,
    act: suspendAuthentication,
  }),
  action({
    name: 'end-suspension',
    operationId: 'endSuspension',
    summary: 'Ask a phone for its PIN again',
    may: ['admin', 'operator', 'support'],
    act: endSuspension,
  }),
  action({
    name: 'authorize-provisioning',
    operationId: 'authorizeProvisioning',
    summary: 'Approve a phone under a window policy',
    may: ['admin', 'operator'],
    act: authorizeProvisioning,
  }),
  action({
    name: 'reset-to-autoprov',
    operationId: 'resetToAutoprov',
    summary: 'Have a phone wait for the code of a line again',
    may: ['admin', 'operator'],
    act: resetToAutoprov,
  }),
  action({
    name: 'resync',
    operationId: 'resyncDevice',
    summary: 'Ask a phone to fetch its configuration',
    may: ['admin', 'operator', 'support'],
    act: resyncDevice,
  }),
];

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

import { z } from 'zod';
import { Problem, invalid } from '../http/problem.js';
import type { Caller } from '../services/context.js';
import { DEVICE_ACTION_ROLES, type DeviceOrder } from '../services/jobs/device-actions.js';
import { type OrderOutcome, MAX_DEVICES, orderDeviceJob } from '../services/jobs/order-job.js';
import { SUSPENSION } from './device-actions.js';
import { DEVICE_FILTER, toDeviceFilter } from './device-filter.js';
import { id, mac } from './fields.js';
import { tooManyJobs } from './jobs.js';
import { API, ORDERED_JOB, type Operation, operation } from './operation.js';
import { forbidden } from './permission.js';
import { deviceSettings } from './settings-fields.js';

/** As many as fit into a body. */
const MAX_MACS = 50_000;

const TARGET = {
  macs: z.array(mac).min(1).max(MAX_MACS).optional(),
  /** As `GET /devices` takes it. */
  filter: z.strictObject(DEVICE_FILTER).optional(),
};
/** How many devices there must be: of `macs` those in the list, each counted once. */
const expect = z.int().min(0);
const NONE = z.strictObject({}).optional();

const harmless = <A extends string, P extends z.ZodType>(action: A, parameters: P) =>
  z.strictObject({ action: z.literal(action), ...TARGET, expect: expect.optional(), parameters });
const dangerous = <A extends string>(action: A) =>
  z.strictObject({ action: z.literal(action), ...TARGET, expect, parameters: NONE });

/** One action for many devices. */
export const BULK_ACTION = z
  .discriminatedUnion('action', [
    dangerous('reset-authentication'),
    harmless('suspend-authentication', z.strictObject(SUSPENSION.shape).default({})),
    harmless('end-suspension', NONE),
    harmless('authorize-provisioning', NONE),
    harmless('resync', NONE),
    dangerous('delete'),
    harmless('assign-site', z.strictObject({ siteId: id.nullable() })),
    harmless('set-settings', z.strictObject({ settings: deviceSettings.nullable() })),
  ])
  .meta({
    id: 'BulkAction',
    examples: [
      { action: 'resync', macs: ['80:5e:c0:11:22:33'] },
      {
        action: 'reset-authentication',
        filter: { siteId: '8c4f6a0e-2f0b-4a53-9d0e-6b1f3c2a7d11' },
        expect: 12,
      },
    ],
  });

export const BULK_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'post',
    path: `${API}/devices/actions`,
    operationId: 'orderForDevices',
    tag: 'Jobs',
    summary: 'Have an action done to many devices, as a job',
    may: ['admin', 'operator', 'support'],
    body: BULK_ACTION,
    status: 202,
    refuses: [409],
    answer: ORDERED_JOB,
    handle: async ({ context, body, actor, response }) => {
      requireAction(actor, body.action);
      const outcome = await orderDeviceJob(
        context,
        orderOf(body),
        targetOf(body),
        body.expect ?? null,
        actor,
      );
      const jobId = jobIdOf(outcome);
      response.location(`${API}/jobs/${jobId}`);
      return { jobId };
    },
  }),
];

type BulkAction = z.infer<typeof BULK_ACTION>;

/** What a key may not do to one device it may not do to many. @throws Problem 403 */
function requireAction({ role }: Caller, action: DeviceOrder['action']): void {
  if (!DEVICE_ACTION_ROLES[action].includes(role))
    throw forbidden(`A key of the role ${role} cannot order this.`);
}

function orderOf(body: BulkAction): DeviceOrder {
  switch (body.action) {
    case 'suspend-authentication':
      return { action: body.action, parameters: body.parameters };
    case 'assign-site':
      return { action: body.action, parameters: body.parameters };
    case 'set-settings':
      return { action: body.action, parameters: body.parameters };
    default:
      return { action: body.action };
  }
}

function targetOf({ macs, filter }: BulkAction) {
  if (macs !== undefined && filter === undefined) return { macs };
  if (filter !== undefined && macs === undefined) return { filter: toDeviceFilter(filter) };
  const detail = 'is needed, or /filter, and not both';
  throw invalid([{ pointer: '/macs', detail }]);
}

function jobIdOf(outcome: OrderOutcome): string {
  switch (outcome.kind) {
    case 'ordered':
      return outcome.jobId;
    case 'unexpected': {
      const { found } = outcome;
      const detail = `There are ${found} such devices, and not as many as expected. Nothing was done.`;
      throw new Problem(409, detail, [{ pointer: '/expect', detail: `is not ${found}` }], {}, { found });
    }
    case 'too-many-devices':
      throw invalid([
        { pointer: '/filter', detail: `finds more than ${MAX_DEVICES.toLocaleString('en')} devices` },
      ]);
    case 'too-many-jobs':
      throw tooManyJobs();
  }
}

import { randomUUID } from 'node:crypto';
import type { Mac } from '../../domain/mac.js';
import type { DeviceFilter } from '../../store/device-filter.js';
import { matchingMacs } from '../../store/device-list.js';
import {
  type Job,
  type NewJob,
  addMacs,
  countRunningJobs,
  endJob,
  findJob,
  insertJob,
  setTotal,
} from '../../store/jobs.js';
import type { Queryable } from '../../store/store.js';
import type { Caller, ServiceContext } from '../context.js';
import type { DeviceOrder } from './device-actions.js';

/** Devices of one job. */
export const MAX_DEVICES = 100_000;
/** Jobs at a time: of one key, and in all. */
const MAX_RUNNING = { ofActor: 10, total: 50 };

/** The devices that an order is for: these, or those that a filter finds when the job is made. */
export type JobTarget = { macs: readonly Mac[] } | { filter: Omit<DeviceFilter, 'scope'> };

export type OrderOutcome =
  | { kind: 'ordered'; jobId: string }
  /** There are so many devices, and not as many as were expected. */
  | { kind: 'unexpected'; found: number }
  | { kind: 'too-many-devices' }
  | JobsBusy;

export interface JobsBusy {
  kind: 'too-many-jobs';
}

/** Undoes the transaction that makes a job; there is no other way than to throw. */
class NotOrdered extends Error {
  constructor(readonly outcome: OrderOutcome) {
    super('A job was not made.');
  }
}

/**
 * Makes a job of an order. Its devices are found and written down in the same transaction, and
 * counted as they are written: what is expected is compared with what the job will do.
 */
export async function orderDeviceJob(
  context: ServiceContext,
  { action, ...order }: DeviceOrder,
  target: JobTarget,
  expected: number | null,
  caller: Caller,
): Promise<OrderOutcome> {
  const parameters = 'parameters' in order ? order.parameters : {};
  try {
    return await context.store.transaction(async (transaction) => {
      const jobId = await beginJob(transaction, context, { action, parameters: { ...parameters }, caller });
      if (jobId === null) throw new NotOrdered({ kind: 'too-many-jobs' });
      const found = await addDevices(transaction, jobId, target, caller, context.clock.now());
      if (found > MAX_DEVICES) throw new NotOrdered({ kind: 'too-many-devices' });
      if (expected !== null && found !== expected) throw new NotOrdered({ kind: 'unexpected', found });
      await setTotal(transaction, jobId, found);
      return { kind: 'ordered', jobId };
    });
  } catch (error) {
    if (error instanceof NotOrdered) return error.outcome;
    throw error;
  }
}

/** Writes a job without items. Answers its id, null when too many run already. */
export async function beginJob(
  transaction: Queryable,
  { clock }: Pick<ServiceContext, 'clock'>,
  { action, parameters, caller }: Pick<NewJob, 'action' | 'parameters'> & { caller: Caller },
): Promise<string | null> {
  const running = await countRunningJobs(transaction, caller.name);
  if (running.ofActor >= MAX_RUNNING.ofActor || running.total >= MAX_RUNNING.total) return null;
  const id = randomUUID();
  await insertJob(transaction, {
    id,
    action,
    parameters,
    actor: caller.name,
    address: caller.address,
    tenantIds: caller.scope === 'all' ? null : [...caller.scope],
    total: 0,
    createdAt: clock.now(),
  });
  return id;
}

async function addDevices(
  transaction: Queryable,
  jobId: string,
  target: JobTarget,
  { scope }: Caller,
  now: Date,
): Promise<number> {
  const macs =
    'macs' in target
      ? [...new Set(target.macs)]
      : await matchingMacs(transaction, { ...target.filter, scope }, MAX_DEVICES + 1, now);
  return addMacs(transaction, jobId, macs);
}

/** Cancels a job: the device in hand is the last. One that is over stays as it is; null: none. */
export async function cancelJob(context: ServiceContext, id: string, { scope }: Caller): Promise<Job | null> {
  return context.store.transaction(async (transaction) => {
    if ((await findJob(transaction, id, scope)) === null) return null;
    await endJob(transaction, id, 'cancelled', context.clock.now());
    return findJob(transaction, id, scope);
  });
}

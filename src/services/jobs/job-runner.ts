import { setImmediate as turn } from 'node:timers/promises';
import { isInScope, scopeOf } from '../../domain/role.js';
import { addSeconds } from '../../domain/time.js';
import { DatabaseUnavailable } from '../../store/database-unavailable.js';
import { lockDevice } from '../../store/devices.js';
import {
  type Job,
  type JobItem,
  closeItem,
  deleteOldJobs,
  endJob,
  listRunningJobs,
  nextOpenItem,
  takeJob,
} from '../../store/jobs.js';
import type { Queryable } from '../../store/store.js';
import { within } from '../../store/transactions.js';
import type { ServiceContext } from '../context.js';
import type { Lapse } from '../sweep.js';
import { type FileReader, FileImporter, IMPORT_ACTION } from './import-job.js';
import { type ActionFailure, type DeviceOrder, NO_DEVICE, carryOut } from './device-actions.js';

/** Devices of a job before the others have their turn. */
const STEPS_AT_ONCE = 20;

/** What came of a step: `idle` when another instance is at the job, or it runs no more. */
type Step = 'worked' | 'ended' | 'idle';

/**
 * Works at the jobs that run, a few devices of each in turn, and at the oldest of those with a
 * file. What a job does to a device, and that it is done, is one transaction: it happens once,
 * however many instances work, and whenever one of them ends. So there is nothing to be taken up
 * after a crash but what is open.
 *
 * @param stopping ends it between two devices
 */
export function runningJobs(context: ServiceContext, readFile: FileReader, stopping: AbortSignal): Lapse {
  const importer = new FileImporter(context, readFile);
  return {
    what: 'jobs',
    look: async () => {
      let isMore = false;
      let hasImported = false;
      for (const { id, action } of await listRunningJobs(context.store.db)) {
        const isImport = action === IMPORT_ACTION;
        if (isImport && hasImported) continue;
        hasImported ||= isImport;
        for (let steps = 0; steps < (isImport ? 1 : STEPS_AT_ONCE) && !stopping.aborted; steps += 1) {
          const step = await takeStep(context, importer, id);
          isMore ||= step !== 'idle';
          if (step !== 'worked') break;
          // The embedded database computes in this thread and never waits: without this no request
          // would be served meanwhile.
          await turn();
        }
      }
      return isMore && !stopping.aborted;
    },
  };
}

async function takeStep(context: ServiceContext, importer: FileImporter, jobId: string): Promise<Step> {
  const { store, log, clock } = context;
  const inTurn = (work: (transaction: Queryable, job: Job) => Promise<boolean>): Promise<Step> =>
    store.transaction(async (transaction) => {
      const job = await takeJob(transaction, jobId);
      if (job === null) return 'idle';
      if (await work(transaction, job)) return 'worked';
      await endJob(transaction, jobId, 'done', clock.now());
      return 'ended';
    });
  /** How far the job had come when the step began. */
  let begun: Job | null = null;
  try {
    return await inTurn(async (transaction, job) => {
      begun = job;
      return job.action === IMPORT_ACTION
        ? importer.step(transaction, job)
        : takeDevice(context, transaction, job);
    });
  } catch (error) {
    if (begun === null || error instanceof DatabaseUnavailable) throw error;
    log.error({ err: error, jobId }, 'a step of a job failed, and is left out');
    const { done, failed } = begun as Job;
    return inTurn(async (transaction, job) => {
      // Another instance may have succeeded meanwhile.
      const isSame = job.done === done && job.failed === failed;
      if (isSame && job.action === IMPORT_ACTION) await importer.skip(transaction, job);
      else if (isSame) await leaveOut(transaction, job);
      return true;
    });
  }
}

/** Deals with the next device of a job. false: there is none. */
async function takeDevice(context: ServiceContext, transaction: Queryable, job: Job): Promise<boolean> {
  const item = await nextOpenItem(transaction, job.id);
  if (item === null) return false;
  const error = await perform(context, transaction, job, item);
  await closeItem(transaction, { jobId: job.id, place: item.place, error });
  return true;
}

async function perform(
  context: ServiceContext,
  transaction: Queryable,
  { action, parameters, actor: name, address, tenantIds }: Job,
  { mac }: Pick<JobItem, 'mac'>,
): Promise<ActionFailure> {
  if (mac === null) return NO_DEVICE;
  const device = await lockDevice(transaction, { mac });
  const scope = scopeOf(tenantIds ?? []);
  if (device === null || !isInScope(scope, device.tenantId)) return NO_DEVICE;
  const inTransaction = { ...context, store: within(context.store, transaction) };
  // Written by `orderDeviceJob`.
  const order = { action, parameters } as unknown as DeviceOrder;
  return carryOut(inTransaction, order, mac, { name, address, scope });
}

export const FAULT = 'Something went wrong here; the log says what.';

/** A fault of ours at one device keeps the job from no other. */
async function leaveOut(transaction: Queryable, { id: jobId }: Job): Promise<void> {
  const item = await nextOpenItem(transaction, jobId);
  if (item !== null) await closeItem(transaction, { jobId, place: item.place, error: FAULT });
}

/** What a job did is to be read for so long. */
export const KEPT_SECONDS = 7 * 24 * 3600;
/** Of all jobs that are over. */
const MAX_KEPT_ITEMS = 1_000_000;
const FORGET_EVERY_SECONDS = 60;

/** Forgets jobs that ended long ago. */
export function forgottenJobs({ store, clock }: Pick<ServiceContext, 'store' | 'clock'>): Lapse {
  let next = new Date(0);
  return {
    what: 'jobs that are over',
    look: async () => {
      const now = clock.now();
      if (now < next) return false;
      next = addSeconds(now, FORGET_EVERY_SECONDS);
      await deleteOldJobs(store.db, addSeconds(now, -KEPT_SECONDS), MAX_KEPT_ITEMS);
      return false;
    },
  };
}

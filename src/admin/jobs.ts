import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Role } from '../domain/role.js';
import { Problem, notFound } from '../http/problem.js';
import type { LineDetail } from '../services/jobs/import-job.js';
import { FAULT } from '../services/jobs/job-runner.js';
import { DEVICE_ACTION_ROLES } from '../services/jobs/device-actions.js';
import { cancelJob } from '../services/jobs/order-job.js';
import { JOB_STATES } from '../store/job-tables.js';
import { type Job, type JobItem, findJob, listClosedItems, listJobs } from '../store/jobs.js';
import type { Queryable } from '../store/store.js';
import { lineError } from './csv/line-error.js';
import { goneWith, sendStream, tooManyStreams } from './event-stream.js';
import { ownId, ownMac, time } from './fields.js';
import { API, type Operation, operation } from './operation.js';
import { PAGE_QUERY, pageOf, presentPage, toPageQuery } from './page.js';
import { forbidden } from './permission.js';

const RESULT = z.strictObject({
  mac: ownMac.nullable(),
  ok: z.boolean(),
  error: z.string().optional(),
  /** Of a file: the line, and the column that is wrong there. */
  line: z.int().optional(),
  column: z.string().nullable().optional(),
  /** Of an import: what became of the device, and which of its fields have another value now. */
  created: z.literal(true).optional(),
  changed: z.array(z.string()).optional(),
});

/** How far a job has come. */
const PROGRESS_ANSWER = z
  .strictObject({
    id: ownId,
    action: z.string(),
    state: z.enum(JOB_STATES),
    total: z.int(),
    /** Devices at which it went well, and at which it did not. */
    done: z.int(),
    failed: z.int(),
    actor: z.string(),
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'JobProgress' });

export const JOB_ANSWER = PROGRESS_ANSWER.extend({
  /** Of the devices that have been dealt with so far. */
  results: z.array(RESULT),
}).meta({ id: 'Job' });

const JOBS = `${API}/jobs` as const;
const JOB_PATH = `${JOBS}/{jobId}` as const;
const may: readonly Role[] = ['admin', 'operator', 'support'];

export const JOB_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'get',
    path: JOBS,
    operationId: 'listJobs',
    tag: 'Jobs',
    summary: 'List the jobs of the last days, the newest first',
    may,
    query: z.strictObject(PAGE_QUERY),
    answer: pageOf('JobList', PROGRESS_ANSWER),
    handle: async ({ context, query, actor }) =>
      presentPage(await listJobs(context.store.db, actor.scope, toPageQuery(query)), presentProgress),
  }),
  operation({
    method: 'get',
    path: JOB_PATH,
    operationId: 'getJob',
    tag: 'Jobs',
    summary: 'Get a job with what came of each device, or follow it as server-sent events',
    may,
    answer: JOB_ANSWER,
    handle: async ({ context, path: { jobId }, actor }) => {
      const job = await findJob(context.store.db, jobId, actor.scope);
      if (job === null) throw notFound('job');
      return presentJob(context.store.db, job);
    },
    stream: {
      of: 'progress',
      query: z.strictObject({}),
      send: async ({ context, path: { jobId }, actor, request, response }) => {
        const { db } = context.store;
        const look = () => findJob(db, jobId, actor.scope);
        if ((await look()) === null) throw notFound('job');
        if (streams >= MAX_STREAMS) throw tooManyStreams();
        streams += 1;
        try {
          const gone = goneWith(response);
          await sendStream(request, response, {
            messages: follow(db, look, gone.signal),
            gone,
            log: context.log,
          });
        } finally {
          streams -= 1;
        }
      },
    },
  }),
  operation({
    method: 'delete',
    path: JOB_PATH,
    operationId: 'cancelJob',
    tag: 'Jobs',
    summary: 'Cancel a job that runs; what it has done stays done',
    may,
    answer: null,
    handle: async ({ context, path: { jobId }, actor }) => {
      const job = await findJob(context.store.db, jobId, actor.scope);
      if (job === null) throw notFound('job');
      if (!mayOrder(actor.role, job.action))
        throw forbidden(`A key of the role ${actor.role} cannot cancel this job.`);
      await cancelJob(context, jobId, actor);
    },
  }),
];

export const tooManyJobs = (): Problem =>
  new Problem(409, 'Too many jobs run at the moment: wait until one is over, or cancel one.');

function mayOrder(role: Role, action: string): boolean {
  const roles: Readonly<Record<string, readonly Role[]>> = DEVICE_ACTION_ROLES;
  return (roles[action] ?? ['admin', 'operator']).includes(role);
}

/** Those of this process; each asks the database now and then. */
const MAX_STREAMS = 100;
let streams = 0;

const LOOK_EVERY_MS = 500;

/** A job each time that it has changed, until it ends. */
async function* follow(
  db: Queryable,
  look: () => Promise<Job | null>,
  gone: AbortSignal,
): AsyncGenerator<string> {
  let told = '';
  while (!gone.aborted) {
    const job = await look();
    if (job === null) return;
    const progress = JSON.stringify(presentProgress(job));
    if (job.state !== 'running') {
      yield `data: ${JSON.stringify(await presentJob(db, job))}\n\n`;
      return;
    }
    if (progress !== told) yield `data: ${progress}\n\n`;
    told = progress;
    // Aborted when the client goes, which is no fault.
    await pause(LOOK_EVERY_MS, undefined, { signal: gone }).catch(() => undefined);
  }
}

async function presentJob(db: Queryable, job: Job): Promise<z.infer<typeof JOB_ANSWER>> {
  return { ...presentProgress(job), results: (await listClosedItems(db, job.id)).map(presentResult) };
}

function presentProgress({
  parameters: _parameters,
  address: _address,
  tenantIds: _tenants,
  batches: _batches,
  ...progress
}: Job): z.infer<typeof PROGRESS_ANSWER> {
  return progress;
}

function presentResult({ place, mac, ok, error, detail }: JobItem): z.infer<typeof RESULT> {
  const result = { mac, ok: ok === true, ...(error !== null && { error }) };
  return detail === null ? result : { ...result, line: place, ...presentLine(detail as LineDetail) };
}

function presentLine(detail: LineDetail): Partial<z.infer<typeof RESULT>> {
  if ('fault' in detail) return { error: FAULT };
  if (!('refused' in detail)) return detail;
  const { column, message } = lineError(detail.refused);
  return { column, error: message };
}

import { setImmediate as turn } from 'node:timers/promises';
import type { Mac } from '../../domain/mac.js';
import { scopeOf } from '../../domain/role.js';
import { seal, unseal } from '../../domain/secrets.js';
import {
  type Job,
  type JobItem,
  closeBatch,
  countFiles,
  findFile,
  setFile,
  setTotal,
} from '../../store/jobs.js';
import type { Queryable } from '../../store/store.js';
import { undone } from '../../store/transactions.js';
import type { Caller, ServiceContext } from '../context.js';
import { ImportBatch, type ImportReport } from '../devices/import-batch.js';
import { type Checked, type DeviceFile, batchesOfLines } from '../devices/import-devices.js';
import type { RefusedLine, WantedDevice } from '../devices/import-lines.js';
import { type JobsBusy, beginJob } from './order-job.js';

export const IMPORT_ACTION = 'import-devices';

/** Files that wait or are read at a time; each has up to 20 MB. */
const MAX_FILES = 10;

/** What a file is imported with. */
export interface ImportParameters extends Record<string, unknown> {
  /** Whose its devices are; null where each line says so. */
  tenantId: string | null;
  isUpdate: boolean;
  dryRun: boolean;
}

/** How the text of a file is read; given by the composition of the process. */
export type FileReader = (text: string, tenantId: string | null, isUpdate: boolean) => DeviceFile;

/** What a line of a file came to, beside whether it went well. */
export type LineDetail =
  { changed: string[] } | { created: true } | { refused: RefusedLine } | { fault: true };

/**
 * Makes a job of a file whose heading has been read. Until the job is over the file is kept, sealed
 * by the master key: it may have passwords.
 */
export async function orderImport(
  context: ServiceContext,
  text: string,
  parameters: ImportParameters,
  caller: Caller,
): Promise<{ kind: 'ordered'; jobId: string } | JobsBusy> {
  const { store, masterKey } = context;
  return store.transaction(async (transaction) => {
    if ((await countFiles(transaction)) >= MAX_FILES) return { kind: 'too-many-jobs' };
    const jobId = await beginJob(transaction, context, { action: IMPORT_ACTION, parameters, caller });
    if (jobId === null) return { kind: 'too-many-jobs' };
    await setFile(transaction, {
      jobId,
      sealed: seal(masterKey, jobId, text),
      keyVersion: masterKey.version,
    });
    await setTotal(transaction, jobId, linesBelowHeading(text));
    return { kind: 'ordered', jobId };
  });
}

/** Lines that are not empty. Some may have no row of their own: the end sets their number right. */
function linesBelowHeading(text: string): number {
  let count = -1;
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    if (end !== at) count += 1;
    if (end === -1) break;
    at = end + 1;
  }
  return Math.max(count, 0);
}

/** A file that is being read: up to the batch with this number, which is the last that was. */
interface OpenFile {
  jobId: string;
  file: DeviceFile;
  batches: Iterator<Checked[]>;
  number: number;
  batch: Checked[] | null;
}

/**
 * Imports files batch by batch. One is open at a time in a process; after a restart, or where
 * another instance has gone on with it, it is read again up to its next batch.
 */
export class FileImporter {
  #open: OpenFile | null = null;

  constructor(
    private readonly context: ServiceContext,
    private readonly read: FileReader,
  ) {}

  /** Imports the next batch of a job's file, in the caller's transaction. false: there is none. */
  async step(transaction: Queryable, job: Job): Promise<boolean> {
    const { tenantId: _, isUpdate, dryRun } = job.parameters as ImportParameters;
    const open = await this.#reach(transaction, job);
    if (open?.batch === undefined || open.batch === null) {
      this.#open = null;
      await setTotal(transaction, job.id, job.done + job.failed);
      return false;
    }
    const { batch, file } = open;
    const options = { isUpdate, namesAccounts: file.namesAccounts };
    const by = { name: job.actor, address: job.address, scope: scopeOf(job.tenantIds ?? []) };
    const devices = batch.filter((one) => one.kind === 'device');
    const run = () => new ImportBatch(transaction, this.context, options, by).run(devices);
    const report = dryRun ? await undone(transaction, run) : await run();
    await close(transaction, job.id, batch, resultsOf(batch, report));
    return true;
  }

  /** Gives up the batch at which a fault of ours happened. */
  async skip(transaction: Queryable, job: Job): Promise<void> {
    const open = await this.#reach(transaction, job);
    const batch = open?.batch ?? [];
    const results = new Map(
      batch.flatMap((one) => linesOf(one).map((line) => [line, result(line, macOf(one), { fault: true })])),
    );
    await close(transaction, job.id, batch, results);
  }

  async #reach(transaction: Queryable, job: Job): Promise<OpenFile | null> {
    if (this.#open?.jobId !== job.id || this.#open.number > job.batches) {
      const sealed = await findFile(transaction, job.id);
      if (sealed === null) return null;
      const { tenantId, isUpdate } = job.parameters as ImportParameters;
      const file = this.read(unseal(this.context.masterKey, job.id, sealed), tenantId, isUpdate);
      const batches = batchesOfLines(file.lines(), { isUpdate });
      this.#open = { jobId: job.id, file, batches, number: -1, batch: null };
    }
    const open = this.#open;
    while (open.number < job.batches) {
      const next = open.batches.next();
      open.number += 1;
      open.batch = next.done === true ? null : next.value;
      await turn();
    }
    return open;
  }
}

type Result = Pick<JobItem, 'place' | 'mac' | 'ok' | 'detail'>;

/** By line: one result each. */
function resultsOf(batch: readonly Checked[], report: ImportReport): Map<number, Result> {
  const changes = new Map(report.updated.map(({ mac, changed }) => [mac, changed]));
  const created = new Set(report.created);
  const results = new Map<number, Result>();
  const macs = new Map(batch.flatMap((one) => linesOf(one).map((line) => [line, macOf(one)])));
  const refused = [...batch.filter((one) => one.kind === 'refused'), ...report.refused];
  for (const one of refused) {
    if (!results.has(one.line))
      results.set(one.line, result(one.line, macs.get(one.line) ?? null, { refused: one }));
  }
  for (const { line, mac } of batch.filter((one): one is WantedDevice => one.kind === 'device')) {
    if (results.has(line)) continue;
    const detail = created.has(mac) ? { created: true as const } : { changed: changes.get(mac) ?? [] };
    results.set(line, result(line, mac, detail));
  }
  return results;
}

function result(place: number, mac: Mac | null, detail: LineDetail): Result {
  return { place, mac, ok: !('refused' in detail || 'fault' in detail), detail };
}

function linesOf(one: Checked): number[] {
  return one.kind === 'device'
    ? [...new Set([one.line, ...one.accounts.map(({ line }) => line)])]
    : [one.line];
}

const macOf = (one: Checked): Mac | null => (one.kind === 'device' ? one.mac : null);

async function close(
  transaction: Queryable,
  jobId: string,
  batch: readonly Checked[],
  results: ReadonlyMap<number, Result>,
): Promise<void> {
  const lines = new Set(batch.flatMap(linesOf));
  const failed = [...results.values()].filter(({ ok }) => ok === false).length;
  await closeBatch(transaction, jobId, [...results.values()], { done: lines.size - failed, failed });
}

import { setImmediate as turn } from 'node:timers/promises';
import type { Queryable } from '../../store/store.js';
import type { Administrator, ServiceContext } from '../context.js';
import { type BatchOptions, ImportBatch, type ImportReport } from './import-batch.js';
import {
  type ImportLine,
  type RefusedLine,
  type WantedDevice,
  batchesOf,
  checkLines,
} from './import-lines.js';

export type { ImportReport } from './import-batch.js';

export interface ImportOptions extends BatchOptions {
  /** Finds out what would come of it, and leaves nothing. */
  dryRun: boolean;
  /** Every line or none. */
  allOrNothing: boolean;
}

/** A file of devices whose heading has been read. */
export interface DeviceFile {
  ignoredColumns: readonly string[];
  /** Whether it says which lines its devices have. */
  namesAccounts: boolean;
  /** Read when they are asked for. */
  lines: () => Iterable<ImportLine>;
}

/**
 * Enough that the database is not asked for each line, few enough that phones need not wait for
 * them.
 */
const LINES_AT_ONCE = 100;
/** A device is changed by statements of its own. */
const CHANGES_AT_ONCE = 25;

/**
 * Creates the devices that the lines of a file ask for, with their lines, just as single ones are
 * created; or changes those that there are. All is one transaction with `allOrNothing`, else every
 * few hundred lines are; a dry run does the same and undoes it. What is reported is in the order of
 * the file.
 *
 * @param lines may be asked for again, when the database wants a transaction to be repeated
 */
export async function importDevices(
  context: ServiceContext,
  lines: () => Iterable<ImportLine>,
  options: ImportOptions,
  actor: Administrator,
): Promise<ImportReport> {
  const { dryRun, allOrNothing } = options;
  const create = async (batches: Iterable<readonly Checked[]>, transaction: Queryable) => {
    const report = empty();
    for (const batch of batches) {
      report.refused.push(...batch.filter((item) => item.kind === 'refused'));
      const devices = batch.filter((item) => item.kind === 'device');
      add(report, await new ImportBatch(transaction, context, options, actor).run(devices));
      // The embedded database computes in this thread and never waits: without this no other
      // request would be served meanwhile.
      await turn();
    }
    return report;
  };
  const batches = (): Iterable<Checked[]> => batchesOfLines(lines(), options);
  const isToStay = (report: ImportReport): boolean => !dryRun && !(allOrNothing && report.refused.length > 0);

  const report = empty();
  if (allOrNothing) {
    add(report, await inTransaction(context, (transaction) => create(batches(), transaction), isToStay));
  } else {
    for (const batch of batches()) {
      add(report, await inTransaction(context, (transaction) => create([batch], transaction), isToStay));
    }
  }
  report.refused.sort((a, b) => a.line - b.line);
  return report;
}

export type Checked = WantedDevice | RefusedLine;

/** The lines of a file, put together and checked, as many at a time as one transaction takes. */
export function batchesOfLines(
  lines: Iterable<ImportLine>,
  { isUpdate }: Pick<BatchOptions, 'isUpdate'>,
): Generator<Checked[]> {
  return batchesOf(checkLines(lines), isUpdate ? CHANGES_AT_ONCE : LINES_AT_ONCE);
}

const empty = (): ImportReport => ({ created: [], updated: [], refused: [] });

/** Like `push(...)`, which a hundred thousand would overflow. */
function add(report: ImportReport, { created, updated, refused }: ImportReport): void {
  for (const mac of created) report.created.push(mac);
  for (const one of updated) report.updated.push(one);
  for (const line of refused) report.refused.push(line);
}

/** Runs the work in a transaction, and undoes it unless what came of it is to stay. */
async function inTransaction(
  context: ServiceContext,
  work: (transaction: Queryable) => Promise<ImportReport>,
  isToStay: (report: ImportReport) => boolean,
): Promise<ImportReport> {
  // A transaction is only undone by throwing.
  const undo = new Error('An import was undone, as it was meant to be.');
  let report = empty();
  try {
    await context.store.transaction(async (transaction) => {
      report = await work(transaction);
      if (!isToStay(report)) throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
  return report;
}

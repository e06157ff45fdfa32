import { setImmediate as turn } from 'node:timers/promises';
import type { Mac } from '../../domain/mac.js';
import { findSiteByName } from '../../store/sites.js';
import type { Queryable } from '../../store/store.js';
import { findTenant } from '../../store/tenants.js';
import type { Actor, ServiceContext } from '../context.js';
import { type CreateDeviceOutcome, type DeviceInput, createDevices } from './create-devices.js';
import {
  type DeviceLine,
  type ImportLine,
  type Refusal,
  type RefusedLine,
  batchesOf,
  checkLines,
} from './import-lines.js';

/** Both in the order of the file. */
export interface ImportReport {
  created: Mac[];
  refused: RefusedLine[];
}

export interface ImportOptions {
  /** Finds out what would come of it, and leaves nothing. */
  dryRun: boolean;
  /** Every line or none. */
  allOrNothing: boolean;
}

/** Enough that the database is not asked for each line, few enough that phones need not wait for them. */
const LINES_AT_ONCE = 100;

/**
 * Creates the devices that the lines of a file ask for, just as single ones are created. All is one transaction with `allOrNothing`, else every
 * few hundred lines are; a dry run does the same and undoes it.
 *
 * @param lines may be asked for again, when the database wants a transaction to be repeated
 */
export async function importDevices(
  context: ServiceContext,
  lines: () => Iterable<ImportLine>,
  { dryRun, allOrNothing }: ImportOptions,
  actor: Actor,
): Promise<ImportReport> {
  const create = async (batches: Iterable<readonly Checked[]>, transaction: Queryable) => {
    const report: ImportReport = { created: [], refused: [] };
    for (const batch of batches) {
      add(report, await createBatch(transaction, context, batch, actor));
      // The embedded database computes in this thread and never waits: without this nobody else would be served meanwhile.
      await turn();
    }
    return report;
  };
  const batches = (): Iterable<Checked[]> => batchesOf(checkLines(lines()), LINES_AT_ONCE);
  const isToStay = (report: ImportReport): boolean => !dryRun && !(allOrNothing && report.refused.length > 0);

  if (allOrNothing) {
    return inTransaction(context, (transaction) => create(batches(), transaction), isToStay);
  }
  const report: ImportReport = { created: [], refused: [] };
  for (const batch of batches()) {
    add(report, await inTransaction(context, (transaction) => create([batch], transaction), isToStay));
  }
  return report;
}

type Checked = DeviceLine | RefusedLine;

/** Like `push(...)`, which a hundred thousand would overflow. */
function add(report: ImportReport, { created, refused }: ImportReport): void {
  for (const mac of created) report.created.push(mac);
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
  let report: ImportReport = { created: [], refused: [] };
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

async function createBatch(
  transaction: Queryable,
  context: ServiceContext,
  batch: readonly Checked[],
  actor: Actor,
): Promise<ImportReport> {
  const report: ImportReport = { created: [], refused: [] };
  const refuse = (line: number, because: Refusal): void => {
    report.refused.push({ kind: 'refused', line, because });
  };
  const sites = new SitesByName(transaction);
  const wanted: { line: number; input: DeviceInput }[] = [];
  for (const item of batch) {
    if (item.kind === 'refused') {
      report.refused.push(item);
      continue;
    }
    const { line, mac, vendor, model, label, tenantId } = item;
    const site = await sites.find(tenantId, item.siteName);
    if (site.kind === 'site')
      wanted.push({ line, input: { mac, vendor, model, label, tenantId, siteId: site.id } });
    else refuse(line, site);
  }

  const outcomes = await createDevices(
    transaction,
    context,
    wanted.map(({ input }) => input),
    actor,
  );
  for (const [index, { line, input }] of wanted.entries()) {
    const because = refusalOf(outcomes[index]);
    if (because === null) report.created.push(input.mac);
    else refuse(line, because);
  }
  report.refused.sort((a, b) => a.line - b.line);
  return report;
}

function refusalOf(outcome: CreateDeviceOutcome | undefined): Refusal | null {
  switch (outcome?.kind) {
    case 'device':
      return null;
    case 'mac-taken':
    case 'tenant-unknown':
    case 'site-unknown':
      return outcome;
    default:
      throw new Error(
        `A line of a file has neither lines nor settings, and yet: ${outcome?.kind ?? 'nothing'}.`,
      );
  }
}

type FoundSite = { kind: 'site'; id: string | null } | { kind: 'site-unknown' } | { kind: 'tenant-unknown' };

/** The sites that lines name, each looked up once a transaction. */
class SitesByName {
  readonly #found = new Map<string, FoundSite>();

  constructor(private readonly transaction: Queryable) {}

  async find(tenantId: string, name: string | null): Promise<FoundSite> {
    if (name === null) return { kind: 'site', id: null };
    const key = `${tenantId}/${name}`;
    const found = this.#found.get(key) ?? (await this.#lookUp(tenantId, name));
    this.#found.set(key, found);
    return found;
  }

  async #lookUp(tenantId: string, name: string): Promise<FoundSite> {
    const site = await findSiteByName(this.transaction, tenantId, name);
    if (site !== null) return { kind: 'site', id: site.id };
    const tenant = await findTenant(this.transaction, tenantId);
    return { kind: tenant === null ? 'tenant-unknown' : 'site-unknown' };
  }
}

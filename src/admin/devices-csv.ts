import { z } from 'zod';
import { isInScope } from '../domain/role.js';
import { Problem, invalid } from '../http/problem.js';
import { exportDevices } from '../services/devices/export-devices.js';
import { type DeviceFile, importDevices } from '../services/devices/import-devices.js';
import type { Caller } from '../services/context.js';
import { orderImport } from '../services/jobs/import-job.js';
import { findTenant } from '../store/tenants.js';
import { readDeviceFile } from './csv/device-lines.js';
import { exportText } from './csv/export-text.js';
import { lineError } from './csv/line-error.js';
import { sendCsv } from './csv/send.js';
import { readText } from './csv/text.js';
import type { AdminContext } from './context.js';
import { DEVICE_FILTER, toDeviceFilter } from './device-filter.js';
import { id, ownMac } from './fields.js';
import { tooManyJobs } from './jobs.js';
import { API, type Operation, operation } from './operation.js';
import { LINE_ERROR } from './problem.js';
import { queryFlag } from './query-fields.js';

const NAME = 'devices.csv';

export const EXPORT_QUERY = z.strictObject({
  ...DEVICE_FILTER,
  bom: queryFlag
    .default(false)
    .describe('Begins with a byte order mark: without one Excel takes UTF-8 for another encoding.'),
});

export const IMPORT_QUERY = z.strictObject({
  tenantId: id.optional().describe('The tenant of the devices whose lines name none.'),
  dryRun: queryFlag.default(false).describe('Only reports what would be done.'),
  allOrNothing: queryFlag.default(false).describe('Imports nothing where a line is wrong: 422.'),
  update: queryFlag.default(false).describe('Changes the devices that exist, too.'),
});

export const IMPORT_ANSWER = z
  .strictObject({
    created: z.array(ownMac),
    count: z.int(),
    /** With `update`: which fields of devices that were there have another value now. */
    updated: z.array(z.strictObject({ mac: ownMac, changed: z.array(z.string()) })).optional(),
    errors: z.array(LINE_ERROR),
    ignoredColumns: z.array(z.string()).readonly(),
    dryRun: z.boolean(),
  })
  .meta({ id: 'ImportReport' });

const FILE = `${API}/devices.csv` as const;

/** Devices as a CSV file: all of them out, many of them in. */
export const DEVICE_CSV_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'get',
    path: FILE,
    operationId: 'exportDevices',
    tag: 'Devices',
    summary: 'Export devices, with their PINs, as a CSV file',
    description: 'Each PIN in the file is written to the audit log as revealed.',
    may: ['admin', 'operator'],
    query: EXPORT_QUERY,
    answer: 'text/csv',
    handle: async ({ context, query: { bom, ...filter }, actor, request, response }) => {
      // HEAD reveals no PAP.
      if (request.method === 'HEAD') {
        response.attachment(NAME).type('text/csv; charset=utf-8').end();
        return;
      }
      const pages = exportDevices(context, { ...toDeviceFilter(filter), scope: actor.scope }, actor);
      await sendCsv(response, NAME, exportText(pages, bom), context.log);
    },
  }),
  operation({
    method: 'post',
    path: FILE,
    operationId: 'importDevices',
    tag: 'Devices',
    summary: 'Create the devices that the lines of a CSV file ask for',
    description:
      'The file has a heading; columns are separated by commas or semicolons. Needed are `mac` and `vendor`; others are `model`, `site`, `label`, `serialNumber`, `language` and those of lines: `sipUser`, `authUser`, `password`, `registrar`, `displayName`, `transport`, `provisioningCode`. A row with the MAC of the row before adds a line. The report names each wrong line and its column.',
    may: ['admin', 'operator'],
    query: IMPORT_QUERY,
    body: 'text/csv',
    answer: IMPORT_ANSWER,
    handle: async (call) => {
      const { context, query, actor } = call;
      const { update, ...options } = query;
      const { file } = await readImport(call);
      const { ignoredColumns, namesAccounts, lines } = file;
      const { created, updated, refused } = await importDevices(
        context,
        lines,
        { ...options, isUpdate: update, namesAccounts },
        actor,
      );
      const errors = refused.map(lineError);
      if (options.allOrNothing && errors.length > 0) {
        const wrong = `${errors.length} of ${errors.length + created.length} lines are wrong`;
        throw new Problem(422, `${wrong}, so nothing is imported.`, errors);
      }
      const { dryRun } = options;
      return { created, count: created.length, ...(update && { updated }), errors, ignoredColumns, dryRun };
    },
    later: async (call) => {
      const { context, query, actor } = call;
      const { tenantId = null, update, dryRun, allOrNothing } = query;
      // That is one transaction, which no restart may come between.
      if (allOrNothing) return null;
      const parameters = { tenantId, isUpdate: update, dryRun };
      const { text } = await readImport(call);
      const outcome = await orderImport(context, text, parameters, actor);
      if (outcome.kind === 'too-many-jobs') throw tooManyJobs();
      return { jobId: outcome.jobId };
    },
  }),
];

/** The text of a file and what its heading says. @throws Problem for a file that is not read */
async function readImport({
  context,
  query,
  body,
  actor,
}: {
  context: AdminContext;
  query: z.infer<typeof IMPORT_QUERY>;
  body: Buffer;
  actor: Caller;
}): Promise<{ text: string; file: DeviceFile }> {
  const { tenantId = null, update } = query;
  const { scope } = actor;
  const isKnown =
    tenantId === null ||
    (isInScope(scope, tenantId) && (await findTenant(context.store.db, tenantId)) !== null);
  if (!isKnown) throw invalid([{ pointer: 'tenantId', detail: 'is not the id of a tenant' }]);
  const text = readText(body);
  return { text, file: readDeviceFile(text, tenantId, update) };
}

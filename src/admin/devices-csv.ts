import { type Request, Router, raw } from 'express';
import { z } from 'zod';
import type { ServiceContext } from '../services/context.js';
import { exportDevices } from '../services/devices/export-devices.js';
import { importDevices } from '../services/devices/import-devices.js';
import { findTenant } from '../store/tenants.js';
import { actorOf } from './actor.js';
import { readDeviceFile } from './csv/device-lines.js';
import { exportText } from './csv/export-text.js';
import { lineError } from './csv/line-error.js';
import { sendCsv } from './csv/send.js';
import { readText } from './csv/text.js';
import { DEVICE_FILTER, id, ownMac } from './fields.js';
import { LINE_ERROR, Problem, invalid } from './problem.js';
import { readQuery } from './request.js';
import { resource } from './resource.js';

const NAME = 'devices.csv';
const MAX_BYTES = 20_000_000;

export const EXPORT_QUERY = z.strictObject(DEVICE_FILTER);

const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .default('false')
  .transform((value) => value === 'true');
export const IMPORT_QUERY = z.strictObject({
  tenantId: id.optional(),
  dryRun: flag,
  allOrNothing: flag,
  update: flag,
});

export const IMPORT_ANSWER = z.strictObject({
  created: z.array(ownMac),
  count: z.int(),
  /** With `update`: which fields of devices that were there have another value now. */
  updated: z.array(z.strictObject({ mac: ownMac, changed: z.array(z.string()) })).optional(),
  errors: z.array(LINE_ERROR),
  ignoredColumns: z.array(z.string()).readonly(),
  dryRun: z.boolean(),
});

/** Devices as a CSV file: all of them out, many of them in. */
export function deviceCsvRoutes(context: ServiceContext): Router {
  const router = Router();
  // Read whole, for a byte at its end that is not UTF-8 keeps all of it out.
  router.use(raw({ type: 'text/csv', limit: MAX_BYTES }));

  resource(router, '/', {
    get: async (request, response) => {
      const { q, ...filter } = readQuery(request, EXPORT_QUERY);
      // HEAD reveals no PAP.
      if (request.method === 'HEAD') return response.attachment(NAME).type('text/csv; charset=utf-8').end();
      const pages = exportDevices(context, { ...filter, text: q }, actorOf(request));
      await sendCsv(response, NAME, exportText(pages), context.log);
    },
    post: async (request, response) => {
      const { tenantId = null, update, ...options } = readQuery(request, IMPORT_QUERY);
      if (tenantId !== null && (await findTenant(context.store.db, tenantId)) === null) {
        throw invalid([{ pointer: 'tenantId', detail: 'is not the id of a tenant' }]);
      }
      const { ignoredColumns, namesAccounts, lines } = readDeviceFile(
        readText(bytesOf(request)),
        tenantId,
        update,
      );
      const { created, updated, refused } = await importDevices(
        context,
        lines,
        { ...options, isUpdate: update, namesAccounts },
        actorOf(request),
      );
      const errors = refused.map(lineError);
      if (options.allOrNothing && errors.length > 0) {
        const wrong = `${errors.length} of ${errors.length + created.length} lines are wrong`;
        throw new Problem(422, `${wrong}, so nothing is imported.`, errors);
      }
      const { dryRun } = options;
      const report = {
        created,
        count: created.length,
        ...(update && { updated }),
        errors,
        ignoredColumns,
        dryRun,
      };
      response.json(report satisfies z.infer<typeof IMPORT_ANSWER>);
    },
  });

  return router;
}

/** The file that a request brings, as it came. */
function bytesOf(request: Request): Buffer {
  const type = request.headers['content-type'] ?? '';
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1]?.toLowerCase() ?? 'utf-8';
  if (!/^text\/csv\s*(?:;|$)/i.test(type))
    throw new Problem(415, 'Send the file as it is: Content-Type: text/csv.');
  if (!['utf-8', 'utf8', 'us-ascii'].includes(charset)) throw new Problem(415, 'The file must be UTF-8.');
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

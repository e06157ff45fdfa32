import { z } from 'zod';
import { type Mac, parseMac } from '../../domain/mac.js';
import { VENDOR_IDS } from '../../domain/vendor-id.js';
import type { DeviceFile } from '../../services/devices/import-devices.js';
import type { ImportLine, PlacedAccount } from '../../services/devices/import-lines.js';
import { deviceSettings } from '../settings-fields.js';
import { id, language, mac, text, credential, hostAndPort } from '../fields.js';
import { unguardCell } from './text.js';
import {
  ACCOUNT_COLUMNS,
  type AccountColumn,
  type Column,
  DEVICE_COLUMNS,
  type DeviceColumn,
  type Heading,
  layoutOf,
  readHeading,
} from './heading.js';
import { type CsvRecord, readRecords } from './records.js';
import { isPossibleCode } from '../../domain/line-code.js';

const REQUIRED = 'is required';

/** How a spreadsheet shows a long number in a narrow column; most of its digits are gone. */
const SHORTENED = /^\d(?:[.,]\d+)?E\+\d+$/i;

/** What may consist of digits, and is not a number. */
const notShortened = (schema: z.ZodString) =>
  schema.refine(
    (value) => !SHORTENED.test(value.trim()),
    'was shortened by a spreadsheet, which took it for a number: format the column as text',
  );

/**
 * A line in a file, as the API takes it. One that exists needs no password; that is found out when
 * it is looked for.
 */
const ACCOUNT = z.object({
  sipUser: notShortened(credential(100)),
  authUser: notShortened(credential(100)).nullable(),
  password: notShortened(credential(100)).nullable(),
  registrar: hostAndPort,
  displayName: text(100).nullable(),
  transport: z.enum(['udp', 'tcp', 'tls'], 'must be udp, tcp or tls').nullable(),
  provisioningCode: notShortened(z.string()).refine(isPossibleCode, 'must have 4 to 12 digits').nullable(),
});

/**
 * Reads a file of devices. A line whose MAC is that of the one before and that has nothing else of
 * a device goes on with its lines.
 *
 * @param file as `readText` answers it
 * @param tenantId whose all of them are; null where each line says so
 * @param isUpdate whether devices are changed by it, too
 * @throws Problem 422 when its heading is wrong
 */
export function readDeviceFile(file: string, tenantId: string | null, isUpdate = false): DeviceFile {
  const layout = layoutOf(file);
  const { delimiter, headingLine } = layout;
  let first: CsvRecord | undefined;
  for (const record of readRecords(file, delimiter)) {
    if (record.line < headingLine) continue;
    first = record;
    break;
  }
  const heading = readHeading(first, layout, { isTenantNamed: tenantId !== null, isUpdate });
  return {
    ignoredColumns: heading.ignored,
    namesAccounts: heading.suffixes.length > 0,
    *lines() {
      let before: Mac | null = null;
      for (const record of readRecords(file, delimiter)) {
        if (record.line <= headingLine || isBlank(record)) continue;
        const read: ImportLine = readLine(record, { heading, tenantId, isUpdate, before });
        before = read.mac;
        yield read;
      }
    },
  };
}

/** Spreadsheets leave such lines at the end. */
function isBlank(record: CsvRecord): boolean {
  return record.kind === 'cells' && record.cells.every((cell) => cell.trim() === '');
}

interface Reading {
  heading: Heading;
  tenantId: string | null;
  isUpdate: boolean;
  /** The MAC of the line before. */
  before: Mac | null;
}

function readLine(record: CsvRecord, { heading, tenantId, isUpdate, before }: Reading): ImportLine {
  const { line, lastLine } = record;
  const unreadable = (column: string | null, message: string, cells: Cells | null = null): ImportLine => {
    const range = lastLine > line ? ` (its quotes reach to line ${lastLine})` : '';
    const known = parseMac(cells?.mac ?? '');
    const isFurther = cells !== null && known !== null && known === before && isOfAccountOnly(cells);
    return { kind: 'unreadable', line, mac: known, isFurther, column, message: message + range };
  };

  if (record.kind === 'faulty') {
    return unreadable(
      (record.cell === null ? undefined : heading.names[record.cell]) ?? null,
      record.message,
    );
  }
  const cells = cellsByColumn(record.cells, heading);
  if (record.cells.length !== heading.width) {
    const message = `has ${record.cells.length} cells, the first line has ${heading.width}`;
    return unreadable(null, message, cells);
  }
  const isFurther = before !== null && parseMac(cells.mac ?? '') === before && isOfAccountOnly(cells);
  const read = readCells(
    { ...cells, tenantId: tenantId ?? cells.tenantId },
    line,
    isFurther || isUpdate ? CHANGED : CREATED,
  );
  if (read.kind === 'faulty') return unreadable(read.column, read.message, cells);
  const { site, ...device } = read.device;
  const { accounts } = read;
  if (isFurther) return { kind: 'further', line, mac: device.mac, accounts };
  return { kind: 'device', line, ...device, siteName: site, accounts };
}

/** What each column has in a line; null where it is empty or not there. */
interface Cells extends Record<DeviceColumn, string | null> {
  /** Of the lines that have anything. */
  accounts: (Record<AccountColumn, string | null> & { suffix: string })[];
}

/** Spelt in any case. */
const LOWER_CASE: ReadonlySet<Column> = new Set(['vendor', 'transport']);
/** A password is as it stands there: none was ever exported, so none has been guarded. */
const AS_IT_IS: ReadonlySet<Column> = new Set(['password']);

function cellsByColumn(cells: readonly string[], heading: Heading): Cells {
  const cell = (column: DeviceColumn | AccountColumn, suffix = ''): string | null => {
    const index = heading.cells.get(`${column}${suffix}` as Column);
    const written = index === undefined ? '' : (cells[index] ?? '');
    const content = AS_IT_IS.has(column) ? written : unguardCell(written);
    if (content.trim() === '') return null;
    return LOWER_CASE.has(column) ? content.trim().toLowerCase() : content;
  };
  const read = <C extends DeviceColumn | AccountColumn>(columns: readonly C[], suffix?: string) =>
    Object.fromEntries(columns.map((column) => [column, cell(column, suffix)])) as Record<C, string | null>;
  const accounts = heading.suffixes
    .map((suffix) => ({ suffix, ...read(ACCOUNT_COLUMNS, suffix) }))
    .filter((account) => ACCOUNT_COLUMNS.some((column) => account[column] !== null));
  return { ...read(DEVICE_COLUMNS), accounts };
}

function isOfAccountOnly(cells: Cells): boolean {
  const ofDevice = DEVICE_COLUMNS.filter((column) => column !== 'mac' && cells[column] !== null);
  return ofDevice.length === 0 && cells.accounts.length > 0;
}

const UNKNOWN_VENDOR = `must be one of ${VENDOR_IDS.join(', ')}`;
const vendor = z.enum(VENDOR_IDS, { error: ({ input }) => (input === null ? REQUIRED : UNKNOWN_VENDOR) });
const tenant = z.preprocess((value) => (typeof value === 'string' ? value.trim() : value), id);

/** An object as JSON, as the API takes it; in CSV its quotes are written twice. */
const settings = z
  .string()
  .transform((value, context): unknown => {
    try {
      return JSON.parse(value);
    } catch {
      context.addIssue('must be JSON such as {"srtp": "optional"}');
      return z.NEVER;
    }
  })
  .pipe(deviceSettings);

/** The fields of a device as the API takes them, with words for people who do not read JSON. */
const CREATED = z.object({
  mac,
  vendor: vendor.nullable().refine((value) => value !== null, REQUIRED),
  tenantId: tenant.nullable().refine((value) => value !== null, REQUIRED),
  model: text(100).nullable(),
  label: text(200).nullable(),
  serialNumber: notShortened(text(100)).nullable(),
  language: language.nullable(),
  settings: settings.nullable(),
  site: text(200).nullable(),
  accounts: z.array(ACCOUNT),
});
const CHANGED = CREATED.extend({ vendor: vendor.nullable(), tenantId: tenant.nullable() });

type ReadCells =
  | { kind: 'device'; device: Omit<z.infer<typeof CHANGED>, 'accounts'>; accounts: PlacedAccount[] }
  | { kind: 'faulty'; column: string; message: string };

/**
 * One message for a line, though it may have several faults: it names the further columns itself.
 */
function readCells(cells: Cells, line: number, schema: typeof CHANGED): ReadCells {
  const read = schema.safeParse(cells, {
    error: (issue) => (issue.input === null ? REQUIRED : undefined),
  });
  if (read.success) {
    const { accounts, ...device } = read.data;
    const placed = accounts.map((account, index) => ({
      line,
      suffix: cells.accounts[index]?.suffix ?? '',
      account,
    }));
    return { kind: 'device', device, accounts: placed };
  }
  const faults = read.error.issues.map((issue) => faultOf(issue, cells));
  const [first, ...others] = faults.filter(
    ({ column }, index) => faults.findIndex((fault) => fault.column === column) === index,
  );
  const further = others.map(({ column, message }) => `; ${column} ${message}`).join('');
  return { kind: 'faulty', column: first?.column ?? 'mac', message: `${first?.message ?? ''}${further}` };
}

/** Where an issue is: a column, one of a line of the device, or a member of its settings. */
function faultOf(
  { path: [field, ...below], message }: z.core.$ZodIssue,
  cells: Cells,
): { column: string; message: string } {
  if (field === 'accounts') {
    const [index, column] = below;
    return { column: `${String(column)}${cells.accounts[Number(index)]?.suffix ?? ''}`, message };
  }
  if (field === 'mac') return { column: 'mac', message: message + spreadsheetHint(cells.mac ?? '') };
  const place = below.map((key) => `/${String(key)}`).join('');
  return { column: String(field), message: place === '' ? message : `${place} ${message}` };
}

/**
 * Spreadsheets take a MAC of digits for a number: its zeros in front are gone, or it is written as
 * 1.12E+11.
 */
function spreadsheetHint(macCell: string): string {
  const isNumber = /^\d{1,11}$|^\d+(?:[.,]\d+)?E\+?\d+$/i.test(macCell.trim());
  return isNumber ? '; a spreadsheet has made a number of it: write it with colons' : '';
}

import { z } from 'zod';
import { type Mac, parseMac } from '../../domain/mac.js';
import { VENDOR_IDS } from '../../domain/vendor-id.js';
import type { ImportLine } from '../../services/devices/import-lines.js';
import { id, language, mac, text, credential, hostAndPort } from '../fields.js';
import { unguardCell } from './text.js';
import {
  ACCOUNT_COLUMNS,
  type Column,
  DEVICE_COLUMNS,
  type Heading,
  layoutOf,
  readHeading,
} from './heading.js';
import { type CsvRecord, readRecords } from './records.js';
import { isPossibleCode } from '../../domain/line-code.js';

const REQUIRED = 'is required';

/**
 * A line in a file, as the API takes it. One that exists needs no password; that is found out when
 * it is looked for.
 */
const ACCOUNT = z.object({
  sipUser: credential(100),
  authUser: credential(100).nullable(),
  password: credential(100).nullable(),
  registrar: hostAndPort,
  displayName: text(100).nullable(),
  transport: z.enum(['udp', 'tcp', 'tls'], 'must be udp, tcp or tls').nullable(),
  provisioningCode: z.string().refine(isPossibleCode, 'must have 4 to 12 digits').nullable(),
});

/** A file of devices whose heading has been read; its lines are read when they are asked for. */
export interface DeviceFile {
  ignoredColumns: readonly string[];
  /** Whether it says which lines its devices have. */
  namesAccounts: boolean;
  lines: () => Iterable<ImportLine>;
}

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
    namesAccounts: ACCOUNT_COLUMNS.some((column) => heading.cells.has(column)),
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
    isFurther || isUpdate ? CHANGED : CREATED,
  );
  if (read.kind === 'faulty') return unreadable(read.column, read.message, cells);
  const { site, account, ...device } = read.device;
  if (isFurther && account !== null) return { kind: 'further', line, mac: device.mac, account };
  return { kind: 'device', line, ...device, siteName: site, account };
}

/** What each column has in a line; null where it is empty or not there. */
type Cells = Record<Column, string | null>;

const COLUMNS: readonly Column[] = [...DEVICE_COLUMNS, ...ACCOUNT_COLUMNS];
/** Spelt in any case. */
const LOWER_CASE: ReadonlySet<Column> = new Set(['vendor', 'transport']);
/** A password is as it stands there: none was ever exported, so none has been guarded. */
const AS_IT_IS: ReadonlySet<Column> = new Set(['password']);

function cellsByColumn(cells: readonly string[], heading: Heading): Cells {
  const cell = (column: Column): string | null => {
    const index = heading.cells.get(column);
    const written = index === undefined ? '' : (cells[index] ?? '');
    const content = AS_IT_IS.has(column) ? written : unguardCell(written);
    if (content.trim() === '') return null;
    return LOWER_CASE.has(column) ? content.trim().toLowerCase() : content;
  };
  return Object.fromEntries(COLUMNS.map((column) => [column, cell(column)])) as Cells;
}

function isOfAccountOnly(cells: Cells): boolean {
  const ofDevice = DEVICE_COLUMNS.filter((column) => column !== 'mac' && cells[column] !== null);
  return ofDevice.length === 0 && ACCOUNT_COLUMNS.some((column) => cells[column] !== null);
}

const UNKNOWN_VENDOR = `must be one of ${VENDOR_IDS.join(', ')}`;
const vendor = z.enum(VENDOR_IDS, { error: ({ input }) => (input === null ? REQUIRED : UNKNOWN_VENDOR) });
const tenant = z.preprocess((value) => (typeof value === 'string' ? value.trim() : value), id);

/** The fields of a device as the API takes them, with words for people who do not read JSON. */
const CREATED = z.object({
  mac,
  vendor: vendor.nullable().refine((value) => value !== null, REQUIRED),
  tenantId: tenant.nullable().refine((value) => value !== null, REQUIRED),
  model: text(100).nullable(),
  label: text(200).nullable(),
  serialNumber: text(100).nullable(),
  language: language.nullable(),
  site: text(200).nullable(),
  account: ACCOUNT.nullable(),
});
const CHANGED = CREATED.extend({ vendor: vendor.nullable(), tenantId: tenant.nullable() });

type ReadCells =
  { kind: 'device'; device: z.infer<typeof CHANGED> } | { kind: 'faulty'; column: string; message: string };

/**
 * One message for a line, though it may have several faults: it names the further columns itself.
 */
function readCells(cells: Cells, schema: typeof CHANGED): ReadCells {
  const hasAccount = ACCOUNT_COLUMNS.some((column) => cells[column] !== null);
  const read = schema.safeParse(
    { ...cells, account: hasAccount ? cells : null },
    { error: (issue) => (issue.input === null ? REQUIRED : undefined) },
  );
  if (read.success) return { kind: 'device', device: read.data };
  const faults = read.error.issues.map(({ path, message }) => {
    const column = String(path.at(-1));
    return { column, message: column === 'mac' ? message + spreadsheetHint(cells.mac ?? '') : message };
  });
  const [first, ...others] = faults.filter(
    ({ column }, index) => faults.findIndex((fault) => fault.column === column) === index,
  );
  const further = others.map(({ column, message }) => `; ${column} ${message}`).join('');
  return { kind: 'faulty', column: first?.column ?? 'mac', message: `${first?.message ?? ''}${further}` };
}

/**
 * Spreadsheets take a MAC of digits for a number: its zeros in front are gone, or it is written as
 * 1.12E+11.
 */
function spreadsheetHint(macCell: string): string {
  const isNumber = /^\d{1,11}$|^\d+(?:[.,]\d+)?E\+?\d+$/i.test(macCell.trim());
  return isNumber ? '; a spreadsheet has made a number of it: write it with colons' : '';
}

import { z } from 'zod';
import { parseMac } from '../../domain/mac.js';
import { VENDOR_IDS } from '../../domain/vendor-id.js';
import type { DeviceLine, ImportLine } from '../../services/devices/import-lines.js';
import { id, mac, text } from '../fields.js';
import { unguardCell } from './cell.js';
import { type Column, type Heading, delimiterOf, readHeading } from './heading.js';
import { type CsvRecord, readRecords } from './records.js';

/** A file of devices whose heading has been read; its lines are read when they are asked for. */
export interface DeviceFile {
  ignoredColumns: readonly string[];
  lines: () => Iterable<ImportLine>;
}

/**
 * Reads a file of devices.
 *
 * @param file as `readText` answers it
 * @param tenantId whose all of them are; null where each line says so
 * @throws Problem 422 when its heading is wrong
 */
export function readDeviceFile(file: string, tenantId: string | null): DeviceFile {
  const delimiter = delimiterOf(file);
  const [first] = readRecords(file, delimiter);
  const heading = readHeading(first, tenantId !== null);
  return {
    ignoredColumns: heading.ignored,
    *lines() {
      for (const record of readRecords(file, delimiter)) {
        if (record.line > 1 && !isBlank(record)) yield readLine(record, heading, tenantId);
      }
    },
  };
}

/** Spreadsheets leave such lines at the end. */
function isBlank(record: CsvRecord): boolean {
  return record.kind === 'cells' && record.cells.every((cell) => cell.trim() === '');
}

function readLine(record: CsvRecord, heading: Heading, tenantId: string | null): ImportLine {
  const { line, lastLine } = record;
  const unreadable = (column: string | null, message: string, macCell: string | null = null): ImportLine => {
    const range = lastLine > line ? ` (its quotes reach to line ${lastLine})` : '';
    return { kind: 'unreadable', line, mac: parseMac(macCell ?? ''), column, message: message + range };
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
    return unreadable(null, message, cells.mac);
  }
  const read = readDevice({ ...cells, tenantId: tenantId ?? cells.tenantId });
  return read.kind === 'device' ? { ...read, line } : unreadable(read.column, read.message, cells.mac);
}

/** What each column has in a line; null where it is empty or not there. */
type Cells = Record<Column, string | null>;

function cellsByColumn(cells: readonly string[], heading: Heading): Cells {
  const cell = (column: Column): string | null => {
    const index = heading.cells.get(column);
    const content = index === undefined ? '' : unguardCell(cells[index] ?? '');
    return content.trim() === '' ? null : content;
  };
  return {
    mac: cell('mac'),
    vendor: cell('vendor')?.trim().toLowerCase() ?? null,
    model: cell('model'),
    site: cell('site'),
    label: cell('label'),
    tenantId: cell('tenantId')?.trim() ?? null,
  };
}

const REQUIRED = 'is required';
const UNKNOWN_VENDOR = `must be one of ${VENDOR_IDS.join(', ')}`;

/** The fields of a device as the API takes them, with words for people who do not read JSON. */
const DEVICE = z.object({
  mac,
  vendor: z.enum(VENDOR_IDS, { error: ({ input }) => (input === null ? REQUIRED : UNKNOWN_VENDOR) }),
  tenantId: id,
  model: text(100).nullable(),
  label: text(200).nullable(),
  site: text(200).nullable(),
});

type DeviceOfLine = Omit<DeviceLine, 'line'> | { kind: 'faulty'; column: string; message: string };

/** One message for a line, though it may have several faults: it names the further columns itself. */
function readDevice(cells: Cells): DeviceOfLine {
  const read = DEVICE.safeParse(cells, {
    error: (issue) => (issue.input === null ? REQUIRED : undefined),
  });
  if (read.success) {
    const { site, ...device } = read.data;
    return { kind: 'device', ...device, siteName: site };
  }
  const faults = read.error.issues.map(({ path, message }) => {
    const column = String(path[0]);
    return { column, message: column === 'mac' ? message + spreadsheetHint(cells.mac ?? '') : message };
  });
  const [first, ...others] = faults.filter(
    ({ column }, index) => faults.findIndex((fault) => fault.column === column) === index,
  );
  const further = others.map(({ column, message }) => `; ${column} ${message}`).join('');
  return { kind: 'faulty', column: first?.column ?? 'mac', message: `${first?.message ?? ''}${further}` };
}

/** Spreadsheets take a MAC of digits for a number: its zeros in front are gone, or it is written as 1.12E+11. */
function spreadsheetHint(macCell: string): string {
  const isNumber = /^\d{1,11}$|^\d+(?:[.,]\d+)?E\+?\d+$/i.test(macCell.trim());
  return isNumber ? '; a spreadsheet has made a number of it: write it with colons' : '';
}

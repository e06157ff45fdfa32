import { Problem } from '../../http/problem.js';
import type { CsvRecord, Delimiter } from './records.js';

/** The columns of a device. */
export const DEVICE_COLUMNS = [
  'mac',
  'vendor',
  'model',
  'site',
  'label',
  'serialNumber',
  'language',
  'settings',
  'tenantId',
] as const;

/**
 * The columns of one of its lines. With a number behind them (`sipUser2`) they are those of a
 * further line of the device, in the order of the numbers.
 */
export const ACCOUNT_COLUMNS = [
  'sipUser',
  'authUser',
  'password',
  'registrar',
  'displayName',
  'transport',
  'provisioningCode',
] as const;

export type DeviceColumn = (typeof DEVICE_COLUMNS)[number];
export type AccountColumn = (typeof ACCOUNT_COLUMNS)[number];
export type Column = DeviceColumn | AccountColumn | `${AccountColumn}${number}`;

/** Lines of a device that one row can have. */
const MAX_NUMBER = 50;

/** What the first line of the file says of the others. */
export interface Heading {
  /** How many cells a line has. */
  width: number;
  /** In which cell each column is; a column that is not there is not in the map. */
  cells: ReadonlyMap<Column, number>;
  /** What the columns of lines end in: nothing, or a number from 2; in order. */
  suffixes: readonly string[];
  /** The column of each cell as the file names it. */
  names: readonly string[];
  /** The columns that are not read, as the file names them. */
  ignored: readonly string[];
}

/** How the cells of a file are told apart, and which line names its columns. */
export interface Layout {
  delimiter: Delimiter;
  headingLine: number;
}

/**
 * Excel's own first line, which names the delimiter; programs that read it as cells put quotes
 * around it, or delimiters behind it.
 */
const SEPARATOR_LINE = /^"?sep=([,;\t|])"?[,;\t| ]*$/i;

/**
 * A first line `sep=` says what stands between cells; else comma or semicolon, whichever there is
 * more of in the first line outside quotes.
 */
export function layoutOf(text: string): Layout {
  const [firstLine = ''] = text.slice(0, 10_000).split('\n', 1);
  const named = SEPARATOR_LINE.exec(firstLine)?.[1];
  if (named !== undefined) return { delimiter: named as Delimiter, headingLine: 2 };
  const outside = firstLine.replaceAll(/"[^"]*(?:"|$)/g, '');
  const count = (delimiter: Delimiter): number => outside.split(delimiter).length;
  return { delimiter: count(';') > count(',') ? ';' : ',', headingLine: 1 };
}

/**
 * Reads the heading. A column `tenantId` counts only when the request names no tenant. A file that
 * changes devices need not say what they are.
 *
 * @throws Problem 422 when a column is missing or there twice
 */
export function readHeading(
  record: CsvRecord | undefined,
  { headingLine: line }: Layout,
  { isTenantNamed, isUpdate }: { isTenantNamed: boolean; isUpdate: boolean },
): Heading {
  const badHeading = (detail: string, column: Column | null = null): Problem =>
    new Problem(422, detail, [{ line, column, message: detail }]);
  if (record?.kind === 'faulty') throw badHeading(`Line ${line} ${record.message}.`);
  const names = (record?.cells ?? []).map((name) => name.trim());
  const cells = new Map<Column, number>();
  const ignored: string[] = [];
  for (const [index, name] of names.entries()) {
    const column = columnOf(name);
    if (column === null || (column === 'tenantId' && isTenantNamed)) {
      if (name !== '') ignored.push(name.slice(0, 100));
    } else if (cells.has(column)) throw badHeading(`The column ${column} is there twice.`, column);
    else cells.set(column, index);
  }
  for (const column of isUpdate ? (['mac'] as const) : (['mac', 'vendor'] as const)) {
    if (!cells.has(column))
      throw badHeading(`The first line must name the columns; ${column} is missing.`, column);
  }
  if (!isTenantNamed && !isUpdate && !cells.has('tenantId')) {
    throw badHeading('Say whose the devices are: by ?tenantId=, or by a column tenantId.', 'tenantId');
  }
  return { width: names.length, cells, suffixes: suffixesOf([...cells.keys()]), names, ignored };
}

/** The column that a name means, spelt in any case; null: none that is read. */
function columnOf(name: string): Column | null {
  const ofDevice = DEVICE_COLUMNS.find((known) => isSpelt(known, name));
  if (ofDevice !== undefined) return ofDevice;
  const [, text = '', digits = '1'] = /^([a-z]+)(?:[ _-]?([1-9]\d?))?$/i.exec(name) ?? [];
  const ofLine = ACCOUNT_COLUMNS.find((known) => isSpelt(known, text));
  const number = Number(digits);
  if (ofLine === undefined || number > MAX_NUMBER) return null;
  return number === 1 ? ofLine : `${ofLine}${number}`;
}

function isSpelt(known: string, text: string): boolean {
  return known.toLowerCase() === text.toLowerCase();
}

function suffixesOf(columns: readonly Column[]): string[] {
  const ofLines = columns.filter((column) => ACCOUNT_COLUMNS.some((known) => column.startsWith(known)));
  const suffixes = new Set(ofLines.map((column) => /\d*$/.exec(column)?.[0] ?? ''));
  return [...suffixes].toSorted((a, b) => Number(a) - Number(b));
}

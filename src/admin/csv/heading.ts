import { Problem } from '../problem.js';
import type { CsvRecord, Delimiter } from './records.js';

/** The columns that are read, in any order and spelt in any case. */
const COLUMNS = ['mac', 'vendor', 'model', 'site', 'label', 'tenantId'] as const;
export type Column = (typeof COLUMNS)[number];

/** What the first line of the file says of the others. */
export interface Heading {
  /** How many cells a line has. */
  width: number;
  /** In which cell each column is; a column that is not there is not in the map. */
  cells: ReadonlyMap<Column, number>;
  /** The column of each cell as the file names it. */
  names: readonly string[];
  /** The columns that are not read, as the file names them. */
  ignored: readonly string[];
}

/** Comma or semicolon, whichever there is more of in the first line outside quotes. */
export function delimiterOf(text: string): Delimiter {
  const [firstLine = ''] = text.slice(0, 10_000).split('\n', 1);
  const outside = firstLine.replaceAll(/"[^"]*(?:"|$)/g, '');
  const count = (delimiter: Delimiter): number => outside.split(delimiter).length;
  return count(';') > count(',') ? ';' : ',';
}

/**
 * Reads the heading. A column `tenantId` counts only when the request names no tenant.
 *
 * @throws Problem 422 when a column is missing or there twice
 */
export function readHeading(record: CsvRecord | undefined, isTenantNamed: boolean): Heading {
  if (record?.kind === 'faulty') throw badHeading(`Line 1 ${record.message}.`);
  const names = (record?.cells ?? []).map((name) => name.trim());
  const cells = new Map<Column, number>();
  const ignored: string[] = [];
  for (const [index, name] of names.entries()) {
    const column = COLUMNS.find((known) => known.toLowerCase() === name.toLowerCase());
    if (column === undefined || (column === 'tenantId' && isTenantNamed)) {
      if (name !== '') ignored.push(name.slice(0, 100));
    } else if (cells.has(column)) throw badHeading(`The column ${column} is there twice.`, column);
    else cells.set(column, index);
  }
  for (const column of ['mac', 'vendor'] as const) {
    if (!cells.has(column))
      throw badHeading(`The first line must name the columns; ${column} is missing.`, column);
  }
  if (!isTenantNamed && !cells.has('tenantId')) {
    throw badHeading('Say whose the devices are: by ?tenantId=, or by a column tenantId.', 'tenantId');
  }
  return { width: names.length, cells, names, ignored };
}

function badHeading(detail: string, column: Column | null = null): Problem {
  return new Problem(422, detail, [{ line: 1, column, message: detail }]);
}

import { CsvError, parse } from 'csv-parse/sync';

export type Delimiter = ',' | ';' | '\t' | '|';

/**
 * A line of a CSV file: its cells, or why it has none. Lines are counted as an editor counts them,
 * from 1; one with line breaks inside quotes goes on to `lastLine`.
 */
export type CsvRecord =
  | { kind: 'cells'; line: number; lastLine: number; cells: string[] }
  /** `cell`: which one is wrong, from 0; null when that cannot be told. */
  | { kind: 'faulty'; line: number; lastLine: number; cell: number | null; message: string };

/** A device needs a few hundred characters; who sends more has forgotten a quote. */
export const MAX_RECORD_CHARACTERS = 65_536;

/**
 * Reads CSV (RFC 4180) line by line, each when it is asked for. Line breaks are LF alone
 * (`readText` sees to that), and blanks around a cell do not belong to it. A line that is wrong is
 * answered as such and costs nothing but itself: reading goes on with the next line of the file. No
 * character is looked at more than a few times, for the line on which an open quote is closed
 * cannot leave one open itself.
 */
export function* readRecords(text: string, delimiter: Delimiter): Generator<CsvRecord> {
  let line = 1;
  for (let start = 0; start < text.length;) {
    const { firstEnd, end, breaks } = extentOf(text, start);
    const isTooLong = firstEnd - start > MAX_RECORD_CHARACTERS;
    const read = isTooLong ? TOO_LONG : readCells(text.slice(start, end), delimiter);
    if (read.kind === 'cells') {
      yield { ...read, line, lastLine: line + breaks };
      start = end + 1;
      line += breaks + 1;
    } else {
      yield { ...read, line, lastLine: line };
      start = firstEnd + 1;
      line += 1;
    }
  }
}

/**
 * Where a record ends: at the first line break before which quotes are even in number. Ends that
 * are too far away are not looked for.
 */
function extentOf(text: string, start: number): { firstEnd: number; end: number; breaks: number } {
  const firstEnd = lineEnd(text, start);
  let [end, breaks] = [firstEnd, 0];
  let isOpen = hasOddQuotes(text, start, end);
  while (isOpen && end < text.length && end - start <= MAX_RECORD_CHARACTERS) {
    const next = lineEnd(text, end + 1);
    if (hasOddQuotes(text, end + 1, next)) isOpen = false;
    end = next;
    breaks += 1;
  }
  return { firstEnd, end, breaks };
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
}

/** A line beyond the limit is refused whatever is in it. */
function hasOddQuotes(text: string, start: number, end: number): boolean {
  const line = text.slice(start, Math.min(end, start + MAX_RECORD_CHARACTERS));
  let isOdd = false;
  for (let at = line.indexOf('"'); at !== -1; at = line.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
}

type Cells = { kind: 'cells'; cells: string[] } | { kind: 'faulty'; cell: number | null; message: string };

const TOO_LONG: Cells = {
  kind: 'faulty',
  cell: null,
  message: `has more than ${MAX_RECORD_CHARACTERS} characters`,
};

const QUOTE_FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'begins with a quote that is not closed',
  INVALID_OPENING_QUOTE: 'has a quote in it: put the whole cell into quotes, and write the quote in it twice',
  CSV_INVALID_CLOSING_QUOTE: 'goes on after its closing quote: a quote inside a cell is written twice',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE:
    'goes on after its closing quote: a quote inside a cell is written twice',
};

function readCells(record: string, delimiter: Delimiter): Cells {
  if (record === '') return { kind: 'cells', cells: [] };
  try {
    const records: string[][] = parse(record, {
      delimiter,
      record_delimiter: '\n',
      trim: true,
      relax_column_count: true,
    });
    return { kind: 'cells', cells: records[0] ?? [] };
  } catch (error) {
    const message = error instanceof CsvError ? QUOTE_FAULTS[error.code] : undefined;
    if (!(error instanceof CsvError) || message === undefined) throw error;
    // The library's own words would quote the cell.
    const cell: unknown = error['column'];
    return { kind: 'faulty', cell: typeof cell === 'number' ? cell : null, message };
  }
}

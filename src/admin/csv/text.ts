import { isUtf8 } from 'node:buffer';
import { Problem } from '../../http/problem.js';
import { layoutOf } from './heading.js';
import { readRecords } from './records.js';

/** Below the heading. */
const MAX_LINES = 100_000;

const HOW_TO_SAVE =
  'Save the file as UTF-8 (in Excel “CSV UTF-8”, in LibreOffice the character set “Unicode (UTF-8)”) and send it again. Nothing was imported.';

/**
 * The text of a CSV file, without byte order mark, its line breaks made LF. What is not UTF-8 is
 * refused as a whole: bytes in another encoding would become wrong names without anybody being
 * told.
 *
 * @throws Problem 422, which names the line and the column; 413 when there are too many lines
 */
export function readText(body: Buffer): string {
  // UTF-16 without a byte order mark is valid UTF-8 too, every second character of it NUL; a
  // heading has none.
  if (body.subarray(0, 4).includes(0)) throw notUtf8(1, null);
  if (!isUtf8(body)) throw notUtf8(...placeOfFirstFault(body));
  const text = withPlainLineBreaks(body.toString('utf8').replace(/^\ufeff/, ''));
  if (isLongerThan(text, MAX_LINES + 1)) {
    const limit = MAX_LINES.toLocaleString('en');
    throw new Problem(413, `The file has more than ${limit} lines: send it in parts. Nothing was imported.`);
  }
  return text;
}

function isLongerThan(text: string, lines: number): boolean {
  let count = 0;
  for (let at = 0; at < text.length && count <= lines; count += 1) {
    const end = text.indexOf('\n', at);
    at = end === -1 ? text.length : end + 1;
  }
  return count > lines;
}

function notUtf8(line: number, column: string | null): Problem {
  const place = column === null ? `Line ${line}` : `Line ${line}, column ${column},`;
  return new Problem(422, `${place} is not UTF-8. ${HOW_TO_SAVE}`, [
    { line, column, message: 'is not UTF-8' },
  ]);
}

function withPlainLineBreaks(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}

/** What a byte is decoded to that is not UTF-8. */
const REPLACEMENT = '\ufffd';

/** The line with the first byte that is not UTF-8, and the heading above it. */
function placeOfFirstFault(body: Buffer): [line: number, column: string | null] {
  const text = withPlainLineBreaks(body.toString('utf8'));
  const line = text.slice(0, text.indexOf(REPLACEMENT)).split('\n').length;
  let heading: string[] = [];
  const { delimiter, headingLine } = layoutOf(text);
  for (const record of readRecords(text, delimiter)) {
    if (record.kind === 'cells' && record.line === headingLine) heading = record.cells;
    if (record.lastLine < line) continue;
    if (record.kind === 'faulty' || record.line <= headingLine) break;
    return [line, heading[record.cells.findIndex((cell) => cell.includes(REPLACEMENT))] ?? null];
  }
  return [line, null];
}

/**
 * How a cell begins that a spreadsheet takes for a formula, and would carry out (OWASP, "CSV
 * Injection"): the signs, their full-width forms, tab and carriage return. Apostrophes may stand
 * before, for that is how such a cell looks once it is guarded.
 */
const FORMULA = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/**
 * Puts an apostrophe before what a spreadsheet would take for a formula; anything else stays as it
 * is.
 */
export function guardCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Takes the apostrophe of `guardCell` off again. */
export function unguardCell(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
}

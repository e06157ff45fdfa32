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

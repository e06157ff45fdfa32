/**
 * Parameters by lower-case name; `true` for a parameter without a value (`lr`). Quoted values are
 * unquoted.
 */
export type Params = Map<string, string | true>;

/** Splits at a separator, but not inside "…" or <…>; pieces are trimmed, empty ones dropped. */
export function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  if (!text.includes(separator)) {
    const only = text.trim();
    return only === '' ? [] : [only];
  }
  const pieces: string[] = [];
  let start = 0;
  let isQuoted = false;
  let isBracketed = false;
  const cut = (end: number): void => {
    const piece = text.slice(start, end).trim();
    if (piece !== '') pieces.push(piece);
    start = end + 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isQuoted) {
      if (character === '\\') at += 1;
      else if (character === '"') isQuoted = false;
    } else if (isBracketed) {
      if (character === '>') isBracketed = false;
    } else if (character === '"') isQuoted = true;
    else if (character === '<') isBracketed = true;
    else if (character === separator) cut(at);
  }
  cut(text.length);
  return pieces;
}

/** Reads `;a=b;c;d="e"`, the leading semicolon optional. Of equal names the first counts. */
export function parseParams(text: string): Params {
  const params: Params = new Map();
  for (const piece of splitOutsideQuotes(text, ';')) {
    const equals = piece.indexOf('=');
    const name = (equals < 0 ? piece : piece.slice(0, equals)).trimEnd().toLowerCase();
    if (name === '' || params.has(name)) continue;
    params.set(name, equals < 0 ? true : unquote(piece.slice(equals + 1).trimStart()));
  }
  return params;
}

/** Characters of a token or host (RFC 3261 25.1): a value of these needs no quotes. */
const BARE_VALUE = /^[\w\-.!%*+`'~[\]:]+$/;

/** Writes `;a=b;c`; values that are no token or host are quoted. */
export function formatParams(params: Params): string {
  let text = '';
  for (const [name, value] of params) {
    text += value === true ? `;${name}` : `;${name}=${BARE_VALUE.test(value) ? value : quote(value)}`;
  }
  return text;
}

/** `a "b" \c` to `"a \"b\" \\c"`. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The content of a quoted-string; anything else comes back as it is. */
export function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text.slice(1, -1).replace(/\\(.)/gs, '$1');
}

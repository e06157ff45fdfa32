import { formatParams, parseParams, quote, unquote, type Params } from './params.js';

/**
 * The value of From, To, Contact, Route and their like (RFC 3261 20.10, 25.1 `name-addr` /
 * `addr-spec`).
 */
export interface NameAddr {
  readonly displayName?: string;
  /** As text, without angle brackets; see parseUri. */
  readonly uri: string;
  /** Header parameters (tag, expires, q…), not those of the URI. */
  readonly params: Params;
}

/** undefined when there is no address in it (`*` included). */
export function parseNameAddr(text: string): NameAddr | undefined {
  const value = text.trim();
  const open = openingBracket(value);
  if (open < 0) {
    // Without brackets all parameters are the header's (RFC 3261 20).
    const semicolon = value.indexOf(';');
    const uri = (semicolon < 0 ? value : value.slice(0, semicolon)).trim();
    if (!uri.includes(':') || /["<>\s]/.test(uri)) return undefined;
    return { uri, params: parseParams(semicolon < 0 ? '' : value.slice(semicolon)) };
  }
  const close = value.indexOf('>', open);
  if (close < 0) return undefined;
  const uri = value.slice(open + 1, close).trim();
  const displayName = unquote(value.slice(0, open).trim());
  if (!uri.includes(':')) return undefined;
  return { ...(displayName === '' ? {} : { displayName }), uri, params: parseParams(value.slice(close + 1)) };
}

/** Always with angle brackets, so that URI and header parameters cannot be confused. */
export function formatNameAddr(address: NameAddr): string {
  const name = address.displayName === undefined ? '' : `${quote(address.displayName)} `;
  return `${name}<${address.uri}>${formatParams(address.params)}`;
}

const TAG = /;\s*tag\s*=\s*([^;,\s]+)/i;

/** The tag of a From or To value, found without parsing the rest. */
export function tagOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const open = openingBracket(value);
  // A `;tag=` inside the brackets is a parameter of the URI.
  const parameters = open < 0 ? value : value.slice(Math.max(value.indexOf('>', open), open));
  return TAG.exec(parameters)?.[1];
}

/** The `<` before the URI, not one inside a quoted display name; -1 when there is none. */
function openingBracket(value: string): number {
  if (!value.startsWith('"')) return value.indexOf('<');
  for (let at = 1; at < value.length; at += 1) {
    if (value[at] === '\\') at += 1;
    else if (value[at] === '"') return value.indexOf('<', at);
  }
  return -1;
}

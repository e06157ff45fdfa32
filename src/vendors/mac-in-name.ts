import { type Mac, parseMac } from '../domain/mac.js';

/**
 * Bare, or with the separators that firmware puts in for a macro such as `{mac}`; `parseMac` says
 * which of these is one.
 */
const MAC = '[0-9a-f]{2}(?:[:.-]?[0-9a-f]{2}){5}';

/** An expression for file names, in which `<mac>` stands for a MAC. */
export function nameWithMac(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replaceAll('<mac>', MAC), pattern.flags);
}

/** All that a query calls `mac`, in whatever case; what is none is left out. */
export function macsInQuery(query: URLSearchParams): Mac[] {
  return [...query].flatMap(([name, text]) => (name.toLowerCase() === 'mac' ? (parseMac(text) ?? []) : []));
}

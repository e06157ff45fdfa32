import { quote, splitOutsideQuotes, unquote } from './params.js';

/**
 * The value of (WWW|Proxy)-Authenticate or (Proxy-)Authorization: a scheme and its parameters (RFC
 * 3261 20.7, 20.44).
 */
export interface AuthHeader {
  /** As written, usually `Digest`. */
  readonly scheme: string;
  /** By lower-case name, unquoted. */
  readonly params: ReadonlyMap<string, string>;
}

/** undefined when it is not scheme, space, name=value list. */
export function parseAuthHeader(text: string): AuthHeader | undefined {
  const match = /^\s*([\w\-.!%*+`'~]+)\s+(.+)$/s.exec(text);
  if (match === null || match[1] === undefined || match[2] === undefined) return undefined;
  const params = new Map<string, string>();
  for (const piece of splitOutsideQuotes(match[2], ',')) {
    const equals = piece.indexOf('=');
    if (equals <= 0) return undefined;
    const name = piece.slice(0, equals).trim().toLowerCase();
    // A parameter given twice is an attempt to be read in two ways.
    if (params.has(name)) return undefined;
    params.set(name, unquote(piece.slice(equals + 1).trim()));
  }
  return { scheme: match[1], params };
}

const BARE_IN_CHALLENGE: ReadonlySet<string> = new Set(['algorithm', 'stale', 'charset', 'userhash']);
const BARE_IN_CREDENTIALS: ReadonlySet<string> = new Set(['algorithm', 'qop', 'nc', 'userhash']);

/**
 * Quotes what RFC 7616 3.3 and 3.4 want quoted (realm, nonce, uri, qop in a challenge, …) and only
 * that.
 */
export function formatAuthHeader(header: AuthHeader, role: 'challenge' | 'credentials'): string {
  const bare = role === 'challenge' ? BARE_IN_CHALLENGE : BARE_IN_CREDENTIALS;
  const params = [...header.params].map(
    ([name, value]) => `${name}=${bare.has(name) ? value : quote(value)}`,
  );
  return `${header.scheme} ${params.join(', ')}`;
}

/**
 * Reading the `Digest name=value, …` headers of RFC 7616 (WWW-Authenticate, Authorization and their
 * Proxy- sisters).
 */

/**
 * The parameters of one challenge or of one set of credentials; names in lower case, values
 * unquoted.
 */
export type DigestParameters = ReadonlyMap<string, string>;

const SCHEME = /\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s+(?=[A-Za-z0-9!#$%&'*+.^_`|~-]+\s*=)/y;
const PARAMETER = /\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))\s*(?:,|$)/y;

/**
 * Reads a header value, or several that were joined with commas (as drachtio-srf does). Answers the
 * Digest ones in their order (other schemes are left out), or null when the text is malformed.
 */
export function parseDigestHeader(text: string): DigestParameters[] | null {
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  while (at < text.length && text.slice(at).trim() !== '') {
    SCHEME.lastIndex = at;
    const scheme = SCHEME.exec(text);
    if (scheme?.[1] !== undefined) {
      found.push({ scheme: scheme[1].toLowerCase(), parameters: new Map() });
      at = SCHEME.lastIndex;
    }
    PARAMETER.lastIndex = at;
    const parameter = PARAMETER.exec(text);
    const current = found.at(-1);
    const name = parameter?.[1]?.toLowerCase();
    if (parameter === null || name === undefined || current === undefined || current.parameters.has(name)) {
      return null;
    }
    current.parameters.set(name, parameter[2]?.replace(/\\(.)/g, '$1') ?? parameter[3] ?? '');
    at = PARAMETER.lastIndex;
  }
  return found.filter(({ scheme }) => scheme === 'digest').map(({ parameters }) => parameters);
}

/** A value as a quoted-string. */
export function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

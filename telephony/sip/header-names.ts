/**
 * Spellings of header field names. RFC 3261 7.3.1 (case-insensitive), 7.3.3 and 20 (compact forms),
 * RFC 3265, 3515, 3892, 4028.
 */

const CANONICAL_NAMES = [
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
  'Alert-Info',
  'Allow',
  'Allow-Events',
  'Authentication-Info',
  'Authorization',
  'Call-ID',
  'Call-Info',
  'Contact',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Type',
  'CSeq',
  'Date',
  'Diversion',
  'Error-Info',
  'Event',
  'Expires',
  'From',
  'In-Reply-To',
  'Max-Forwards',
  'MIME-Version',
  'Min-Expires',
  'Min-SE',
  'Organization',
  'P-Asserted-Identity',
  'P-Preferred-Identity',
  'Path',
  'Priority',
  'Privacy',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Proxy-Require',
  'RAck',
  'Reason',
  'Record-Route',
  'Refer-To',
  'Referred-By',
  'Replaces',
  'Reply-To',
  'Require',
  'Retry-After',
  'Route',
  'RSeq',
  'Server',
  'Service-Route',
  'Session-Expires',
  'Subject',
  'Subscription-State',
  'Supported',
  'Timestamp',
  'To',
  'Unsupported',
  'User-Agent',
  'Via',
  'Warning',
  'WWW-Authenticate',
] as const;

const COMPACT_FORMS: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
};

/**
 * Every spelling seen in the wild a million times, ready-made, so that the parser does no case
 * mapping for them.
 */
const BY_SPELLING = new Map<string, HeaderName>();

/**
 * A header field name in the two forms we need: the key it is compared by, and how it is written.
 */
export interface HeaderName {
  /** Lower case, long form. */
  readonly key: string;
  /** As it goes onto the wire: canonical where the name is known, otherwise as first written. */
  readonly name: string;
}

for (const name of CANONICAL_NAMES) {
  const entry = { key: name.toLowerCase(), name };
  BY_SPELLING.set(name, entry);
  BY_SPELLING.set(entry.key, entry);
}
for (const [compact, name] of Object.entries(COMPACT_FORMS)) {
  const entry = BY_SPELLING.get(name) ?? { key: name.toLowerCase(), name };
  BY_SPELLING.set(compact, entry);
  BY_SPELLING.set(compact.toUpperCase(), entry);
}

/** Resolves case and compact forms: `v`, `via`, `VIA` are all `{ key: 'via', name: 'Via' }`. */
export function headerName(spelling: string): HeaderName {
  const known = BY_SPELLING.get(spelling);
  if (known !== undefined) return known;
  const key = spelling.toLowerCase();
  return BY_SPELLING.get(key) ?? { key, name: spelling };
}

/**
 * Headers whose grammar is a comma-separated list (RFC 3261 7.3.1). Everything else is one value
 * even where it contains commas: Subject, Date, and the authentication headers, whose parameters
 * are separated by commas.
 */
const LIST_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'alert-info',
  'allow',
  'allow-events',
  'call-info',
  'contact',
  'content-encoding',
  'content-language',
  'diversion',
  'error-info',
  'in-reply-to',
  'p-asserted-identity',
  'p-preferred-identity',
  'path',
  'proxy-require',
  'reason',
  'record-route',
  'require',
  'route',
  'service-route',
  'supported',
  'unsupported',
  'via',
  'warning',
]);

/**
 * Whether several values of this header may stand in one field, separated by commas. `key` as in
 * {@link HeaderName}.
 */
export function isListHeader(key: string): boolean {
  return LIST_HEADERS.has(key);
}

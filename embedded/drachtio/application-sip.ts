/**
 * The SIP text of an application: start line, some headers, a body. It is a sketch of a message,
 * not one: the server completes it with Via, tags, Call-ID, CSeq and whatever else the application
 * left out.
 */
import { SipHeaders } from '../../telephony/sip/headers.js';

export interface SketchedRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: SipHeaders;
  readonly body: string;
  /**
   * The Route header. Outside of dialogs it is sent, so that a phone which registered through
   * proxies is reached through them (RFC 3327); the real server drops it there too.
   */
  readonly route: string | undefined;
}

export interface SketchedResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: SipHeaders;
  readonly body: string;
}

export type Sketch = SketchedRequest | SketchedResponse;

/**
 * Headers that are the server's business, whatever the application says (the real server drops the
 * same ones).
 */
const SERVER_HEADERS: ReadonlySet<string> = new Set([
  'via',
  'route',
  'record-route',
  'rseq',
  'content-length',
]);

/** RFC 3261 25.1 `token`. */
const TOKEN = /^[\w\-.!%*+`'~]+$/;

const REQUEST_LINE = /^([\w\-.!%*+`'~]+) (\S+)(?: SIP\/2\.0)?\s*$/;
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/;

/**
 * Reads what the application wrote; undefined when it begins with neither a request line nor a
 * status line. Lines that are no header are left out, as the real server does. The stated
 * Content-Length is ignored: `drachtio-srf` counts characters, and everything after the empty line
 * is the body.
 */
export function parseSketch(text: string): Sketch | undefined {
  const end = text.indexOf('\r\n\r\n');
  const head = end === -1 ? text : text.slice(0, end);
  const body = end === -1 ? '' : text.slice(end + 4);
  const [startLine = '', ...lines] = head.split(/[\r\n]+/);
  const headers = parseHeaders(lines);
  const status = STATUS_LINE.exec(startLine);
  if (status !== null) {
    return { kind: 'response', status: Number(status[1]), reason: status[2] ?? '', headers, body };
  }
  const request = REQUEST_LINE.exec(startLine);
  if (request?.[1] === undefined || request[2] === undefined) return undefined;
  const route = lines.map((line) => /^route\s*:(.+)$/i.exec(line)?.[1]?.trim()).find((value) => value);
  return { kind: 'request', method: request[1], uri: request[2], headers, body, route };
}

function parseHeaders(lines: readonly string[]): SipHeaders {
  const headers = new SipHeaders();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const name = line.slice(0, colon).trim();
    if (!TOKEN.test(name) || SERVER_HEADERS.has(name.toLowerCase())) continue;
    headers.add(capitalise(name), line.slice(colon + 1).trim());
  }
  return headers;
}

/**
 * `session-expires` → `Session-Expires`; extension headers (`X-…`) stay as they were written. Known
 * names are spelt by `SipHeaders`.
 */
function capitalise(name: string): string {
  if (/^x-/i.test(name)) return name;
  return name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

/**
 * A body without Content-Type is a session description if it begins like one; `unknown` is for the
 * caller to refuse.
 */
export function contentTypeOf(
  sketch: Sketch,
): { kind: 'given' | 'none' | 'unknown' } | { kind: 'detected'; type: string } {
  if (sketch.body === '') return { kind: 'none' };
  if (sketch.headers.has('Content-Type')) return { kind: 'given' };
  return sketch.body.startsWith('v=0') ? { kind: 'detected', type: 'application/sdp' } : { kind: 'unknown' };
}

/** A copy of the headers without those named. */
export function without(headers: SipHeaders, names: readonly string[]): SipHeaders {
  const copy = headers.clone();
  for (const name of names) copy.delete(name);
  return copy;
}

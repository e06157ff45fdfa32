import { SipHeaders } from './headers.js';
import { EMPTY_BODY, type SipMessage, type SipRequest } from './message.js';
import { decodeText, isWhite, trimWhite } from './text.js';

/** Largest message accepted, in bytes: what fits into a UDP datagram. */
export const MAX_MESSAGE_BYTES = 65_536;
/**
 * Longest head accepted, from the start-line to the empty line, in bytes. Those of phones, with all
 * their proxies, have a few thousand.
 */
export const MAX_HEAD_BYTES = 16_384;
/** Most header fields accepted in one message. */
export const MAX_HEADER_FIELDS = 256;

/** Bytes that are no SIP message, and why. */
export interface MalformedMessage {
  readonly kind: 'malformed';
  /** For people; contains nothing of the message. */
  readonly reason: string;
  /** The status with which to refuse: 400, 505 (version), 513 (too large). */
  readonly status: number;
  /**
   * What could be read of a request, without its body: enough to answer it, where it has Via, From,
   * To, Call-ID and CSeq.
   */
  readonly request?: SipRequest;
}

export type ParseResult = SipMessage | MalformedMessage;

interface Fault {
  readonly reason: string;
  readonly status: number;
}

type StartLine =
  | {
      readonly kind: 'request';
      readonly method: string;
      readonly uri: string;
      readonly version: string;
      readonly fault?: Fault;
    }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string; readonly version: string };

const REQUEST_LINE = /^([\w\-.!%*+`'~]+) (\S+) SIP\/(\d+\.\d+)$/i;
/** One that is not as the grammar has it, but tells enough to be refused in words. */
const BROKEN_REQUEST_LINE = /^([\w\-.!%*+`'~]+)[ \t]+(\S.*?)[ \t]+SIP\/(\d+\.\d+)[ \t]*$/i;
const STATUS_LINE = /^SIP\/(\d+\.\d+) ([1-6]\d\d)(?: (.*))?$/i;
const TOKEN = /^[\w\-.!%*+`'~]+$/;

/** Reads one whole message (a datagram, or what the stream framer cut). Never throws. */
export function parseMessage(bytes: Buffer): ParseResult {
  const start = skipEmptyLines(bytes);
  const headEnd = findHeadEnd(bytes, start);
  const end = headEnd?.end ?? bytes.length;
  const head = decodeText(bytes.subarray(start, Math.min(end, start + MAX_HEAD_BYTES)));
  const firstBreak = head.indexOf('\n');
  const startLine = parseStartLine(withoutReturn(firstBreak < 0 ? head : head.slice(0, firstBreak)));
  if (startLine === undefined) return { kind: 'malformed', reason: 'no start-line', status: 400 };

  const headers = new SipHeaders();
  const headerFault = firstBreak < 0 ? undefined : parseHeaderLines(head, firstBreak + 1, headers);
  const bodyStart = headEnd?.bodyStart ?? bytes.length;
  const length = contentLength(headers, bytes.length - bodyStart);
  const fault =
    sizeFault(bytes.length, end - start) ??
    versionFault(startLine.version) ??
    (startLine.kind === 'request' ? startLine.fault : undefined) ??
    headerFault ??
    (headEnd === undefined ? { reason: 'no empty line after the headers', status: 400 } : undefined) ??
    (typeof length === 'number' ? undefined : length);
  if (fault !== undefined || typeof length !== 'number') {
    const found = fault ?? { reason: 'bad Content-Length', status: 400 };
    if (startLine.kind === 'response') return { kind: 'malformed', ...found };
    const { method, uri } = startLine;
    return {
      kind: 'malformed',
      ...found,
      request: { kind: 'request', method, uri, headers, body: EMPTY_BODY },
    };
  }
  const body = length === 0 ? EMPTY_BODY : bytes.subarray(bodyStart, bodyStart + length);
  if (startLine.kind === 'request') {
    return { kind: 'request', method: startLine.method, uri: startLine.uri, headers, body };
  }
  return { kind: 'response', status: startLine.status, reason: startLine.reason, headers, body };
}

/** RFC 3261 7.5: empty lines in front of the start-line are ignored. */
function skipEmptyLines(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === 0x0d || bytes[at] === 0x0a) at += 1;
  return at;
}

/**
 * The end of the last header line and the start of the body; a bare LF ends a line as well as CRLF
 * does.
 */
function findHeadEnd(bytes: Buffer, from: number): { end: number; bodyStart: number } | undefined {
  const regular = bytes.indexOf('\n\r\n', from, 'latin1');
  const bare = (regular < 0 ? bytes : bytes.subarray(0, regular + 1)).indexOf('\n\n', from, 'latin1');
  if (bare >= 0) return { end: bare, bodyStart: bare + 2 };
  return regular >= 0 ? { end: regular, bodyStart: regular + 3 } : undefined;
}

function parseStartLine(line: string): StartLine | undefined {
  const status = STATUS_LINE.exec(line);
  if (status !== null) {
    return { kind: 'response', version: status[1] ?? '', status: Number(status[2]), reason: status[3] ?? '' };
  }
  const request = REQUEST_LINE.exec(line);
  const [, method = '', uri = '', version = ''] = request ?? BROKEN_REQUEST_LINE.exec(line) ?? [];
  if (method === '') return undefined;
  const fault = request === null ? { fault: { reason: 'white space in the start-line', status: 400 } } : {};
  return { kind: 'request', method, uri, version, ...fault };
}

function parseHeaderLines(head: string, from: number, headers: SipHeaders): Fault | undefined {
  let fault: Fault | undefined;
  for (let at = from; at < head.length;) {
    let lineEnd = endOfLine(head, at);
    let line = withoutReturn(head.slice(at, lineEnd));
    // Folded lines (RFC 3261 7.3.1): one that begins with white space continues the one before.
    while (isWhite(head.charCodeAt(lineEnd + 1))) {
      const next = endOfLine(head, lineEnd + 1);
      line += ` ${trimWhite(withoutReturn(head.slice(lineEnd + 1, next)))}`;
      lineEnd = next;
    }
    at = lineEnd + 1;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trimEnd();
    if (!TOKEN.test(name)) fault ??= { reason: 'a header line without a name', status: 400 };
    else if (headers.size >= MAX_HEADER_FIELDS) return { reason: 'too many header fields', status: 513 };
    else headers.add(name, trimWhite(line.slice(colon + 1)));
  }
  return fault;
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/**
 * The body's length: the rest of the datagram when the header is absent (RFC 3261 18.3); bytes
 * behind it are ignored.
 */
function contentLength(headers: SipHeaders, available: number): number | Fault {
  const values = headers.all('Content-Length');
  const value = values[0];
  if (value === undefined) return available;
  if (!/^\d{1,9}$/.test(value) || values.some((other) => other !== value)) {
    return { reason: 'bad Content-Length', status: 400 };
  }
  const length = Number(value);
  return length > available ? { reason: 'body shorter than Content-Length', status: 400 } : length;
}

function sizeFault(messageBytes: number, headBytes: number): Fault | undefined {
  if (messageBytes > MAX_MESSAGE_BYTES) return { reason: 'message too large', status: 513 };
  return headBytes > MAX_HEAD_BYTES ? { reason: 'head too large', status: 513 } : undefined;
}

function versionFault(version: string): Fault | undefined {
  return version === '2.0' ? undefined : { reason: 'not SIP/2.0', status: 505 };
}

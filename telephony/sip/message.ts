import { SipHeaders, type HeadersInit } from './headers.js';
import { tagOf } from './name-addr.js';
import { reasonPhrase } from './reason-phrases.js';
import { encodeText } from './text.js';

/**
 * A SIP request (RFC 3261 7.1). The version is always SIP/2.0: the parser lets no other through.
 */
export interface SipRequest {
  readonly kind: 'request';
  /** Case-sensitive, upper case by convention. */
  readonly method: string;
  /** Request-URI, as text. */
  readonly uri: string;
  readonly headers: SipHeaders;
  readonly body: Buffer;
}

/** A SIP response (RFC 3261 7.2). */
export interface SipResponse {
  readonly kind: 'response';
  /** 100 to 699. */
  readonly status: number;
  readonly reason: string;
  readonly headers: SipHeaders;
  readonly body: Buffer;
}

export type SipMessage = SipRequest | SipResponse;

export const EMPTY_BODY: Buffer = Buffer.alloc(0);

export interface RequestInit {
  readonly method: string;
  readonly uri: string;
  readonly headers?: HeadersInit;
  readonly body?: Buffer | string;
}

/** A request with exactly these headers; nothing is added. */
export function createRequest(init: RequestInit): SipRequest {
  return {
    kind: 'request',
    method: init.method,
    uri: init.uri,
    headers: new SipHeaders(init.headers),
    body: toBody(init.body),
  };
}

export interface ResponseInit {
  /** Default: the phrase of RFC 3261 21 for that status. */
  readonly reason?: string;
  /**
   * Put into To when the request has no To tag. A final response and a dialog-forming one need it
   * (RFC 3261 8.2.6.2).
   */
  readonly toTag?: string;
  /** Added after the headers copied from the request; a header that was copied is replaced. */
  readonly headers?: HeadersInit;
  readonly body?: Buffer | string;
}

/**
 * The response to a request as RFC 3261 8.2.6 builds it: Via, From, To, Call-ID and CSeq are
 * copied, Record-Route where the response can establish a dialog (12.1.1), Timestamp in a 100.
 */
export function createResponse(request: SipRequest, status: number, init: ResponseInit = {}): SipResponse {
  const headers = new SipHeaders();
  for (const [name, value] of request.headers) {
    if (COPIED.has(name) || (name === 'Record-Route' && status > 100 && status < 300))
      headers.add(name, value);
    else if (name === 'Timestamp' && status === 100) headers.add(name, value);
  }
  const to = headers.get('To');
  if (init.toTag !== undefined && to !== undefined && tagOf(to) === undefined) {
    headers.set('To', `${to};tag=${init.toTag}`);
  }
  if (init.headers !== undefined) {
    const extra = new SipHeaders(init.headers);
    for (const name of new Set([...extra].map(([each]) => each))) headers.delete(name);
    for (const [name, value] of extra) headers.add(name, value);
  }
  return {
    kind: 'response',
    status,
    reason: init.reason ?? reasonPhrase(status),
    headers,
    body: toBody(init.body),
  };
}

const COPIED: ReadonlySet<string> = new Set(['Via', 'From', 'To', 'Call-ID', 'CSeq']);

function toBody(body: Buffer | string | undefined): Buffer {
  if (body === undefined || body.length === 0) return EMPTY_BODY;
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
}

/**
 * The bytes of a message. Content-Length is always computed, whatever the headers say, and is
 * always the last header.
 */
export function serializeMessage(message: SipMessage): Buffer {
  let head = `${startLine(message)}\r\n`;
  for (const [name, value] of message.headers) {
    if (name !== 'Content-Length') head += `${name}: ${value}\r\n`;
  }
  head += `Content-Length: ${message.body.length}\r\n\r\n`;
  const bytes = encodeText(head);
  return message.body.length === 0 ? bytes : Buffer.concat([bytes, message.body]);
}

function startLine(message: SipMessage): string {
  const line =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`;
  // What a caller put into a URI or a reason must not become header lines.
  return /[\r\n]/.test(line) ? line.replace(/[\r\n]+/g, ' ') : line;
}

/** A CSeq value (RFC 3261 20.16). */
interface CSeq {
  /** 0 to 2^31 - 1. */
  readonly sequence: number;
  readonly method: string;
}

/** undefined when it is not a number and a method, or the number is out of range. */
export function parseCSeq(text: string | undefined): CSeq | undefined {
  const match = text === undefined ? null : /^(\d{1,10})[ \t]+(\S+)$/.exec(text);
  if (match === null || match[2] === undefined) return undefined;
  const sequence = Number(match[1]);
  return sequence < 2 ** 31 ? { sequence, method: match[2] } : undefined;
}

export function formatCSeq(cseq: CSeq): string {
  return `${cseq.sequence} ${cseq.method}`;
}

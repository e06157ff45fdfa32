/**
 * What applications say (`drachtio-srf` → server) and how the server answers, as text between the
 * frame marks: `<message id>|<type>|<token>|…[\r\n<SIP message>]`.
 */
import { randomUUID } from 'node:crypto';

/** Options of `srf.proxyRequest`, as they travel. */
export interface ProxyOrder {
  readonly transactionId: string;
  /** Stay in the dialog's path by Record-Route. */
  readonly recordRoute: boolean;
  /** Report every final response to the application, then `done`. */
  readonly fullResponse: boolean;
  readonly followRedirects: boolean;
  readonly simultaneous: boolean;
  /** Milliseconds without any response before the next target is tried. */
  readonly provisionalTimeout: number | undefined;
  /** Milliseconds without a final response before the next target is tried. */
  readonly finalTimeout: number | undefined;
  readonly destinations: readonly string[];
  /** Request line and headers to add. */
  readonly sip: string;
}

export type ApplicationMessage =
  | { kind: 'authenticate'; id: string; secret: string }
  | { kind: 'ping'; id: string }
  | { kind: 'route'; id: string; verb: string }
  | { kind: 'remove-route'; id: string }
  | {
      kind: 'sip';
      id: string;
      transactionId: string;
      dialogId: string;
      nextHop: string | undefined;
      sip: string;
    }
  | { kind: 'proxy'; id: string; order: ProxyOrder }
  | { kind: 'invalid'; id: string; reason: string };

/**
 * Reads one payload. Anything that is not understood is `invalid`, with the words the real server
 * uses.
 */
export function parseApplicationMessage(payload: string): ApplicationMessage {
  const lineEnd = payload.indexOf('\r\n');
  const tokens = (lineEnd === -1 ? payload : payload.slice(0, lineEnd)).split('|');
  const sip = lineEnd === -1 ? '' : payload.slice(lineEnd + 2);
  const [id = '', type] = tokens;
  if (type === undefined || id === '') return { kind: 'invalid', id, reason: 'Invalid message format' };
  switch (type) {
    case 'authenticate':
      return { kind: 'authenticate', id, secret: tokens[2] ?? '' };
    case 'ping':
      return { kind: 'ping', id };
    case 'route':
      return { kind: 'route', id, verb: tokens[2] ?? '' };
    case 'remove_route':
      return { kind: 'remove-route', id };
    case 'sip':
      return parseSip(id, tokens, sip);
    case 'proxy':
      return parseProxy(id, tokens, sip);
    default:
      return { kind: 'invalid', id, reason: 'Unknown message type' };
  }
}

function parseSip(id: string, tokens: readonly string[], sip: string): ApplicationMessage {
  // The real server dies of fewer tokens (an assertion); here it is an answer.
  if (tokens.length < 4 || sip === '') return { kind: 'invalid', id, reason: 'Invalid message format' };
  const [, , transactionId = '', dialogId = '', nextHop = ''] = tokens;
  return { kind: 'sip', id, transactionId, dialogId, nextHop: nextHop === '' ? undefined : nextHop, sip };
}

function parseProxy(id: string, tokens: readonly string[], sip: string): ApplicationMessage {
  const destinations = tokens.slice(9).filter((uri) => uri !== '');
  if (destinations.length === 0) {
    return { kind: 'invalid', id, reason: 'Invalid proxy request: not enough information provided' };
  }
  const order: ProxyOrder = {
    transactionId: tokens[2] ?? '',
    recordRoute: tokens[3] === 'remainInDialog',
    fullResponse: tokens[4] === 'fullResponse',
    followRedirects: tokens[5] === 'followRedirects',
    simultaneous: tokens[6] === 'simultaneous',
    provisionalTimeout: parseDuration(tokens[7] ?? ''),
    finalTimeout: parseDuration(tokens[8] ?? ''),
    destinations,
    sip,
  };
  return { kind: 'proxy', id, order };
}

/** `1500ms` or `2s` in milliseconds; undefined for anything else, which means "no limit". */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,7})(ms|s)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * (match[2] === 's' ? 1000 : 1);
}

/**
 * `OK` or a failure to the message `id`. Failures have two spellings: `NO` when the message itself
 * is wrong, `NOK` when the SIP it asks for cannot be done; `drachtio-srf` treats both as errors
 * whose text is `detail`.
 */
export function formatAnswer(id: string, outcome: 'OK' | 'NO' | 'NOK', detail?: string): string {
  return [randomUUID(), 'response', id, outcome, ...(detail === undefined ? [] : [detail])].join('|');
}

/**
 * What applications say (`drachtio-srf` → server) and how the server answers, as text between the
 * frame marks: `<message id>|<type>|<token>|…[\r\n<SIP message>]`.
 */
import { randomUUID } from 'node:crypto';

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

/**
 * `OK` or a failure to the message `id`. Failures have two spellings: `NO` when the message itself
 * is wrong, `NOK` when the SIP it asks for cannot be done; `drachtio-srf` treats both as errors
 * whose text is `detail`.
 */
export function formatAnswer(id: string, outcome: 'OK' | 'NO' | 'NOK', detail?: string): string {
  return [randomUUID(), 'response', id, outcome, ...(detail === undefined ? [] : [detail])].join('|');
}

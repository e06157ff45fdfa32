import { parseCSeq, type SipRequest } from './message.js';
import { parseNameAddr } from './name-addr.js';
import { parseVia } from './via.js';

/**
 * What makes a request that parsed unfit to be acted upon: a missing or unreadable header of those
 * every request must have (RFC 3261 8.1.1). undefined when it is fit; otherwise the reason phrase
 * of the 400.
 */
export function requestFault(request: SipRequest): string | undefined {
  const { headers } = request;
  if (!/^[a-z][a-z0-9+.-]*:./i.test(request.uri)) return 'Bad Request-URI';
  if (headers.all('Via').some((via) => parseVia(via) === undefined)) return 'Bad Via';
  if (!headers.has('Via')) return 'Missing Via';
  // Given twice, these would be read in two ways by two elements (RFC 3261 7.3.1).
  const twice = ['From', 'To', 'Call-ID', 'CSeq'].find((name) => headers.all(name).length > 1);
  if (twice !== undefined) return `More Than One ${twice}`;
  for (const name of ['From', 'To']) {
    if (parseNameAddr(headers.get(name) ?? '') === undefined) return `Missing or Bad ${name}`;
  }
  if (!headers.get('Call-ID')) return 'Missing Call-ID';
  const cseq = parseCSeq(headers.get('CSeq'));
  if (cseq === undefined) return 'Missing or Bad CSeq';
  return cseq.method === request.method ? undefined : 'CSeq Method Mismatch';
}

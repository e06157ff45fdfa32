import { parseCSeq, type SipRequest, type SipResponse } from './message.js';
import { tagOf } from './name-addr.js';
import { BRANCH_MAGIC, parseVia } from './via.js';

/**
 * Key of the client transaction that sent this request or that this response answers (RFC 3261
 * 17.1.3).
 */
export function clientKey(branch: string, method: string): string {
  return `${branch} ${method}`;
}

/** undefined when the response has no Via with a branch, or no CSeq. */
export function clientKeyOfResponse(response: SipResponse): string | undefined {
  const branch = parseVia(response.headers.first('Via') ?? '')?.params.get('branch');
  const method = parseCSeq(response.headers.get('CSeq'))?.method;
  return typeof branch === 'string' && method !== undefined ? clientKey(branch, method) : undefined;
}

/**
 * Key of the server transaction a request belongs to (RFC 3261 17.2.3). `method` asks for another
 * transaction than the request's own: that of the INVITE, for its ACK and CANCEL. undefined when
 * the request has no readable Via.
 */
export function serverKey(request: SipRequest, method: string = request.method): string | undefined {
  const text = request.headers.first('Via');
  const via = text === undefined ? undefined : parseVia(text);
  if (via === undefined) return undefined;
  const branch = via.params.get('branch');
  const sentBy = `${via.host.toLowerCase()}:${via.port ?? ''}`;
  if (typeof branch === 'string' && branch.startsWith(BRANCH_MAGIC)) return `${branch} ${sentBy} ${method}`;
  // An RFC 2543 element. The To tag is left out of the comparison: an ACK has one which its INVITE
  // had not.
  const { headers, uri } = request;
  const sequence = parseCSeq(headers.get('CSeq'))?.sequence ?? '';
  return `2543 ${uri} ${tagOf(headers.get('From')) ?? ''} ${headers.get('Call-ID') ?? ''} ${sequence} ${sentBy} ${String(branch ?? '')} ${method}`;
}

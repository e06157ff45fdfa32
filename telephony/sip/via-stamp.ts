import { defaultPort, isStream, type Destination, type Flow, type SipProtocol } from './flow.js';
import { isSameAddress } from './local-address.js';
import type { SipRequest } from './message.js';
import { formatVia, parseVia, type Via } from './via.js';

/**
 * Writes into a received request's top Via where it really came from: `received` (RFC 3261 18.2.1)
 * and `rport` (RFC 3581 4). The text is edited, not parsed and written anew: the peer must find its
 * own branch in our response, however it spelled it.
 */
export function stampTopVia(request: SipRequest, flow: Flow): void {
  const text = request.headers.first('Via');
  const via = text === undefined ? undefined : parseVia(text);
  if (text === undefined || via === undefined) return;
  const rport = via.params.get('rport');
  const needsReceived = rport === true || !isSameAddress(via.host, flow.remoteAddress);
  if (rport === undefined && !needsReceived && !via.params.has('received')) return;
  // A `received` that the peer wrote itself would send our response wherever it likes.
  let stamped = text.replace(/;\s*received\s*=[^;]*/gi, '');
  if (rport !== undefined) {
    stamped = stamped.replace(/;\s*rport\s*(?:=[^;]*)?(?=;|$)/i, `;rport=${flow.remotePort}`);
  }
  // Without brackets, and without a zone, which the grammar does not have (RFC 5118 4.5).
  if (needsReceived) stamped += `;received=${flow.remoteAddress.split('%', 1)[0] ?? ''}`;
  if (stamped !== text) request.headers.replaceFirst('Via', stamped);
}

/**
 * Where the response to a request goes: back over its connection; by UDP to the port that it came
 * from when the peer asks for it (`rport`, RFC 3581 4) or its Via names another host than its
 * packets come from. Such a peer is behind a NAT, and nothing else gets through to it;
 * drachtio-server does the same. A peer that names its own address says at which port it listens,
 * and gets it there (RFC 3261 18.2.2). `maddr` is not followed: no response goes to another address
 * than the request came from.
 */
export function responseDestination(request: SipRequest, flow: Flow): Flow {
  if (isStream(flow.protocol)) return flow;
  const via = parseVia(request.headers.first('Via') ?? '');
  if (via === undefined || via.params.has('rport') || !isSameAddress(via.host, flow.remoteAddress))
    return flow;
  return { ...flow, remotePort: via.port ?? defaultPort('udp') };
}

/**
 * Where to try a response whose TCP connection is gone: the address it came from, at the port where
 * the peer listens. Not for TLS: a phone has no certificate of its own that we could trust.
 */
export function fallbackDestination(request: SipRequest, flow: Flow): Destination | undefined {
  if (flow.protocol !== 'tcp') return undefined;
  const via = parseVia(request.headers.first('Via') ?? '');
  const port = via?.port ?? 5060;
  if (via === undefined || port === flow.remotePort) return undefined;
  return { protocol: 'tcp', address: flow.remoteAddress, port };
}

/**
 * The Via of a request of ours. An empty `rport` asks for the answer to come back over the same
 * hole in the NAT.
 */
export function ownVia(
  protocol: SipProtocol,
  sentBy: { host: string; port: number },
  branch: string,
): string {
  const params: Via['params'] = new Map<string, string | true>([
    ['branch', branch],
    ['rport', true],
  ]);
  return formatVia({ transport: protocol.toUpperCase(), host: sentBy.host, port: sentBy.port, params });
}

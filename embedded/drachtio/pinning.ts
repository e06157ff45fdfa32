/**
 * Whether requests in a dialog must go back over the flow it was set up on instead of to the
 * Contact the peer wrote.
 */
import { defaultPort, isStream, type Flow } from '../../telephony/sip/flow.js';
import { isSameAddress } from '../../telephony/sip/local-address.js';
import type { SipMessage, SipRequest } from '../../telephony/sip/message.js';
import { parseNameAddr } from '../../telephony/sip/name-addr.js';
import { parseUri, type SipUri } from '../../telephony/sip/uri.js';
import { responseDestination } from '../../telephony/sip/via-stamp.js';
import type { DialogRecord } from './dialogs.js';

/**
 * The flow to use for a dialog made by this message of the peer's, or undefined to go by route set
 * and Contact.
 *
 * A connection is always used: a phone behind NAT cannot be called back. Over UDP the flow is used
 * when the phone's Contact is not where the responses to its requests go. With a Record-Route the
 * proxy that wrote it knows the way; unless it is behind NAT itself, which shows by a private
 * address in its route while we talk to a public one.
 */
export function pinnedFlow(message: SipMessage, flow: Flow): Flow | undefined {
  if (isStream(flow.protocol)) return flow;
  const reached = message.kind === 'request' ? responseDestination(message, flow) : flow;
  const route = message.headers.first('Record-Route');
  const uri = uriOf(route ?? message.headers.first('Contact'));
  if (uri === undefined) return reached;
  if (route !== undefined) return isPrivate(uri.host) && !isPrivate(flow.remoteAddress) ? reached : undefined;
  const isThere =
    isSameAddress(uri.host, reached.remoteAddress) && (uri.port ?? defaultPort('udp')) === reached.remotePort;
  return isThere || asksForConnection(uri) ? undefined : reached;
}

/**
 * A request in a dialog has come from another port of the peer's, or over another connection: its
 * NAT has given it a new one, and the old one may be closed. From another address it is not
 * followed: an eavesdropper could take the call over.
 */
export function followPeer(record: DialogRecord, request: SipRequest, flow: Flow): void {
  const { pinned } = record;
  if (pinned === undefined || pinned.protocol !== flow.protocol) return;
  if (pinned.remoteAddress === flow.remoteAddress) record.pinned = responseDestination(request, flow);
}

function uriOf(value: string | undefined): SipUri | undefined {
  const address = value === undefined ? undefined : parseNameAddr(value);
  return address === undefined ? undefined : parseUri(address.uri);
}

/**
 * A peer that answers over UDP but wants further requests over a connection says so in its Contact;
 * its UDP flow would be the wrong one.
 */
function asksForConnection(uri: SipUri): boolean {
  const transport = String(uri.params.get('transport') ?? 'udp').toLowerCase();
  return uri.scheme === 'sips' || transport === 'tcp' || transport === 'tls';
}

/**
 * RFC 1918, RFC 6598 (carrier-grade NAT), RFC 3927, and their like in IPv6 (RFC 4193, RFC 4291
 * 2.5.6).
 */
function isPrivate(host: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.|f[cd]..:|fe[89ab].:)/i.test(
    host,
  );
}

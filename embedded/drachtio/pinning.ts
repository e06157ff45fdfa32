/**
 * Whether requests in a dialog must go back over the flow it was set up on instead of to the Contact the peer wrote.
 */
import { isStream, type Flow } from '../../telephony/sip/flow.js';
import type { SipMessage } from '../../telephony/sip/message.js';
import { parseNameAddr } from '../../telephony/sip/name-addr.js';
import { parseUri, type SipUri } from '../../telephony/sip/uri.js';

/**
 * The flow to use for a dialog made by this message of the peer's, or undefined to go by route set and Contact.
 *
 * A connection is always used: a phone behind NAT cannot be called back. Over UDP the flow is used when the phone's Contact is not
 * where its packets come from. With a Record-Route the proxy that wrote it knows the way; unless it is behind NAT itself, which shows by a
 * private address in its route while we talk to a public one.
 */
export function pinnedFlow(message: SipMessage, flow: Flow): Flow | undefined {
  if (isStream(flow.protocol)) return flow;
  const route = message.headers.first('Record-Route');
  const uri = uriOf(route ?? message.headers.first('Contact'));
  if (uri === undefined) return flow;
  if (route !== undefined) return isPrivate(uri.host) && !isPrivate(flow.remoteAddress) ? flow : undefined;
  const moved = uri.host !== flow.remoteAddress || (uri.port ?? 5060) !== flow.remotePort;
  return moved && !asksForConnection(uri) ? flow : undefined;
}

function uriOf(value: string | undefined): SipUri | undefined {
  const address = value === undefined ? undefined : parseNameAddr(value);
  return address === undefined ? undefined : parseUri(address.uri);
}

/** A peer that answers over UDP but wants further requests over a connection says so in its Contact; its UDP flow would be the wrong one. */
function asksForConnection(uri: SipUri): boolean {
  const transport = String(uri.params.get('transport') ?? 'udp').toLowerCase();
  return uri.scheme === 'sips' || transport === 'tcp' || transport === 'tls';
}

/** RFC 1918. */
function isPrivate(host: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host);
}

/**
 * The frames that carry SIP to applications: what came from the network, and confirmations of what
 * was sent for them.
 */
import { randomUUID } from 'node:crypto';
import { targetOf, type Destination, type Flow, type SipProtocol } from '../../telephony/sip/flow.js';
import { type SipMessage, serializeMessage } from '../../telephony/sip/message.js';
import type { LocalEndpoint } from './local-endpoint.js';

/**
 * Where a SIP message came from or went to; on the wire `source|bytes|protocol|address|port|time`.
 */
interface MessageMeta {
  /** Who made the message: the other side, or the application behind this server. */
  readonly source: 'network' | 'application';
  readonly bytes: number;
  readonly protocol: SipProtocol;
  /**
   * Of a received message its sender; of a sent request this server; of a sent response its
   * receiver.
   */
  readonly address: string;
  readonly port: number;
  readonly at: Date;
}

/** A SIP message as an application gets to see it, with where it came from or went to. */
export interface TracedMessage {
  readonly meta: MessageMeta;
  readonly text: string;
}

/**
 * A message received over a flow. The text is the message as understood (long header names, one
 * line each, `received` and `rport` in place), because the client knows only some of the compact
 * forms.
 */
export function received(message: SipMessage, flow: Flow, bytes: number, at: Date): TracedMessage {
  const { protocol, remoteAddress: address, remotePort: port } = flow;
  return { meta: { source: 'network', bytes, protocol, address, port, at }, text: textOf(message) };
}

/**
 * A response this server made itself in place of a peer that is silent (408) or not there (503). It
 * has no sender.
 */
export function receivedInPlaceOfPeer(message: SipMessage, protocol: SipProtocol, at: Date): TracedMessage {
  return { meta: { source: 'network', bytes: 0, protocol, address: '', port: 0, at }, text: textOf(message) };
}

/** A response sent for an application; the address is the receiver's. */
export function sentResponse(message: SipMessage, flow: Flow, at: Date): TracedMessage {
  const bytes = serializeMessage(message);
  const { protocol, remoteAddress: address, remotePort: port } = flow;
  const meta: MessageMeta = { source: 'application', bytes: bytes.length, protocol, address, port, at };
  return { meta, text: bytes.toString('utf8') };
}

/** A request as it was sent for an application; the address is ours. */
export function sentRequest(
  bytes: Buffer,
  destination: Destination,
  endpoint: LocalEndpoint,
  at: Date,
): TracedMessage {
  const target = targetOf(destination);
  const { host: address, port } = endpoint.addressFor(target);
  const meta: MessageMeta = {
    source: 'application',
    bytes: bytes.length,
    protocol: target.protocol,
    address,
    port,
    at,
  };
  return { meta, text: bytes.toString('utf8') };
}

/** A request from the network outside of any dialog, with the address it was received on. */
export function newRequestFrame(traced: TracedMessage, transactionId: string, flow: Flow): string {
  const tokens = [
    randomUUID(),
    'sip',
    formatMeta(traced.meta),
    transactionId,
    '',
    flow.localAddress,
    flow.localPort,
    '',
  ];
  return `${tokens.join('|')}\r\n${traced.text}`;
}

/**
 * Anything else of SIP: requests in a dialog, responses, and requests this server sent on its own
 * (`transactionId` is `unsolicited`).
 */
export function sipFrame(traced: TracedMessage, transactionId: string, dialogId: string): string {
  return `${[randomUUID(), 'sip', formatMeta(traced.meta), transactionId, dialogId, ''].join('|')}\r\n${traced.text}`;
}

/** The tail of an `OK` to a request the application had sent. */
export function requestConfirmation(traced: TracedMessage, transactionId: string): string {
  return `${[formatMeta(traced.meta), transactionId, 'Msg sent:', ''].join('|')}\r\n${traced.text}`;
}

/** The tail of an `OK` to a response the application had sent. */
export function responseConfirmation(traced: TracedMessage, transactionId: string, dialogId: string): string {
  return `${[formatMeta(traced.meta), transactionId, dialogId, '', 'Msg sent:', ''].join('|')}\r\n${traced.text}`;
}

function textOf(message: SipMessage): string {
  return serializeMessage(message).toString('utf8');
}

function formatMeta(meta: MessageMeta): string {
  return [meta.source, meta.bytes, meta.protocol, meta.address, meta.port, formatTime(meta.at)].join('|');
}

/**
 * `hh:mm:ss.uuuuuu` in UTC. The clock gives milliseconds; the protocol has room for microseconds.
 */
export function formatTime(at: Date): string {
  return `${at.toISOString().slice(11, 23)}000`;
}

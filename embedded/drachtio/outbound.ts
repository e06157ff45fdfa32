/**
 * Requests an application sends outside of any dialog: `srf.request`, `srf.createUAC`.
 */
import { randomInt, randomUUID } from 'node:crypto';
import {
  formatCSeq,
  parseCSeq,
  createRequest,
  createResponse,
  type SipRequest,
  serializeMessage,
} from '../../telephony/sip/message.js';
import { targetOf, type Destination } from '../../telephony/sip/flow.js';
import { SipHeaders } from '../../telephony/sip/headers.js';
import { newCallId, newTag } from '../../telephony/sip/identifiers.js';
import { placesFor } from '../../telephony/sip/large-request.js';
import { parseNameAddr, tagOf } from '../../telephony/sip/name-addr.js';
import { parseUri } from '../../telephony/sip/uri.js';
import { contentTypeOf, without, type SketchedRequest } from './application-sip.js';
import type { ServerContext } from './context.js';
import type { ControlSession } from './control-session.js';
import { requestConfirmation, sentRequest } from './frames.js';
import { applicationDialogId } from './incoming-requests.js';
import { isReachableScheme, locate } from './locate.js';
import { isKnownMethod } from './methods.js';
import { deliverResponse } from './network-responses.js';
import type { OutgoingRequest } from './outgoing-requests.js';

/**
 * Where a request is written for when its name leads nowhere: it is shown to the application and
 * never sent.
 */
export const NOWHERE: Destination = { protocol: 'udp', address: '127.0.0.1', port: 9 };

/**
 * Sends a request and confirms it to the application with the message as sent. Refusals are `NOK`
 * with a reason.
 * @param proxy where to send to instead of the Request-URI (`proxy` of `srf.request`), as URI or
 *   `address[:port]`: an outbound proxy, or the flow of a registration
 */
export function sendOutsideDialog(
  context: ServerContext,
  session: ControlSession,
  messageId: string,
  sketch: SketchedRequest,
  proxy: string | undefined,
): void {
  const way = proxy ?? new SipHeaders({ Route: sketch.route }).first('Route');
  const nextHop = way === undefined ? undefined : asUri(way);
  const refusal = refusalOf(context, sketch, nextHop);
  if (refusal !== undefined) return session.answer(messageId, 'NOK', refusal);
  const flow = nextHop === undefined ? context.flows.find(sketch.uri) : undefined;
  // Who says by which protocol, knows: the phone registered so.
  const isFixed = nextHop !== undefined && parseUri(nextHop)?.params.has('transport') === true;
  const send = (places: readonly Destination[]): void =>
    dispatch(context, session, messageId, sketch, places, isFixed);
  if (flow !== undefined) return send([flow]);
  locate(context, nextHop ?? sketch.uri, send);
}

/**
 * Without brackets, parameters are the URI's here, unlike in From or Contact:
 * `sip:192.0.2.1;transport=tcp`.
 */
function asUri(proxy: string): string {
  const uri = (proxy.includes('<') ? parseNameAddr(proxy)?.uri : undefined) ?? proxy;
  return /^sips?:/i.test(uri) ? uri : `sip:${uri}`;
}

function refusalOf(
  context: ServerContext,
  sketch: SketchedRequest,
  nextHop: string | undefined,
): string | undefined {
  const uri = nextHop ?? sketch.uri;
  if (!isKnownMethod(sketch.method)) return `invalid request-uri: ${sketch.method}`;
  if (!/^(sips?|tel):\S/i.test(sketch.uri)) return 'invalid request-uri';
  if (!isReachableScheme(uri)) return 'requested protocol/transport not available';
  const from = sketch.headers.get('From');
  if (from !== undefined && parseNameAddr(from) === undefined) return 'invalid from value provided by client';
  if (contentTypeOf(sketch).kind === 'unknown') return 'missing content-type';
  if (context.endpoint.isLocal(sketch.uri)) return 'can not send request to myself';
  if (context.outgoing.full) return 'too many requests in progress';
  return undefined;
}

function dispatch(
  context: ServerContext,
  session: ControlSession,
  messageId: string,
  sketch: SketchedRequest,
  located: readonly Destination[],
  isFixed: boolean,
): void {
  const request = complete(context, sketch, located[0] ?? NOWHERE);
  const places = isFixed ? located : placesFor(request, located);
  const [first = NOWHERE] = places;
  const fromTag = tagOf(request.headers.get('From')) ?? '';
  const foundsDialog = request.method === 'INVITE' || request.method === 'SUBSCRIBE';
  const dialogId = foundsDialog ? applicationDialogId(request.headers.get('Call-ID') ?? '', fromTag) : '';
  const outgoing = context.outgoing.add({ id: randomUUID(), session, dialogId });
  const bytes =
    places.length === 0 ? serializeMessage(request) : transmit(context, outgoing, request, places);
  const traced = sentRequest(bytes, first, context.endpoint, context.clock.now());
  session.answer(messageId, 'OK', requestConfirmation(traced, outgoing.id));
  if (request.method === 'INVITE') context.details.attempt(traced);
  if (places.length === 0) failSoon(context, outgoing, request);
}

/**
 * Neither address nor name led anywhere. The application hears of it as of a peer that cannot be
 * reached, and not in the same breath as of the request being sent: `drachtio-srf` drops a response
 * without a listener.
 */
export function failSoon(context: ServerContext, outgoing: OutgoingRequest, request: SipRequest): void {
  const response = createResponse(request, 503, { toTag: newTag() });
  setTimeout(
    () => deliverResponse(context, outgoing, request, response, { kind: 'local' }, NOWHERE),
    FAILURE_DELAY,
  );
}

/**
 * Milliseconds until a request that could not be sent has failed: about what the real server takes.
 */
const FAILURE_DELAY = 50;

/**
 * Sends to the first place; a place that cannot be reached is given up for the next one (RFC 3263
 * 4.3). Answers the bytes that it sends now.
 */
export function transmit(
  context: ServerContext,
  outgoing: OutgoingRequest,
  request: SipRequest,
  [place = NOWHERE, ...others]: readonly Destination[],
): Buffer {
  const transaction = context.layer.request(request, place, {
    onResponse: (response, origin, { request: sent }) => {
      const unreachable = origin.kind === 'local' && response.status === 503;
      if (unreachable && others.length > 0 && !outgoing.cancelled)
        transmit(context, outgoing, request, others);
      else deliverResponse(context, outgoing, sent, response, origin, place);
    },
  });
  outgoing.transaction = transaction;
  return transaction.bytes;
}

/**
 * Headers a request has exactly once, written by `complete` in front of those the application chose
 * freely.
 */
const CORE_HEADERS = ['Max-Forwards', 'From', 'To', 'Call-ID', 'CSeq', 'Contact'];

/** Adds what the application left out. What it gave stays, except that From always gets a tag. */
function complete(context: ServerContext, sketch: SketchedRequest, destination: Destination): SipRequest {
  const { method, uri, headers: given } = sketch;
  const target = targetOf(destination);
  const ourUri = `<${context.endpoint.uriFor(target)}>`;
  const local = (value: string): string => context.endpoint.replaceLocalhost(value, target);
  const from = local(given.get('From') ?? ourUri);
  const sequence = parseCSeq(given.get('CSeq'))?.sequence ?? randomInt(1, 2 ** 20);
  const contact =
    given.get('Contact') ?? (method === 'INVITE' || method === 'SUBSCRIBE' ? ourUri : undefined);

  const headers = new SipHeaders({
    Route: sketch.route,
    'Max-Forwards': given.get('Max-Forwards') ?? '70',
    From: tagOf(from) === undefined ? `${bracketed(from)};tag=${newTag()}` : from,
    To: local(given.get('To') ?? `<${uri}>`),
    'Call-ID': given.get('Call-ID') ?? newCallId(),
    CSeq: formatCSeq({ sequence, method }),
    Contact: contact === undefined ? undefined : context.endpoint.replaceLocalContact(contact, target),
  });
  for (const [name, value] of without(given, CORE_HEADERS)) {
    headers.add(name, name === 'P-Asserted-Identity' ? local(value) : value);
  }
  const contentType = contentTypeOf(sketch);
  if (contentType.kind === 'detected') headers.add('Content-Type', contentType.type);
  return createRequest({ method, uri, headers, body: sketch.body });
}

/** Without brackets a tag would become a parameter of the URI (RFC 3261 20). */
function bracketed(address: string): string {
  return address.includes('<') ? address : `<${address}>`;
}

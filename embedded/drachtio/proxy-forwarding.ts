/**
 * What a proxy changes in a message on its way (RFC 3261 16.6, 16.7).
 */
import { targetOf, type Destination } from '../../telephony/sip/flow.js';
import type { SipHeaders } from '../../telephony/sip/headers.js';
import { createRequest, type SipRequest, type SipResponse } from '../../telephony/sip/message.js';
import { parseNameAddr } from '../../telephony/sip/name-addr.js';
import type { LocalEndpoint } from './local-endpoint.js';

export interface ForwardingInit {
  /** The Request-URI to put in; undefined leaves it. */
  readonly uri: string | undefined;
  readonly recordRoute: boolean;
  /** Headers the application wants to add. */
  readonly extra: SipHeaders;
}

/** Hops left, from Max-Forwards; 70 when it does not say (RFC 3261 16.6 step 3). */
export function hopsLeft(request: SipRequest): number {
  const hops = Number(request.headers.get('Max-Forwards') ?? 70);
  return Number.isInteger(hops) && hops >= 0 ? hops : 70;
}

/**
 * The copy of a request that goes to one target. Its Via is put on top by the transaction layer.
 */
export function forwardRequest(
  request: SipRequest,
  destination: Destination,
  endpoint: LocalEndpoint,
  init: ForwardingInit,
): SipRequest {
  const headers = request.headers.clone();
  headers.set('Max-Forwards', hopsLeft(request) - 1);
  if (init.recordRoute) stayInPath(request, headers, endpoint.recordRouteFor(targetOf(destination)));
  for (const [name, value] of init.extra) headers.add(name, value);
  return createRequest({ method: request.method, uri: init.uri ?? request.uri, headers, body: request.body });
}

function stayInPath(request: SipRequest, headers: SipHeaders, route: string): void {
  if (request.method === 'REGISTER') {
    // A registration founds no dialog; RFC 3327 keeps the proxy in the path of requests to the
    // phone.
    headers.prepend('Path', route);
    headers.add('Require', 'path');
  } else {
    headers.prepend('Record-Route', route);
  }
}

/**
 * Takes the Route values that name this server off the top (RFC 3261 16.4). True when there was
 * one.
 */
export function consumeOwnRoutes(headers: SipHeaders, endpoint: LocalEndpoint): boolean {
  let consumed = false;
  for (;;) {
    const uri = parseNameAddr(headers.first('Route') ?? '')?.uri;
    if (uri === undefined || !endpoint.isLocal(uri)) return consumed;
    headers.removeFirst('Route');
    consumed = true;
  }
}

/**
 * The response as it goes on towards the caller: without our Via, which one made here instead of
 * received does not have.
 */
export function backwardResponse(response: SipResponse, request: SipRequest): SipResponse {
  const headers = response.headers.clone();
  if (headers.all('Via').length > request.headers.all('Via').length) headers.removeFirst('Via');
  return { ...response, headers };
}

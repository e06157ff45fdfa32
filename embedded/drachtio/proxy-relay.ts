/**
 * Requests inside dialogs this server stays in the path of by Record-Route. No application is
 * asked: the Route says where they go.
 */
import { createResponse, type SipRequest } from '../../telephony/sip/message.js';
import { newTag } from '../../telephony/sip/identifiers.js';
import { SipHeaders } from '../../telephony/sip/headers.js';
import { nextHop } from '../../telephony/sip/resolve.js';
import type { ServerTransaction } from '../../telephony/sip/transaction.js';
import type { ServerContext } from './context.js';
import { isReachableScheme, locate } from './locate.js';
import { ProxyBranch } from './proxy-branch.js';
import { backwardResponse, consumeOwnRoutes, forwardRequest, hopsLeft } from './proxy-forwarding.js';

const AS_IT_IS = { uri: undefined, recordRoute: false, extra: new SipHeaders() };

/**
 * Passes a request on, and its responses back. False when it is not for passing on: no Route names
 * this server.
 */
export function relayInDialog(context: ServerContext, transaction: ServerTransaction): boolean {
  const { request } = transaction;
  const stripped = strip(context, request);
  if (stripped === undefined) return false;
  const refuse = (status: number): void => {
    transaction.respond(createResponse(request, status, { toTag: newTag() }));
  };
  const hop = nextHop(stripped);
  if (hopsLeft(request) === 0) refuse(483);
  // Whoever routes a request through us to ourselves would have us talk to ourselves until the hops
  // run out.
  else if (context.endpoint.isLocal(hop)) refuse(482);
  else if (!isReachableScheme(hop)) refuse(503);
  else pass(context, transaction, stripped, hop);
  return true;
}

function pass(
  context: ServerContext,
  transaction: ServerTransaction,
  request: SipRequest,
  hop: string,
): void {
  const { layer, proxied, endpoint } = context;
  const branch = new ProxyBranch(hop, {
    layer,
    provisionalTimeout: undefined,
    finalTimeout: undefined,
    onGivenUp: () => undefined,
    onResponse: (_branch, response) => {
      transaction.respond(backwardResponse(response, request));
      if (response.status >= 200) proxied.remove(transaction.key);
    },
  });
  proxied.add(transaction.key, branch);
  branch.start();
  locate(context, hop, ([destination]) => {
    if (destination === undefined) branch.fail(request, 503);
    else branch.send(forwardRequest(request, destination, endpoint, AS_IT_IS), destination);
  });
}

/** Passes on an ACK to a 2xx; one that no Route brought here is dropped: it belongs to nothing. */
export function relayAck(context: ServerContext, ack: SipRequest): void {
  const stripped = strip(context, ack);
  if (stripped === undefined || hopsLeft(ack) === 0) return;
  const hop = nextHop(stripped);
  if (context.endpoint.isLocal(hop) || !isReachableScheme(hop)) return;
  locate(context, hop, ([destination]) => {
    if (destination === undefined) return;
    context.layer.sendAck(forwardRequest(stripped, destination, context.endpoint, AS_IT_IS), destination);
  });
}

function strip(context: ServerContext, request: SipRequest): SipRequest | undefined {
  const headers = request.headers.clone();
  return consumeOwnRoutes(headers, context.endpoint) ? { ...request, headers } : undefined;
}

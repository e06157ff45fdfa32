/**
 * `srf.proxyRequest`: a stateful proxy for one request, to one target after the other or to all at
 * once (RFC 3261 16).
 */
import { SipHeaders } from '../../telephony/sip/headers.js';
import { newTag } from '../../telephony/sip/identifiers.js';
import { createResponse, type SipRequest, type SipResponse } from '../../telephony/sip/message.js';
import { parseNameAddr } from '../../telephony/sip/name-addr.js';
import type { ResponseOrigin, ServerTransaction } from '../../telephony/sip/transaction.js';
import { parseSketch } from './application-sip.js';
import { bestResponse } from './best-response.js';
import type { ServerContext } from './context.js';
import type { ProxyOrder } from './control-message.js';
import type { ControlSession } from './control-session.js';
import { proxyReport, received, receivedFromNobody, sentResponse } from './frames.js';
import { isReachableScheme, locate } from './locate.js';
import { ProxyBranch } from './proxy-branch.js';
import { backwardResponse, consumeOwnRoutes, forwardRequest, hopsLeft } from './proxy-forwarding.js';

/** Targets of one request at the most, those from redirections included. */
const MAX_BRANCHES = 32;

/** Who is told how it went. */
export interface ProxyListener {
  /** A final response of a target. */
  onFinal(response: SipResponse, origin: ResponseOrigin): void;
  onDone(): void;
}

export class Proxy {
  readonly #context: ServerContext;
  readonly #transaction: ServerTransaction;
  readonly #request: SipRequest;
  readonly #order: ProxyOrder;
  readonly #extra: SipHeaders;
  readonly #listener: ProxyListener;
  readonly #branches: ProxyBranch[];
  /**
   * Targets may still be tried; false once a response has been chosen or the caller has hung up.
   */
  #searching = true;
  #done = false;

  constructor(
    context: ServerContext,
    transaction: ServerTransaction,
    order: ProxyOrder,
    listener: ProxyListener,
  ) {
    this.#context = context;
    this.#transaction = transaction;
    this.#order = order;
    this.#extra = parseSketch(order.sip)?.headers ?? new SipHeaders();
    this.#listener = listener;
    this.#request = { ...transaction.request, headers: transaction.request.headers.clone() };
    consumeOwnRoutes(this.#request.headers, context.endpoint);
    this.#branches = order.destinations.slice(0, MAX_BRANCHES).map((uri) => this.#branch(uri));
    context.proxied.add(transaction.key, this);
  }

  start(): void {
    for (const branch of this.#branches.filter((each) => each.waiting)) {
      this.#launch(branch);
      if (!this.#order.simultaneous) break;
    }
  }

  /**
   * The caller has cancelled: so are all targets, and the best of their final responses (487,
   * usually) answers the INVITE.
   */
  cancel(): void {
    this.#searching = false;
    for (const branch of this.#branches) branch.cancel();
    this.#conclude();
  }

  close(): void {
    for (const branch of this.#branches) branch.close();
  }

  #branch(uri: string): ProxyBranch {
    const { provisionalTimeout, finalTimeout } = this.#order;
    return new ProxyBranch(uri, {
      layer: this.#context.layer,
      provisionalTimeout,
      finalTimeout,
      onResponse: (branch, response, origin) => this.#receive(branch, response, origin),
      onGivenUp: () => this.#proceed(),
    });
  }

  #launch(branch: ProxyBranch): void {
    branch.start();
    if (!isReachableScheme(branch.uri)) return branch.fail(this.#request, 503);
    locate(this.#context, branch.uri, ([destination]) => {
      if (destination === undefined) return branch.fail(this.#request, 503);
      const { endpoint } = this.#context;
      // The caller asked for us: only then is the target's URI the one to ask for. Otherwise it
      // just says where to send.
      const uri = endpoint.isLocal(this.#request.uri) ? branch.uri : undefined;
      const { recordRoute } = this.#order;
      branch.send(
        forwardRequest(this.#request, destination, endpoint, { uri, recordRoute, extra: this.#extra }),
        destination,
      );
    });
  }

  #receive(branch: ProxyBranch, response: SipResponse, origin: ResponseOrigin): void {
    if (response.status < 300) this.#transaction.respond(backwardResponse(response, this.#request));
    if (response.status < 200) return;
    if (response.status < 300) {
      // Repeated 2xx pass as well, above; everything else about them has been done.
      if (this.#done) return;
      this.#searching = false;
      for (const other of this.#branches) if (other !== branch) other.cancel();
      this.#listener.onFinal(response, origin);
      return this.#finish();
    }
    if (this.#done || branch.final === undefined) return;
    this.#listener.onFinal(response, origin);
    if (response.status < 400) this.#follow(branch, response);
    const settled = response.status >= 600 || response.status === 401 || response.status === 407;
    if (settled) this.cancel();
    else this.#proceed();
  }

  /** Puts the Contacts of a redirection in the place of the target that redirected. */
  #follow(branch: ProxyBranch, response: SipResponse): void {
    if (!this.#order.followRedirects || !this.#searching) return;
    const uris = response.headers.all('Contact').flatMap((value) => parseNameAddr(value)?.uri ?? []);
    const fresh = uris.filter((uri) => !this.#branches.some((each) => each.uri === uri));
    const room = MAX_BRANCHES - this.#branches.length;
    const at = this.#branches.indexOf(branch) + 1;
    this.#branches.splice(at, 0, ...fresh.slice(0, Math.max(room, 0)).map((uri) => this.#branch(uri)));
    if (fresh.length > 0) branch.final = undefined;
  }

  #proceed(): void {
    const idle = !this.#branches.some((branch) => branch.active);
    if (this.#searching && (idle || this.#order.simultaneous)) this.start();
    this.#conclude();
  }

  /** Answers when nothing is left to wait for. */
  #conclude(): void {
    if (this.#done || this.#branches.some((branch) => branch.active || (this.#searching && branch.waiting)))
      return;
    this.#searching = false;
    const best = bestResponse(this.#branches.flatMap((branch) => branch.final ?? []));
    // A 503 is about the next hop, not about us (RFC 3261 16.7 step 6).
    if (best === undefined)
      this.#transaction.respond(createResponse(this.#request, 408, { toTag: newTag() }));
    else if (best.status === 503)
      this.#transaction.respond(createResponse(this.#request, 500, { toTag: newTag() }));
    else this.#transaction.respond(backwardResponse(best, this.#request));
    this.#finish();
  }

  #finish(): void {
    this.#done = true;
    this.#context.proxied.remove(this.#transaction.key);
    this.#listener.onDone();
  }
}

/**
 * Takes an application's order to proxy a request it was told of, and reports to it how that went.
 */
export function proxyRequest(
  context: ServerContext,
  session: ControlSession,
  messageId: string,
  order: ProxyOrder,
): void {
  const incoming = context.incoming.get(order.transactionId);
  if (incoming === undefined || incoming.session !== session) {
    return session.answer(messageId, 'NOK', `Unknown transaction id: ${order.transactionId}`);
  }
  context.incoming.remove(incoming);
  const { transaction } = incoming;
  if (hopsLeft(transaction.request) === 0) {
    transaction.respond(createResponse(transaction.request, 483, { toTag: newTag() }));
    return session.answer(messageId, 'NOK', 'Rejected with 483 Too Many Hops due to Max-Forwards value of 0');
  }
  const proxy = new Proxy(context, transaction, order, {
    onFinal: (response, origin) =>
      reportFinal(context, session, messageId, order, transaction, response, origin),
    onDone: () => {
      if (order.fullResponse) session.answer(messageId, 'OK', 'done');
    },
  });
  if (!order.fullResponse) session.answer(messageId, 'OK', 'done');
  proxy.start();
}

function reportFinal(
  context: ServerContext,
  session: ControlSession,
  messageId: string,
  order: ProxyOrder,
  transaction: ServerTransaction,
  response: SipResponse,
  origin: ResponseOrigin,
): void {
  const at = context.clock.now();
  const traced =
    origin.kind === 'network'
      ? received(response, origin.flow, origin.bytes.length, at)
      : receivedFromNobody(response, transaction.flow.protocol, at);
  if (order.fullResponse) session.answer(messageId, 'OK', proxyReport(traced));
  if (transaction.request.method !== 'INVITE') return;
  if (response.status === 200) {
    context.details.start(traced, 'proxy-uac');
    context.details.start(
      sentResponse(backwardResponse(response, transaction.request), transaction.flow, at),
      'proxy-uas',
    );
  } else {
    context.details.stop(traced, response.status === 487 ? 'call-canceled' : 'call-rejected');
  }
}

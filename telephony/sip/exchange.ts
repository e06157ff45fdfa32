import { withUserAgent, type AgentContext } from './agent-context.js';
import type { AuthorizationField, ChallengeAnswerer } from './challenge-answerer.js';
import type { Destination } from './flow.js';
import type { HeadersInit } from './headers.js';
import type { SipRequest, SipResponse } from './message.js';
import { tagOf } from './name-addr.js';
import type { ClientTransaction, ResponseOrigin } from './transaction.js';

export interface ExchangeInit {
  readonly destination: Destination;
  readonly answerer: ChallengeAnswerer;
  /** Makes the request; called again, for the next CSeq, after a challenge was answered. */
  readonly build: () => SipRequest;
  /** Provisional responses other than 100. */
  readonly onProgress?: (response: SipResponse) => void;
  /** The ACK to a 2xx and where it goes; called once for each To tag. Needed for INVITE. */
  readonly acknowledge?: (
    response: SipResponse,
    request: SipRequest,
    origin: ResponseOrigin,
  ) => { readonly ack: SipRequest; readonly destination: Destination } | undefined;
}

export interface ExchangeResult {
  /** As last sent, without our Via. */
  readonly request: SipRequest;
  readonly response: SipResponse;
}

/**
 * A request and its final response, with the challenges answered on the way; for INVITE with the
 * ACKs to its 2xx.
 */
export class Exchange {
  /** Never rejects. */
  readonly result: Promise<ExchangeResult>;
  readonly #context: AgentContext;
  readonly #init: ExchangeInit;
  readonly #acks = new Map<
    string,
    { readonly bytes: Buffer; readonly destination: Destination } | undefined
  >();
  #resolve: (result: ExchangeResult) => void = () => undefined;
  #request: SipRequest;
  #transaction: ClientTransaction | undefined;
  #isCancelled = false;

  constructor(context: AgentContext, init: ExchangeInit) {
    this.#context = context;
    this.#init = init;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#request = this.#send([]);
  }

  get request(): SipRequest {
    return this.#request;
  }

  cancel(headers?: HeadersInit): void {
    this.#isCancelled = true;
    if (this.#transaction !== undefined) this.#context.transactions.cancel(this.#transaction, headers);
  }

  #send(authorization: readonly AuthorizationField[]): SipRequest {
    const { build, destination } = this.#init;
    const request = withUserAgent(build(), this.#context.product);
    for (const [name, value] of authorization) request.headers.add(name, value);
    this.#request = request;
    this.#transaction = this.#context.transactions.request(request, destination, {
      onResponse: (response, origin) => this.#onResponse(request, response, origin),
    });
    return request;
  }

  #onResponse(request: SipRequest, response: SipResponse, origin: ResponseOrigin): void {
    if (response.status < 200) {
      if (response.status > 100) this.#context.guard(() => this.#init.onProgress?.(response));
      return;
    }
    // A cancelled call is not tried again with a password.
    const authorization = this.#isCancelled ? undefined : this.#init.answerer.answer(request, response);
    if (authorization !== undefined) {
      this.#send(authorization);
      return;
    }
    if (response.status < 300 && request.method === 'INVITE') this.#acknowledge(request, response, origin);
    this.#resolve({ request, response });
  }

  /** Every 2xx is acknowledged, repeats by the same bytes (RFC 3261 13.2.2.4). */
  #acknowledge(request: SipRequest, response: SipResponse, origin: ResponseOrigin): void {
    const tag = tagOf(response.headers.get('To')) ?? '';
    const sent = this.#acks.get(tag);
    if (sent !== undefined) {
      this.#context.transactions.transport.send(sent.bytes, sent.destination);
      return;
    }
    const made = this.#init.acknowledge?.(response, request, origin);
    if (made === undefined) return;
    const bytes = this.#context.transactions.sendAck(made.ack, made.destination);
    this.#acks.set(tag, { bytes, destination: made.destination });
  }
}

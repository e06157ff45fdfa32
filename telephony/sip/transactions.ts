import { NonInviteClientTransaction, type BaseClientTransaction } from './client-transaction.js';
import {
  parseCSeq,
  createResponse,
  EMPTY_BODY,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  serializeMessage,
} from './message.js';
import { targetOf, type Destination, type Flow } from './flow.js';
import { SipHeaders, type HeadersInit } from './headers.js';
import { newBranch, newTag } from './identifiers.js';
import { InviteClientTransaction } from './invite-client-transaction.js';
import type { MalformedMessage } from './parse.js';
import { ProvenAddresses } from './proven-addresses.js';
import { ResponseAllowance } from './response-allowance.js';
import { ServerTransactions } from './server-transactions.js';
import { RFC_TIMERS, type TransactionTimers } from './timers.js';
import type { CancellableInvite, TransactionContext } from './transaction-context.js';
import { clientKeyOfResponse } from './transaction-key.js';
import type { ClientTransaction, ClientTransactionHandlers, ServerTransaction } from './transaction.js';
import type { SipTransport } from './transport.js';
import { requestFault } from './validate.js';
import { ownVia, responseDestination } from './via-stamp.js';

export interface TransactionLayerHandlers {
  /**
   * A new request other than ACK and CANCEL. An INVITE has already got its 100 unless
   * `automaticTrying` is false.
   */
  onRequest(transaction: ServerTransaction): void;
  /**
   * A CANCEL for an INVITE not yet finally answered. The CANCEL has been answered with 200; answer
   * the INVITE (487).
   */
  onCancel?(invite: ServerTransaction, cancel: SipRequest, flow: Flow, bytes: Buffer): void;
  /** An ACK that belongs to no non-2xx: it acknowledges a 2xx. */
  onAck?(ack: SipRequest, flow: Flow, bytes: Buffer): void;
  /**
   * A request was answered here and went no further: it was malformed, belonged to nothing, or
   * there was no room for it.
   */
  onRefused?(request: SipRequest, flow: Flow, status: number): void;
  /** A response to no transaction. */
  onStrayResponse?(response: SipResponse, flow: Flow, bytes: Buffer): void;
  /** A handler threw. Defaults to rethrowing asynchronously, which ends the process: give one. */
  onFault?(error: unknown): void;
}

export interface TransactionLayerOptions {
  readonly transport: SipTransport;
  readonly handlers: TransactionLayerHandlers;
  readonly timers?: Partial<TransactionTimers>;
  /** Default true. */
  readonly automaticTrying?: boolean;
  /**
   * Server transactions held at once, default 20000, and bytes of their requests, default 32 MB.
   * When they are reached, the oldest that have their final response are ended early; when there
   * are none, requests get 503 with Retry-After.
   */
  readonly maxServerTransactions?: number;
  readonly maxServerBytes?: number;
  /**
   * For who faces strangers, whose packets may be forged: as long as an address has proved nothing,
   * few bytes are sent to it for those that come in its name, and refusals once. Challenges (401,
   * 407) are answered and forgotten, as by a stateless server (RFC 3261 8.2.7). Default false.
   */
  readonly facesStrangers?: boolean;
  /** Requests for which this says true are as good as never received. */
  readonly ignores?: (request: SipRequest) => boolean;
}

/**
 * RFC 3261 17: matches messages to transactions, repeats what is lost, absorbs what is repeated.
 * Takes the transport over.
 */
export class TransactionLayer {
  readonly transport: SipTransport;
  readonly #handlers: TransactionLayerHandlers;
  readonly #context: TransactionContext;
  readonly #clients = new Map<string, BaseClientTransaction>();
  readonly #servers: ServerTransactions;
  readonly #ignores: TransactionLayerOptions['ignores'];
  #isClosed = false;

  constructor(options: TransactionLayerOptions) {
    const { transport, handlers } = options;
    this.transport = transport;
    this.#handlers = handlers;
    this.#ignores = options.ignores;
    this.#context = {
      transport,
      timers: { ...RFC_TIMERS, ...options.timers },
      proven: options.facesStrangers === true ? new ProvenAddresses() : undefined,
      forget: (transaction) => {
        if (transaction.kind === 'client') this.#clients.delete(transaction.key);
        else this.#servers.forget(transaction.key);
      },
      noteCompleted: (transaction) => this.#servers.noteCompleted(transaction.key),
      sendCancel: (invite, headers) => this.#sendCancel(invite, headers),
      guard: (handler) => this.#guard(handler),
    };
    this.#servers = new ServerTransactions(this.#context, handlers, {
      automaticTrying: options.automaticTrying ?? true,
      max: options.maxServerTransactions ?? 20_000,
      maxBytes: options.maxServerBytes ?? 32 * 1024 * 1024,
      refuse: (request, flow, bytes) =>
        this.#refuse(request, flow, bytes, 503, { headers: { 'Retry-After': '5' } }),
    });
    transport.setHandlers({
      onMessage: (message, flow, bytes) => this.#onMessage(message, flow, bytes),
      onMalformed: (malformed, flow, bytes) => this.#onMalformed(malformed, flow, bytes),
    });
  }

  /**
   * Sends a request in a client transaction of its own. A Via is put on top of those it has. Not
   * for ACK and CANCEL.
   */
  request(
    message: SipRequest,
    destination: Destination,
    handlers: ClientTransactionHandlers,
  ): ClientTransaction {
    const branch = newBranch();
    const request = this.#withVia(message, destination, branch);
    const kind = request.method === 'INVITE' ? InviteClientTransaction : NonInviteClientTransaction;
    return this.#start(new kind(this.#context, request, branch, destination, handlers));
  }

  /**
   * Cancels an INVITE (RFC 3261 9.1): at once when a provisional response has come, else as soon as
   * one comes; not at all when the final one has. The INVITE's own final response (usually 487)
   * tells how it ended; 64*T1 after the CANCEL a local one does.
   */
  cancel(invite: ClientTransaction, headers?: HeadersInit): void {
    if (invite instanceof InviteClientTransaction) invite.cancel(headers);
  }

  /**
   * Sends the ACK to a 2xx: a request with a Via of its own and no transaction. Returns the bytes
   * sent, for repeats.
   */
  sendAck(ack: SipRequest, destination: Destination): Buffer {
    const bytes = serializeMessage(this.#withVia(ack, destination, newBranch()));
    this.transport.send(bytes, destination);
    return bytes;
  }

  /** Sends a request or response as it is (a proxy's ACK or stray 2xx), no Via added. */
  sendStateless(message: SipRequest | SipResponse, destination: Destination): void {
    this.transport.send(serializeMessage(message), destination);
  }

  /** Whether a peer's address is proved; always true where addresses are not checked. */
  isProven(flow: Flow): boolean {
    return this.#context.proven?.has(flow) ?? true;
  }

  /**
   * What was sent to an address and cannot be guessed has come back over a flow: if that is of the
   * same address, it is proven.
   */
  prove(sentTo: string, cameBackOver: Flow): void {
    this.#context.proven?.note(sentTo, cameBackOver);
  }

  /** Transactions that are held now, and the bytes of the requests that wait for us or repeat. */
  get held(): { readonly clients: number; readonly servers: number; readonly serverBytes: number } {
    const { transactions, bytes } = this.#servers.held;
    return { clients: this.#clients.size, servers: transactions, serverBytes: bytes };
  }

  /** The server transaction with that key, if it is still there. */
  serverTransaction(key: string): ServerTransaction | undefined {
    return this.#servers.get(key);
  }

  /**
   * Ends all transactions without sending anything, those of ours with a local 503; leaves no
   * timer. The transport stays open: it is its owner's.
   */
  close(): void {
    this.transport.setHandlers({ onMessage: () => undefined });
    this.#isClosed = true;
    for (const transaction of this.#clients.values()) transaction.close();
    this.#clients.clear();
    this.#servers.close();
  }

  #start<T extends BaseClientTransaction>(transaction: T): T {
    if (this.#isClosed) {
      queueMicrotask(() => transaction.close());
    } else {
      this.#clients.set(transaction.key, transaction);
      transaction.start();
    }
    return transaction;
  }

  #sendCancel(invite: CancellableInvite, extra: HeadersInit | undefined): void {
    const { request, branch, destination } = invite;
    const headers = new SipHeaders({
      Via: request.headers.first('Via'),
      'Max-Forwards': '70',
      From: request.headers.get('From'),
      To: request.headers.get('To'),
      'Call-ID': request.headers.get('Call-ID'),
      CSeq: `${parseCSeq(request.headers.get('CSeq'))?.sequence ?? 0} CANCEL`,
      Route: request.headers.all('Route'),
    });
    for (const [name, value] of new SipHeaders(extra)) if (!headers.has(name)) headers.add(name, value);
    const cancel: SipRequest = {
      kind: 'request',
      method: 'CANCEL',
      uri: request.uri,
      headers,
      body: EMPTY_BODY,
    };
    // Its own answer tells nothing: what counts is the INVITE's final response.
    const ignore: ClientTransactionHandlers = { onResponse: () => undefined };
    this.#start(new NonInviteClientTransaction(this.#context, cancel, branch, destination, ignore));
  }

  #withVia(message: SipRequest, destination: Destination, branch: string): SipRequest {
    const headers = message.headers.clone();
    headers.prepend(
      'Via',
      ownVia(destination.protocol, this.transport.advertised(targetOf(destination)), branch),
    );
    if (!headers.has('Max-Forwards')) headers.add('Max-Forwards', '70');
    return { ...message, headers };
  }

  #onMessage(message: SipMessage, flow: Flow, bytes: Buffer): void {
    if (message.kind === 'response') {
      const client = this.#clients.get(clientKeyOfResponse(message) ?? '');
      if (client !== undefined) {
        this.prove(targetOf(client.destination).address, flow);
        client.receive(message, { kind: 'network', flow, bytes });
      } else this.#guard(() => this.#handlers.onStrayResponse?.(message, flow, bytes));
      return;
    }
    if (this.#ignores?.(message) === true) return;
    const fault = requestFault(message);
    if (fault === undefined) this.#servers.receive(message, flow, bytes);
    else this.#refuse(message, flow, bytes, 400, { reason: fault });
  }

  #onMalformed(malformed: MalformedMessage, flow: Flow, bytes: Buffer): void {
    // A message without the headers that a response copies is not answered: the response could not
    // be matched.
    const { request, status } = malformed;
    const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];
    if (request !== undefined && copied.every((name) => request.headers.has(name)))
      this.#refuse(request, flow, bytes, status, {});
  }

  #refuse(
    request: SipRequest,
    flow: Flow,
    bytes: Buffer,
    status: number,
    init: { readonly reason?: string; readonly headers?: HeadersInit },
  ): void {
    if (request.method === 'ACK' || !request.headers.has('Via')) return;
    const response = serializeMessage(createResponse(request, status, { ...init, toTag: newTag() }));
    if (new ResponseAllowance(bytes.length).take(response.length, 'first') || this.isProven(flow))
      this.transport.send(response, responseDestination(request, flow));
    this.#guard(() => this.#handlers.onRefused?.(request, flow, status));
  }

  #guard(handler: () => void): boolean {
    try {
      handler();
      return true;
    } catch (error) {
      if (this.#handlers.onFault !== undefined) this.#handlers.onFault(error);
      else
        queueMicrotask(() => {
          throw error;
        });
      return false;
    }
  }
}

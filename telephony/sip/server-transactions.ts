import type { Flow } from './flow.js';
import { newTag } from './identifiers.js';
import { createResponse, type SipRequest } from './message.js';
import { tagOf } from './name-addr.js';
import {
  InviteServerTransaction,
  NonInviteServerTransaction,
  type BaseServerTransaction,
} from './server-transaction.js';
import type { TransactionContext } from './transaction-context.js';
import { serverKey } from './transaction-key.js';
import type { ServerTransaction } from './transaction.js';

interface Handlers {
  onRequest(transaction: ServerTransaction): void;
  onCancel?(invite: ServerTransaction, cancel: SipRequest, flow: Flow, bytes: Buffer): void;
  onAck?(ack: SipRequest, flow: Flow, bytes: Buffer): void;
  onRefused?(request: SipRequest, flow: Flow, status: number): void;
}

interface Options {
  readonly automaticTrying: boolean;
  readonly max: number;
  /** Of requests held, in bytes. */
  readonly maxBytes: number;
  /** Answers 503 without a transaction: there is no room. */
  refuse(request: SipRequest, flow: Flow, bytes: Buffer): void;
}

/**
 * The server half of the transaction layer: finds the transaction of each request, or begins one
 * (RFC 3261 17.2.3, 9.2).
 */
export class ServerTransactions {
  readonly #context: TransactionContext;
  readonly #handlers: Handlers;
  readonly #options: Options;
  readonly #transactions = new Map<string, BaseServerTransaction>();
  /** In the order of their completion. */
  readonly #completed = new Set<BaseServerTransaction>();
  /** Of the requests in `#transactions`. */
  #bytes = 0;

  constructor(context: TransactionContext, handlers: Handlers, options: Options) {
    this.#context = context;
    this.#handlers = handlers;
    this.#options = options;
  }

  get(key: string): ServerTransaction | undefined {
    return this.#transactions.get(key);
  }

  receive(request: SipRequest, flow: Flow, bytes: Buffer): void {
    const key = serverKey(request);
    if (key === undefined) return;
    if (request.method === 'ACK') this.#receiveAck(request, flow, bytes);
    else if (this.#transactions.has(key)) this.#transactions.get(key)?.receiveRepeat(bytes.length);
    else if (!this.#makeRoom(bytes.length)) this.#options.refuse(request, flow, bytes);
    else if (request.method === 'CANCEL') this.#receiveCancel(key, request, flow, bytes);
    else if (request.method === 'INVITE')
      this.#begin(new InviteServerTransaction(this.#context, key, request, bytes, flow));
    else this.#begin(new NonInviteServerTransaction(this.#context, key, request, bytes, flow));
  }

  /** Transactions held, and the bytes of their requests. */
  get held(): { readonly transactions: number; readonly bytes: number } {
    return { transactions: this.#transactions.size, bytes: this.#bytes };
  }

  noteCompleted(key: string): void {
    const transaction = this.#transactions.get(key);
    if (transaction !== undefined) this.#completed.add(transaction);
  }

  forget(key: string): void {
    const transaction = this.#transactions.get(key);
    if (transaction === undefined) return;
    this.#transactions.delete(key);
    this.#completed.delete(transaction);
    this.#bytes -= transaction.bytes.length;
  }

  close(): void {
    for (const transaction of this.#transactions.values()) transaction.abandon();
    this.#transactions.clear();
    this.#completed.clear();
    this.#bytes = 0;
  }

  #add(transaction: BaseServerTransaction): void {
    this.#transactions.set(transaction.key, transaction);
    this.#bytes += transaction.bytes.length;
  }

  #begin(transaction: BaseServerTransaction): void {
    this.#add(transaction);
    const { request } = transaction;
    if (transaction instanceof InviteServerTransaction && this.#options.automaticTrying) {
      if (this.#isWaited(transaction)) transaction.tryLater();
      else transaction.respond(createResponse(request, 100));
    }
    const isHandled = this.#context.guard(() => this.#handlers.onRequest(transaction));
    // Refused by the transaction when the handler had answered before it threw.
    if (!isHandled) transaction.respond(createResponse(request, 500, { toTag: newTag() }));
  }

  /** A stranger without credentials is most likely refused at once. */
  #isWaited({ request: { headers }, flow }: BaseServerTransaction): boolean {
    const isProven = this.#context.proven?.has(flow) ?? true;
    return !isProven && !headers.has('Authorization') && !headers.has('Proxy-Authorization');
  }

  #receiveAck(ack: SipRequest, flow: Flow, bytes: Buffer): void {
    const invite = this.#transactions.get(serverKey(ack, 'INVITE') ?? '');
    if (invite instanceof InviteServerTransaction && invite.receiveAck(ack, flow)) return;
    this.#context.guard(() => this.#handlers.onAck?.(ack, flow, bytes));
  }

  /** RFC 3261 9.2. The 200 carries the To tag that the INVITE's responses have. */
  #receiveCancel(key: string, cancel: SipRequest, flow: Flow, bytes: Buffer): void {
    const transaction = new NonInviteServerTransaction(this.#context, key, cancel, bytes, flow);
    this.#add(transaction);
    const invite = this.#transactions.get(serverKey(cancel, 'INVITE') ?? '');
    const toTag = tagOf(invite?.lastResponse?.headers.get('To')) ?? newTag();
    transaction.respond(createResponse(cancel, invite === undefined ? 481 : 200, { toTag }));
    if (invite === undefined) this.#context.guard(() => this.#handlers.onRefused?.(cancel, flow, 481));
    if (invite?.state === 'proceeding') {
      this.#context.guard(() => this.#handlers.onCancel?.(invite, cancel, flow, bytes));
    }
  }

  /** Those that only absorb repeats are given up for a new one, the oldest first. */
  #makeRoom(bytes: number): boolean {
    const { max, maxBytes } = this.#options;
    for (const oldest of this.#completed) {
      if (this.#transactions.size < max && this.#bytes + bytes <= maxBytes) return true;
      oldest.terminateEarly();
      this.#completed.delete(oldest);
    }
    return this.#transactions.size < max && this.#bytes + bytes <= maxBytes;
  }
}

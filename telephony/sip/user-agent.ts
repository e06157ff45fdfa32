import { AcceptedInvites } from './accepted-invites.js';
import { withServer, type AgentContext } from './agent-context.js';
import { ChallengeAnswerer } from './challenge-answerer.js';
import { dialogId, dialogIdOfRequest, dialogNextHop, type DialogId } from './dialog.js';
import type { Credentials } from './digest.js';
import { Exchange } from './exchange.js';
import { isStream, targetOf, type Destination } from './flow.js';
import { newTag } from './identifiers.js';
import { IncomingInvite } from './incoming-invite.js';
import { ALLOWED_METHODS, type InviteSession } from './invite-session.js';
import { createResponse, type SipResponse } from './message.js';
import { parseNameAddr } from './name-addr.js';
import { OutgoingInvite } from './outgoing-invite.js';
import { destinationOf, requestBuilder, type OutgoingRequest } from './outgoing-request.js';
import { literalTarget } from './resolve.js';
import type { TransactionTimers } from './timers.js';
import type { ServerTransaction } from './transaction.js';
import { TransactionLayer } from './transactions.js';
import type { SipTransport } from './transport.js';
import { formatHostPort } from './uri.js';

export type { OutgoingRequest } from './outgoing-request.js';
export type { Credentials };

export interface UserAgentOptions {
  /** Stays its owner's: close() leaves it open. */
  readonly transport: SipTransport;
  readonly timers?: Partial<TransactionTimers>;
  /** User-Agent in requests, Server in responses. */
  readonly product?: string;
  /** User part of our Contact. */
  readonly contactUser?: string;
  /** An INVITE outside of dialogs. Without this handler: 405. */
  readonly onInvite?: (invite: IncomingInvite) => void;
  /**
   * Any other request outside of dialogs: answer it by `transaction.respond`. Without this handler:
   * OPTIONS 200, others 405.
   */
  readonly onRequest?: (transaction: ServerTransaction) => void;
  /** A handler of yours threw; its request gets 500. */
  readonly onFault?: (error: unknown) => void;
}

export interface OutgoingInviteRequest extends Omit<OutgoingRequest, 'method'> {
  /** Every provisional response but 100. */
  readonly onProgress?: (response: SipResponse) => void;
  /** For an INVITE without an offer: the answer to the 2xx's offer, sent in the ACK. */
  readonly answerInAck?: (response: SipResponse) => { readonly contentType: string; readonly body: string };
}

/** A user agent's core over the transaction layer (RFC 3261 8, 13, 15, 22). */
export class UserAgent {
  readonly transport: SipTransport;
  readonly transactions: TransactionLayer;
  readonly #options: UserAgentOptions;
  readonly #context: AgentContext;
  readonly #sessions = new Map<DialogId, InviteSession>();
  readonly #incomingInvites = new WeakMap<ServerTransaction, IncomingInvite>();

  constructor(options: UserAgentOptions) {
    this.#options = options;
    this.transport = options.transport;
    const accepted = new AcceptedInvites(options.timers);
    const onFault = options.onFault;
    this.transactions = new TransactionLayer({
      transport: options.transport,
      ...(options.timers === undefined ? {} : { timers: options.timers }),
      handlers: {
        onRequest: (transaction) => this.#onRequest(transaction),
        onCancel: (invite) => this.#incomingInvites.get(invite)?.cancelled(),
        onAck: (ack, flow) => void accepted.acknowledge(ack, flow),
        ...(onFault === undefined ? {} : { onFault }),
      },
    });
    this.#context = {
      transactions: this.transactions,
      accepted,
      product: options.product,
      contactFor: (destination) => this.contactFor(destination),
      dialogDestination: (dialog, fallback) => {
        const target = literalTarget(dialogNextHop(dialog));
        if (target === undefined) return fallback;
        const origin = targetOf(fallback);
        // The connection the dialog came by is as good as a new one to the same peer, and passes
        // its NAT.
        const isSamePeer =
          isStream(target.protocol) &&
          target.protocol === origin.protocol &&
          target.address === origin.address;
        return isSamePeer ? fallback : target;
      },
      guard: (handler) => this.#guard(handler),
    };
  }

  /** Our Contact value as seen from that destination, in angle brackets. */
  contactFor(destination: Destination): string {
    const { host, port } = this.transport.advertised(targetOf(destination));
    const user = this.#options.contactUser === undefined ? '' : `${this.#options.contactUser}@`;
    const transport = isStream(destination.protocol) ? `;transport=${destination.protocol}` : '';
    return `<sip:${user}${formatHostPort(host, port)}${transport}>`;
  }

  /** Sends and resolves with the final response, a local 408 or 503 included. Never rejects. */
  async request(init: OutgoingRequest): Promise<SipResponse> {
    const destination = await destinationOf(init, this.transport);
    const build = requestBuilder(init, this.#context);
    if (destination === undefined) return createResponse(build(undefined), 503, { toTag: newTag() });
    const exchange = new Exchange(this.#context, {
      destination,
      answerer: new ChallengeAnswerer(init.credentials),
      build: () => build(destination),
    });
    return (await exchange.result).response;
  }

  /** Calls. */
  invite(init: OutgoingInviteRequest): OutgoingInvite {
    const request = { ...init, method: 'INVITE' };
    return new OutgoingInvite(this.#context, {
      destination: destinationOf(request, this.transport),
      build: requestBuilder(request, this.#context),
      credentials: init.credentials,
      onProgress: init.onProgress,
      answerInAck: init.answerInAck,
      adopt: (session) => this.#adopt(session),
    });
  }

  /** Sessions established and not ended. */
  get sessions(): readonly InviteSession[] {
    return [...this.#sessions.values()];
  }

  /**
   * Gives up everything at once without a word on the wire; what waits gets a local 503. To part
   * politely, first `bye()` the sessions.
   */
  close(): void {
    this.transactions.close();
    this.#context.accepted.close();
    for (const session of this.sessions) session.end({ by: 'lost' });
  }

  #adopt(session: InviteSession): void {
    const id = dialogId(session.dialog);
    this.#sessions.set(id, session);
    void session.ended.then(() => this.#sessions.delete(id));
  }

  #onRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    const id = dialogIdOfRequest(request);
    if (id !== undefined) {
      const session = this.#sessions.get(id);
      if (session === undefined) this.#answer(transaction, 481);
      else session.receive(transaction, (its) => this.#incoming(transaction, its));
    } else if (request.method === 'INVITE' && this.#options.onInvite !== undefined) {
      // Without Contact there is no dialog, and without dialog no call (RFC 3261 8.1.1.8).
      if (parseNameAddr(request.headers.first('Contact') ?? '') === undefined) this.#answer(transaction, 400);
      else this.#options.onInvite(this.#incoming(transaction, undefined));
    } else if (request.method !== 'INVITE' && this.#options.onRequest !== undefined) {
      this.#options.onRequest(transaction);
    } else {
      this.#answer(transaction, request.method === 'OPTIONS' ? 200 : 405);
    }
  }

  #incoming(transaction: ServerTransaction, session: InviteSession | undefined): IncomingInvite {
    const invite = new IncomingInvite(this.#context, transaction, session, (its) => this.#adopt(its));
    this.#incomingInvites.set(transaction, invite);
    return invite;
  }

  #answer(transaction: ServerTransaction, status: number): void {
    const headers = status === 481 ? {} : { Allow: ALLOWED_METHODS };
    const response = createResponse(transaction.request, status, { toTag: newTag(), headers });
    transaction.respond(withServer(response, this.#options.product));
  }

  #guard(handler: () => void): boolean {
    try {
      handler();
      return true;
    } catch (error) {
      this.#options.onFault?.(error);
      return false;
    }
  }
}

import type { AgentContext } from './agent-context.js';
import { ChallengeAnswerer } from './challenge-answerer.js';
import { buildAck, createUacDialog } from './dialog.js';
import type { Credentials } from './digest.js';
import { Exchange } from './exchange.js';
import type { Destination } from './flow.js';
import type { HeadersInit } from './headers.js';
import { newTag } from './identifiers.js';
import { InviteSession } from './invite-session.js';
import { createResponse, type SipRequest, type SipResponse } from './message.js';
import { tagOf } from './name-addr.js';
import type { ResponseOrigin } from './transaction.js';

export type InviteOutcome =
  /** Acknowledged by us. */
  | { readonly kind: 'established'; readonly session: InviteSession; readonly response: SipResponse }
  /** Final response of 300 and above, a local 408, 487 or 503 included. */
  | { readonly kind: 'rejected'; readonly response: SipResponse };

export interface OutgoingInviteInit {
  readonly destination: Promise<Destination | undefined>;
  /**
   * `destination` is undefined when the target is unknown and the request is made only to be
   * answered by ourselves.
   */
  readonly build: (destination: Destination | undefined) => SipRequest;
  readonly credentials: Credentials | undefined;
  readonly onProgress: ((response: SipResponse) => void) | undefined;
  readonly answerInAck:
    ((response: SipResponse) => { readonly contentType: string; readonly body: string }) | undefined;
  /** Tells the agent of a new session, so that requests in it are found. */
  readonly adopt: (session: InviteSession) => void;
}

/** A call of ours on its way. */
export class OutgoingInvite {
  /** Never rejects. */
  readonly outcome: Promise<InviteOutcome>;
  readonly #context: AgentContext;
  readonly #init: OutgoingInviteInit;
  /** By To tag: more than one only when a proxy forked the call. */
  readonly #sessions = new Map<string, InviteSession>();
  #exchange: Exchange | undefined;
  #cancelled: { readonly headers: HeadersInit | undefined } | undefined;

  constructor(context: AgentContext, init: OutgoingInviteInit) {
    this.#context = context;
    this.#init = init;
    this.outcome = this.#call();
  }

  /**
   * As last sent: after a digest challenge the second one. undefined until the target is resolved.
   */
  get request(): SipRequest | undefined {
    return this.#exchange?.request;
  }

  /**
   * Cancels; when it crosses the 2xx, the session is ended by BYE and the outcome is `rejected`
   * with 487.
   */
  cancel(headers?: HeadersInit): void {
    this.#cancelled ??= { headers };
    this.#exchange?.cancel(headers);
  }

  async #call(): Promise<InviteOutcome> {
    const { build, credentials, onProgress } = this.#init;
    const destination = await this.#init.destination;
    if (destination === undefined || this.#cancelled !== undefined) {
      const status = destination === undefined ? 503 : 487;
      return { kind: 'rejected', response: createResponse(build(undefined), status, { toTag: newTag() }) };
    }
    this.#exchange = new Exchange(this.#context, {
      destination,
      answerer: new ChallengeAnswerer(credentials),
      build: () => build(destination),
      acknowledge: (response, request, origin) => this.#acknowledge(response, request, origin, destination),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    const { request, response } = await this.#exchange.result;
    const session = this.#sessions.get(tagOf(response.headers.get('To')) ?? '');
    if (session === undefined) return { kind: 'rejected', response };
    if (this.#cancelled === undefined) return { kind: 'established', session, response };
    await session.bye();
    return { kind: 'rejected', response: createResponse(request, 487, { toTag: newTag() }) };
  }

  #acknowledge(
    response: SipResponse,
    request: SipRequest,
    origin: ResponseOrigin,
    destination: Destination,
  ): { ack: SipRequest; destination: Destination } | undefined {
    const dialog = createUacDialog(request, response);
    if (dialog === undefined) return undefined;
    const cameFrom = origin.kind === 'network' ? origin.flow : destination;
    const session = new InviteSession(this.#context, dialog, cameFrom, this.#init.credentials);
    const isFirst = this.#sessions.size === 0;
    this.#sessions.set(dialog.remoteTag, session);
    this.#init.adopt(session);
    const answer = this.#init.answerInAck?.(response);
    const ack = buildAck(
      dialog,
      request,
      answer === undefined ? {} : { headers: { 'Content-Type': answer.contentType }, body: answer.body },
    );
    // The first answer makes the call; a second one (of a forking proxy) is hung up on, after its
    // ACK.
    if (!isFirst) queueMicrotask(() => void session.bye());
    return { ack, destination: session.destination };
  }
}

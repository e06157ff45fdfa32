import { withServer, type AgentContext } from './agent-context.js';
import { createUasDialog, refreshTarget } from './dialog.js';
import type { Flow } from './flow.js';
import { SipHeaders, type HeadersInit } from './headers.js';
import { newTag } from './identifiers.js';
import { ALLOWED_METHODS, InviteSession } from './invite-session.js';
import { createResponse, type ResponseInit, type SipRequest, type SipResponse } from './message.js';
import type { ServerTransaction } from './transaction.js';

export interface AnswerInit {
  readonly headers?: HeadersInit;
  /** SDP: sent as application/sdp unless the headers name another type. */
  readonly body?: Buffer | string;
}

export type AnswerOutcome =
  /** The ACK has come; with the caller's answer in its body when the INVITE had no offer. */
  | { readonly kind: 'established'; readonly session: InviteSession; readonly ack: SipRequest }
  /**
   * The ACK never came (BYE has been sent), the caller cancelled first, or the call ended before
   * its ACK, by BYE or by our closing.
   */
  | { readonly kind: 'failed'; readonly reason: 'no-ack' | 'cancelled' | 'closed' };

/** An INVITE that wants an answer: a new call, or a re-INVITE of a session. */
export class IncomingInvite {
  readonly transaction: ServerTransaction;
  /** Called when the caller cancels before we answered. The 487 has been sent. */
  onCancelled: (() => void) | undefined;
  readonly #context: AgentContext;
  /** Tells the agent of a new session, so that requests in it are found. */
  readonly #adopt: (session: InviteSession) => void;
  readonly #toTag = newTag();
  #session: InviteSession | undefined;
  #outcome: Promise<AnswerOutcome> | undefined;
  #isCancelled = false;

  constructor(
    context: AgentContext,
    transaction: ServerTransaction,
    session: InviteSession | undefined,
    adopt: (session: InviteSession) => void,
  ) {
    this.#context = context;
    this.transaction = transaction;
    this.#session = session;
    this.#adopt = adopt;
  }

  get request(): SipRequest {
    return this.transaction.request;
  }

  get flow(): Flow {
    return this.transaction.flow;
  }

  /** The session of a re-INVITE; of a new call from the moment it is answered. */
  get session(): InviteSession | undefined {
    return this.#session;
  }

  /** 101 to 199. */
  progress(status: number, init: AnswerInit = {}): void {
    this.transaction.respond(this.#response(status, { Contact: this.#contact(), ...headersOf(init) }, init));
  }

  /**
   * 200, repeated until its ACK comes. {@link session} exists from the moment of sending. Never
   * rejects.
   */
  answer(init: AnswerInit = {}): Promise<AnswerOutcome> {
    this.#outcome ??= this.#answer(init);
    return this.#outcome;
  }

  /** 300 to 699. */
  reject(status: number, init: AnswerInit & { readonly reason?: string } = {}): void {
    const response = this.#response(status, headersOf(init), init);
    this.transaction.respond(init.reason === undefined ? response : { ...response, reason: init.reason });
  }

  /** For the user agent: a CANCEL has come. */
  cancelled(): void {
    this.#isCancelled = true;
    this.reject(487);
    this.#context.guard(() => this.onCancelled?.());
  }

  async #answer(init: AnswerInit): Promise<AnswerOutcome> {
    if (this.#isCancelled) return { kind: 'failed', reason: 'cancelled' };
    // Already rejected, by its user or because the agent closes.
    if (this.transaction.state !== 'proceeding') return { kind: 'failed', reason: 'closed' };
    const headers = { Contact: this.#contact(), Allow: ALLOWED_METHODS, ...headersOf(init) };
    const response = this.#response(200, headers, init);
    const session = this.#session ?? this.#begin(response);
    refreshTarget(session.dialog, this.request);
    // A caller who hangs up at once may do without the ACK.
    void session.ended.then(() => this.#context.accepted.abandon(response));
    const outcome = await this.#context.accepted.accept(this.transaction, response);
    if (outcome.kind === 'acknowledged') return { kind: 'established', session, ack: outcome.ack };
    if (outcome.kind === 'abandoned') return { kind: 'failed', reason: 'closed' };
    await session.bye();
    return { kind: 'failed', reason: 'no-ack' };
  }

  #begin(response: SipResponse): InviteSession {
    const dialog = createUasDialog(this.request, response);
    // The agent lets no INVITE through from which no dialog can be made.
    if (dialog === undefined) throw new Error('an INVITE without Contact was answered');
    const session = new InviteSession(this.#context, dialog, this.flow);
    this.#session = session;
    this.#adopt(session);
    return session;
  }

  #contact(): string {
    return this.#session?.dialog.localContact ?? this.#context.contactFor(this.flow);
  }

  #response(status: number, extra: Record<string, string>, { body }: AnswerInit): SipResponse {
    const headers = new SipHeaders(extra);
    if (body !== undefined && !headers.has('Content-Type')) headers.set('Content-Type', 'application/sdp');
    const init: ResponseInit = { toTag: this.#toTag, headers, ...(body === undefined ? {} : { body }) };
    return withServer(createResponse(this.request, status, init), this.#context.product);
  }
}

function headersOf(init: AnswerInit): Record<string, string> {
  return Object.fromEntries(new SipHeaders(init.headers));
}

import { withServer, type AgentContext } from './agent-context.js';
import { ChallengeAnswerer } from './challenge-answerer.js';
import { buildAck, buildRequest, noteRequest, noteResponse, refreshTarget, type Dialog } from './dialog.js';
import type { Credentials } from './digest.js';
import { Exchange } from './exchange.js';
import type { Destination } from './flow.js';
import { SipHeaders, type HeadersInit } from './headers.js';
import type { IncomingInvite } from './incoming-invite.js';
import { createResponse, type SipRequest, type SipResponse } from './message.js';
import type { ServerTransaction } from './transaction.js';

export type SessionEnd =
  | { readonly by: 'remote'; readonly request: SipRequest }
  | { readonly by: 'local'; readonly response: SipResponse | undefined }
  /** A request in the dialog got 408 or 481 (RFC 3261 12.2.1.2), or the agent was closed. */
  | { readonly by: 'lost' };

export interface InDialogRequest {
  readonly method: string;
  readonly headers?: HeadersInit;
  readonly body?: Buffer | string;
  readonly credentials?: Credentials;
}

/** Methods a session answers by itself or by its handlers. */
export const ALLOWED_METHODS = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, NOTIFY, UPDATE, REFER, MESSAGE';

/** An established call: an INVITE dialog and what happens in it. */
export class InviteSession {
  readonly dialog: Dialog;
  /** Resolves once, when the call is over, whichever side ended it. */
  readonly ended: Promise<SessionEnd>;
  /**
   * INFO, OPTIONS, NOTIFY, UPDATE, REFER … in the dialog: answer by `transaction.respond`. Unset:
   * OPTIONS 200, others 405.
   */
  onRequest: ((transaction: ServerTransaction) => void) | undefined;
  /** Unset: 488, which leaves the session as it is. */
  onReinvite: ((invite: IncomingInvite) => void) | undefined;
  readonly #context: AgentContext;
  /** Where the dialog came from: the way back when its target names no address. */
  readonly #origin: Destination;
  readonly #credentials: Credentials | undefined;
  #resolveEnded: (end: SessionEnd) => void = () => undefined;
  #isEnded = false;
  #bye: Promise<void> | undefined;

  constructor(context: AgentContext, dialog: Dialog, origin: Destination, credentials?: Credentials) {
    this.#context = context;
    this.dialog = dialog;
    this.#origin = origin;
    this.#credentials = credentials;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Where requests to the peer go now: by the dialog's routes and target. */
  get destination(): Destination {
    return this.#context.dialogDestination(this.dialog, this.#origin);
  }

  /**
   * INFO, UPDATE, … Resolves with the final response, a local one included; 481 without sending
   * once ended. Never rejects.
   */
  async request(init: InDialogRequest): Promise<SipResponse> {
    if (this.#isEnded) return this.#notSent(init);
    return this.#exchange(init);
  }

  /** A re-INVITE; the ACK is sent. Never rejects. */
  async reinvite(init: {
    readonly headers?: HeadersInit;
    readonly body: Buffer | string;
  }): Promise<SipResponse> {
    const headers = new SipHeaders(init.headers);
    if (!headers.has('Content-Type')) headers.set('Content-Type', 'application/sdp');
    return this.request({ method: 'INVITE', headers, body: init.body });
  }

  /**
   * Ends the call; resolves when BYE is answered or given up. A second call resolves with the
   * first. Never rejects.
   */
  bye(headers?: HeadersInit): Promise<void> {
    this.#bye ??= this.#sendBye(headers);
    return this.#bye;
  }

  /** For the user agent: a request in this dialog has come. */
  receive(transaction: ServerTransaction, beginReinvite: (session: InviteSession) => IncomingInvite): void {
    const { request } = transaction;
    const answer = (status: number, headers?: HeadersInit): void => {
      const response = createResponse(request, status, headers === undefined ? {} : { headers });
      transaction.respond(withServer(response, this.#context.product));
    };
    if (noteRequest(this.dialog, request) === 'out-of-order') {
      answer(500, { 'Retry-After': '1' });
    } else if (request.method === 'BYE') {
      answer(200);
      this.end({ by: 'remote', request });
    } else if (request.method === 'INVITE') {
      const { onReinvite } = this;
      if (onReinvite === undefined) answer(488);
      else if (!this.#context.guard(() => onReinvite(beginReinvite(this)))) answer(500);
    } else if (this.onRequest !== undefined) {
      const { onRequest } = this;
      refreshTarget(this.dialog, request); // its user refuses none that would move it
      if (!this.#context.guard(() => onRequest(transaction))) answer(500);
    } else {
      answer(request.method === 'OPTIONS' ? 200 : 405, { Allow: ALLOWED_METHODS });
    }
  }

  /** For the user agent: the call is over. */
  end(end: SessionEnd): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#resolveEnded(end);
  }

  async #sendBye(headers: HeadersInit | undefined): Promise<void> {
    if (this.#isEnded) return;
    const response = await this.#exchange({ method: 'BYE', ...(headers === undefined ? {} : { headers }) });
    this.end({ by: 'local', response });
  }

  async #exchange(init: InDialogRequest): Promise<SipResponse> {
    const exchange = new Exchange(this.#context, {
      destination: this.destination,
      answerer: new ChallengeAnswerer(init.credentials ?? this.#credentials),
      build: () => buildRequest(this.dialog, init),
      acknowledge: (response, request) => {
        noteResponse(this.dialog, response);
        return { ack: buildAck(this.dialog, request), destination: this.destination };
      },
    });
    const { response } = await exchange.result;
    noteResponse(this.dialog, response);
    // The peer knows nothing of this dialog any more (RFC 3261 12.2.1.2).
    if ((response.status === 408 || response.status === 481) && init.method !== 'BYE')
      this.end({ by: 'lost' });
    return response;
  }

  #notSent(init: InDialogRequest): SipResponse {
    return createResponse(buildRequest(this.dialog, init), 481);
  }
}

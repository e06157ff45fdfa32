/**
 * Requests from the network that an application has been told of and has not finally answered.
 */
import { randomUUID } from 'node:crypto';

import { tagOf } from '../../telephony/sip/name-addr.js';
import type { SipRequest } from '../../telephony/sip/message.js';
import type { ServerTransaction } from '../../telephony/sip/transaction.js';
import type { ControlSession } from './control-session.js';
import type { DialogRecord } from './dialogs.js';
import type { TracedMessage } from './frames.js';

export interface IncomingRequest {
  /** The transaction id the application knows it by. */
  readonly id: string;
  readonly transaction: ServerTransaction;
  readonly session: ControlSession;
  readonly traced: TracedMessage;
  /**
   * The dialog it came in; undefined for a request outside of dialogs and for one in an unanswered
   * call.
   */
  readonly record: DialogRecord | undefined;
  /** The dialog it came in or may found, under the application's id; empty for neither. */
  readonly dialogId: string;
  /** Called when it is no longer held. */
  readonly release?: () => void;
  /** Our To tag, from the first response that has one. */
  toTag: string | undefined;
}

/** Time an application has for its first answer, in milliseconds: that of the real server. */
export const ANSWER_TIMEOUT = 64_000;

/**
 * Requests held at a time, each for `ANSWER_TIMEOUT` at the most unless the application is at work
 * on it.
 */
const MAX_REQUESTS = 10_000;

export class IncomingRequests {
  readonly #byId = new Map<string, IncomingRequest>();
  readonly #byKey = new Map<string, IncomingRequest>();
  /** INVITEs outside of dialogs, by the dialog they may found. */
  readonly #invites = new Map<string, IncomingRequest>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #timeout: number;
  readonly #onTimeout: (request: IncomingRequest) => void;

  /** @param onTimeout the application has not answered in time; the request is no longer held */
  constructor(onTimeout: (request: IncomingRequest) => void, timeout = ANSWER_TIMEOUT) {
    this.#onTimeout = onTimeout;
    this.#timeout = timeout;
  }

  /** Requests held, and those of them that the application has not answered at all. */
  get held(): { readonly requests: number; readonly unanswered: number } {
    return { requests: this.#byId.size, unanswered: this.#timers.size };
  }

  /**
   * Makes room for one more: when all places are taken, the request goes that has waited longest
   * for a first answer. It is given to `refuse`, and no longer held. False when the application is
   * at work on all of them.
   */
  makeRoom(refuse: (request: IncomingRequest) => void): boolean {
    if (this.#byId.size < MAX_REQUESTS) return true;
    const [oldest] = this.#timers.keys();
    const request = oldest === undefined ? undefined : this.#byId.get(oldest);
    if (request === undefined) return false;
    this.remove(request);
    refuse(request);
    return true;
  }

  add(init: Omit<IncomingRequest, 'id' | 'toTag'>): IncomingRequest {
    const request: IncomingRequest = { ...init, id: randomUUID(), toTag: undefined };
    this.#byId.set(request.id, request);
    this.#byKey.set(init.transaction.key, request);
    if (isNewInvite(request)) this.#invites.set(request.dialogId, request);
    this.#arm(request);
    init.transaction.onTerminated = () => this.remove(request);
    return request;
  }

  get(id: string): IncomingRequest | undefined {
    return this.#byId.get(id);
  }

  ofTransaction(key: string): IncomingRequest | undefined {
    return this.#byKey.get(key);
  }

  /**
   * The unanswered INVITE that a request with these tags refers to: PRACK or UPDATE before the
   * answer.
   */
  inviteOf(request: SipRequest): IncomingRequest | undefined {
    const invite = this.#invites.get(dialogIdOf(request));
    return invite?.toTag === tagOf(request.headers.get('To')) ? invite : undefined;
  }

  /**
   * The application has given a provisional answer: how long the final one takes is its own affair.
   */
  inProgress(request: IncomingRequest): void {
    this.#disarm(request.id);
  }

  remove(request: IncomingRequest): void {
    this.#disarm(request.id);
    if (this.#byId.delete(request.id)) request.release?.();
    this.#byKey.delete(request.transaction.key);
    if (this.#invites.get(request.dialogId) === request) this.#invites.delete(request.dialogId);
  }

  /**
   * The application is gone. Nothing is answered now (neither does the real server), but what it
   * had in progress must not wait for ever.
   */
  orphan(session: ControlSession): void {
    for (const request of this.#byId.values()) {
      if (request.session === session && !this.#timers.has(request.id)) this.#arm(request);
    }
  }

  clear(): void {
    for (const request of this.#byId.values()) this.remove(request);
  }

  #arm(request: IncomingRequest): void {
    const timer = setTimeout(() => {
      this.remove(request);
      this.#onTimeout(request);
    }, this.#timeout);
    this.#timers.set(request.id, timer);
  }

  #disarm(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }
}

function isNewInvite(request: IncomingRequest): boolean {
  return request.record === undefined && request.transaction.request.method === 'INVITE';
}

/**
 * The id under which applications know the dialog that this request of the network founds.
 * `drachtio-srf` relies on the form.
 */
export function dialogIdOf(request: SipRequest): string {
  return applicationDialogId(request.headers.get('Call-ID') ?? '', tagOf(request.headers.get('From')) ?? '');
}

/** @param fromTag the tag of the side that sent the first INVITE or SUBSCRIBE of the dialog */
export function applicationDialogId(callId: string, fromTag: string): string {
  return `${callId};from-tag=${fromTag}`;
}

/**
 * Requests sent for applications that have no final response yet.
 */
import type { ClientTransaction } from '../../telephony/sip/transaction.js';
import type { ControlSession } from './control-session.js';
import type { DialogRecord } from './dialogs.js';

export interface OutgoingRequest {
  /** The transaction id the application knows it by. */
  readonly id: string;
  readonly session: ControlSession;
  /** The dialog it belongs to or may found, under the application's id; empty for neither. */
  readonly dialogId: string;
  /**
   * The latest transaction: another one follows when the first address of a name could not be
   * reached.
   */
  transaction: ClientTransaction | undefined;
  cancelled: boolean;
  /**
   * The dialog its 2xx founded; kept here because the 2xx may still be repeated when the dialog is
   * over.
   */
  founded: DialogRecord | undefined;
}

/**
 * Requests on their way at a time; a transaction lasts 64*T1 (32 s) at the most, an INVITE until it
 * is answered or given up.
 */
const MAX_REQUESTS = 10_000;

export class OutgoingRequests {
  readonly #byId = new Map<string, OutgoingRequest>();

  get full(): boolean {
    return this.#byId.size >= MAX_REQUESTS;
  }

  add(init: Pick<OutgoingRequest, 'id' | 'session' | 'dialogId'>): OutgoingRequest {
    const request: OutgoingRequest = {
      ...init,
      transaction: undefined,
      cancelled: false,
      founded: undefined,
    };
    this.#byId.set(request.id, request);
    return request;
  }

  get(id: string): OutgoingRequest | undefined {
    return this.#byId.get(id);
  }

  /**
   * The application's INVITE in that dialog that is still unanswered: a re-INVITE that a BYE must
   * cancel first.
   */
  inviteIn(dialogId: string): OutgoingRequest | undefined {
    for (const request of this.#byId.values()) {
      if (request.dialogId === dialogId && request.transaction?.request.method === 'INVITE') return request;
    }
    return undefined;
  }

  remove(request: OutgoingRequest): void {
    this.#byId.delete(request.id);
  }

  clear(): void {
    this.#byId.clear();
  }
}

import type { Destination, Flow } from './flow.js';
import type { SipRequest, SipResponse } from './message.js';

/** RFC 3261 17.1 and 17.2, with `accepted` of RFC 6026. */
export type TransactionState =
  'calling' | 'trying' | 'proceeding' | 'completed' | 'confirmed' | 'accepted' | 'terminated';

/**
 * Where a response came from: the network, or ourselves (408 after silence, 503 for a peer that
 * cannot be reached).
 */
export type ResponseOrigin =
  { readonly kind: 'network'; readonly flow: Flow; readonly bytes: Buffer } | { readonly kind: 'local' };

export interface ClientTransactionHandlers {
  /**
   * Every provisional response, and the final one once. Of an INVITE every 2xx, repeated ones too:
   * each must be acknowledged by the caller's ACK (RFC 3261 13.2.2.4). Exactly one final response
   * comes for sure, if need be a local one.
   */
  onResponse(response: SipResponse, origin: ResponseOrigin, transaction: ClientTransaction): void;
  onTerminated?(transaction: ClientTransaction): void;
}

/** A request of ours on its way. */
export interface ClientTransaction {
  readonly kind: 'client';
  /** RFC 3261 17.1.3: branch and CSeq method. */
  readonly key: string;
  /** As sent, with our Via on top. */
  readonly request: SipRequest;
  /** As sent. */
  readonly bytes: Buffer;
  readonly destination: Destination;
  readonly state: TransactionState;
}

/** A request of a peer's that waits for our answer, or has it. */
export interface ServerTransaction {
  readonly kind: 'server';
  /** RFC 3261 17.2.3: branch, sent-by and method. */
  readonly key: string;
  readonly request: SipRequest;
  /** As received. */
  readonly bytes: Buffer;
  readonly flow: Flow;
  readonly state: TransactionState;
  /** The last response given to {@link respond}, 100 included. */
  readonly lastResponse: SipResponse | undefined;
  /**
   * Sends a response. False, and nothing sent, when the transaction no longer takes it: a second
   * final response (except repeats of a 2xx to INVITE), or a provisional one after the final one.
   */
  respond(response: SipResponse): boolean;
  /** Called once when it is over. */
  onTerminated: (() => void) | undefined;
  /**
   * The ACK to a non-2xx final response has come (INVITE only). For traces: nothing needs to be
   * done.
   */
  onConfirmed: ((ack: SipRequest) => void) | undefined;
  /** No ACK to a non-2xx came within 64*T1, or the response could not be sent. */
  onFailed: ((error: Error) => void) | undefined;
}

/**
 * One target of a proxied request (RFC 3261 16.6): the client transaction there, its time limits,
 * and its final response.
 */
import type { Destination } from '../../telephony/sip/flow.js';
import { createResponse, type SipRequest, type SipResponse } from '../../telephony/sip/message.js';
import { newTag } from '../../telephony/sip/identifiers.js';
import type { ClientTransaction, ResponseOrigin } from '../../telephony/sip/transaction.js';
import type { TransactionLayer } from '../../telephony/sip/transactions.js';

export interface BranchOptions {
  readonly layer: TransactionLayer;
  /**
   * Milliseconds without any response, and without a final one, after which the branch is given up.
   */
  readonly provisionalTimeout: number | undefined;
  readonly finalTimeout: number | undefined;
  /** Every response but 100, our Via still on it. */
  readonly onResponse: (branch: ProxyBranch, response: SipResponse, origin: ResponseOrigin) => void;
  /**
   * A time limit passed: the next target may be tried. The branch's own final response still comes.
   */
  readonly onGivenUp: (branch: ProxyBranch) => void;
}

export class ProxyBranch {
  readonly uri: string;
  readonly #options: BranchOptions;
  #state: 'waiting' | 'active' | 'given-up' | 'done' = 'waiting';
  #transaction: ClientTransaction | undefined;
  #cancelled = false;
  #provisionalTimer: NodeJS.Timeout | undefined;
  #finalTimer: NodeJS.Timeout | undefined;
  /** The final response, when it has come. */
  final: SipResponse | undefined;

  constructor(uri: string, options: BranchOptions) {
    this.uri = uri;
    this.#options = options;
  }

  /** Not tried yet. */
  get waiting(): boolean {
    return this.#state === 'waiting';
  }

  /**
   * Its outcome is still waited for. A branch that was given up is not: its late failure interests
   * nobody.
   */
  get active(): boolean {
    return this.#state === 'active';
  }

  /** From now on this branch is being tried, though its target may still have to be looked up. */
  start(): void {
    this.#state = 'active';
  }

  /** Sends the request to where the target was found to be. */
  send(request: SipRequest, destination: Destination): void {
    if (this.#state !== 'active') return;
    const { layer, provisionalTimeout, finalTimeout } = this.#options;
    this.#provisionalTimer = this.#limit(provisionalTimeout);
    this.#finalTimer = this.#limit(finalTimeout);
    this.#transaction = layer.request(request, destination, {
      onResponse: (response, origin) => this.#receive(response, origin),
    });
    if (this.#cancelled && request.method === 'INVITE') layer.cancel(this.#transaction);
  }

  /** The target could not be found: as if it had answered so itself. */
  fail(request: SipRequest, status: number): void {
    this.#receive(createResponse(request, status, { toTag: newTag() }), { kind: 'local' });
  }

  /**
   * Cancels an INVITE under way; a target not yet tried is dropped. Its final response comes in the
   * usual way.
   */
  cancel(): void {
    this.#stopTimers();
    if (this.#state === 'waiting') this.#state = 'done';
    this.#cancelled = true;
    if (this.#transaction?.request.method === 'INVITE') this.#options.layer.cancel(this.#transaction);
  }

  close(): void {
    this.#stopTimers();
    this.#state = 'done';
  }

  #receive(response: SipResponse, origin: ResponseOrigin): void {
    clearTimeout(this.#provisionalTimer);
    if (response.status === 100) return;
    if (response.status >= 200) {
      this.#stopTimers();
      if (this.#state === 'active') this.final = response;
      this.#state = 'done';
    }
    this.#options.onResponse(this, response, origin);
  }

  #limit(timeout: number | undefined): NodeJS.Timeout | undefined {
    if (timeout === undefined) return undefined;
    return setTimeout(() => {
      if (this.#state !== 'active') return;
      this.#state = 'given-up';
      this.cancel();
      this.#options.onGivenUp(this);
    }, timeout);
  }

  #stopTimers(): void {
    clearTimeout(this.#provisionalTimer);
    clearTimeout(this.#finalTimer);
  }
}

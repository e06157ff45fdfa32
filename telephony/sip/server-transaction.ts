import { isStream, type Flow } from './flow.js';
import type { SipRequest, SipResponse } from './message.js';
import { serializeMessage } from './serialize.js';
import { TimerSet, type TransactionContext } from './transaction-context.js';
import type { ServerTransaction, TransactionState } from './transaction.js';
import { fallbackDestination, responseDestination } from './via-stamp.js';

/** What both kinds of server transaction have in common. */
export abstract class BaseServerTransaction implements ServerTransaction {
  readonly kind = 'server';
  readonly key: string;
  readonly request: SipRequest;
  readonly bytes: Buffer;
  readonly flow: Flow;
  onTerminated: (() => void) | undefined;
  onConfirmed: ((ack: SipRequest) => void) | undefined;
  onFailed: ((error: Error) => void) | undefined;
  protected readonly context: TransactionContext;
  protected readonly timers = new TimerSet();
  protected readonly isReliable: boolean;
  protected current: TransactionState;
  #lastResponse: SipResponse | undefined;
  #lastBytes: Buffer | undefined;

  constructor(
    context: TransactionContext,
    key: string,
    request: SipRequest,
    bytes: Buffer,
    flow: Flow,
    initial: TransactionState,
  ) {
    this.context = context;
    this.key = key;
    this.request = request;
    this.bytes = bytes;
    this.flow = flow;
    this.isReliable = isStream(flow.protocol);
    this.current = initial;
  }

  get state(): TransactionState {
    return this.current;
  }

  get lastResponse(): SipResponse | undefined {
    return this.#lastResponse;
  }

  abstract respond(response: SipResponse): boolean;

  /** The request has come again: the last response goes out again where this state wants it. */
  abstract receiveRepeat(): void;

  /** Makes room: the final response is out, so what is given up is its repetition, and the absorbing of late repeats. */
  terminateEarly(): void {
    if (this.current === 'completed' || this.current === 'confirmed') this.terminate();
  }

  /** Ends without telling anybody: the layer is closing. */
  abandon(): void {
    this.#end();
    this.onFailed = undefined;
  }

  protected sendResponse(response: SipResponse): void {
    this.#lastResponse = response;
    this.#lastBytes = serializeMessage(response);
    this.sendAgain();
  }

  protected sendAgain(): void {
    const bytes = this.#lastBytes;
    if (bytes === undefined) return;
    const { transport } = this.context;
    transport.send(bytes, responseDestination(this.request, this.flow), (error) => {
      // The connection is gone; the peer may still listen where its Via says (RFC 3261 18.2.2).
      const fallback = fallbackDestination(this.request, this.flow);
      if (fallback === undefined) this.fail(error);
      else transport.send(bytes, fallback, (second) => this.fail(second));
    });
  }

  /**
   * A challenge needs no state (RFC 3261 8.2.7): whoever did not get it asks again and is challenged again. Otherwise each request of a
   * stranger would be remembered for half a minute, and its answer repeated ten times, to whoever he says he is.
   */
  protected isStateless({ status }: SipResponse): boolean {
    return this.context.statelessChallenges && (status === 401 || status === 407);
  }

  protected fail(error: Error): void {
    this.context.guard(() => this.onFailed?.(error));
  }

  protected terminate(): void {
    if (this.current === 'terminated') return;
    this.#end();
    this.context.forget(this);
    this.context.guard(() => this.onTerminated?.());
  }

  #end(): void {
    this.current = 'terminated';
    this.timers.stopAll();
  }
}

/** RFC 3261 17.2.2, figure 8. */
export class NonInviteServerTransaction extends BaseServerTransaction {
  constructor(context: TransactionContext, key: string, request: SipRequest, bytes: Buffer, flow: Flow) {
    super(context, key, request, bytes, flow, 'trying');
  }

  override respond(response: SipResponse): boolean {
    if (this.current !== 'trying' && this.current !== 'proceeding') return false;
    this.current = response.status < 200 ? 'proceeding' : 'completed';
    this.sendResponse(response);
    if (response.status < 200) return true;
    if (this.isReliable || this.isStateless(response)) {
      this.terminate();
    } else {
      this.context.noteCompleted(this);
      this.timers.start('J', 64 * this.context.timers.t1, () => this.terminate());
    }
    return true;
  }

  override receiveRepeat(): void {
    if (this.current === 'proceeding' || this.current === 'completed') this.sendAgain();
  }
}

/** RFC 3261 17.2.1, figure 7, with the accepted state of RFC 6026 7.1. */
export class InviteServerTransaction extends BaseServerTransaction {
  constructor(context: TransactionContext, key: string, request: SipRequest, bytes: Buffer, flow: Flow) {
    super(context, key, request, bytes, flow, 'proceeding');
  }

  override respond(response: SipResponse): boolean {
    const { status } = response;
    const { t1 } = this.context.timers;
    if (this.current === 'accepted' && status >= 200 && status < 300) {
      this.sendResponse(response);
      return true;
    }
    if (this.current !== 'proceeding') return false;
    if (this.isStateless(response)) {
      this.sendResponse(response);
      this.terminate();
      return true;
    }
    if (status >= 300) {
      this.current = 'completed';
      this.context.noteCompleted(this);
      if (!this.isReliable) this.#repeatAfter(t1);
      this.timers.start('H', 64 * t1, () => {
        this.fail(new Error('no ACK'));
        this.terminate();
      });
    } else if (status >= 200) {
      this.current = 'accepted';
      this.timers.start('L', 64 * t1, () => this.terminate());
    }
    this.sendResponse(response);
    return true;
  }

  override receiveRepeat(): void {
    // A 2xx is repeated by its sender until the ACK comes, not by us (RFC 6026 7.1).
    if (this.current === 'proceeding' || this.current === 'completed') this.sendAgain();
  }

  /** False when the ACK is not for this transaction to absorb: it acknowledges a 2xx. */
  receiveAck(ack: SipRequest): boolean {
    if (this.current === 'accepted') return false;
    if (this.current === 'completed') {
      this.current = 'confirmed';
      this.timers.stop('G', 'H');
      this.context.guard(() => this.onConfirmed?.(ack));
      if (this.isReliable) this.terminate();
      else this.timers.start('I', this.context.timers.t4, () => this.terminate());
    }
    return true;
  }

  #repeatAfter(interval: number): void {
    this.timers.start('G', interval, () => {
      this.sendAgain();
      this.#repeatAfter(Math.min(2 * interval, this.context.timers.t2));
    });
  }
}

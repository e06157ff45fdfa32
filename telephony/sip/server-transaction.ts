import { isStream, type Flow } from './flow.js';
import { createResponse, type SipRequest, type SipResponse, serializeMessage } from './message.js';
import { tagOf } from './name-addr.js';
import { ResponseAllowance } from './response-allowance.js';
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
  readonly #allowance: ResponseAllowance;
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
    this.#allowance = new ResponseAllowance(bytes.length);
  }

  get state(): TransactionState {
    return this.current;
  }

  get lastResponse(): SipResponse | undefined {
    return this.#lastResponse;
  }

  abstract respond(response: SipResponse): boolean;

  /**
   * The request has come again, in so many bytes: the last response goes out again where this state
   * wants it.
   */
  receiveRepeat(bytes: number): void {
    const isAnswered = this.#allowance.receiveAgain(bytes);
    if (isAnswered && (this.current === 'proceeding' || this.current === 'completed')) this.sendAgain();
  }

  /**
   * Makes room: the final response is out, so what is given up is its repetition, and the absorbing
   * of late repeats.
   */
  terminateEarly(): void {
    if (this.current === 'completed' || this.current === 'confirmed') this.terminate();
  }

  /** Ends silently: the layer is closing. */
  abandon(): void {
    this.#end();
    this.onFailed = undefined;
  }

  /** Whether the sender of the request is known to be where it says it is. */
  protected get isProven(): boolean {
    return this.context.proven?.has(this.flow) ?? true;
  }

  protected sendResponse(response: SipResponse): void {
    const isFirst = response.status >= 200 && (this.#lastResponse?.status ?? 100) < 200;
    this.#lastResponse = response;
    this.#lastBytes = serializeMessage(response);
    if (!isFirst) return this.sendAgain();
    const isAllowed = this.#allowance.take(this.#lastBytes.length, 'first');
    // Who calls for help hears the answer at least once, however large it is; its size is that of
    // the called one's choice.
    const isAnswer = this.request.method === 'INVITE' && response.status < 300;
    if (isAllowed || isAnswer || this.isProven) this.#transmit(this.#lastBytes);
  }

  protected sendAgain(): void {
    const bytes = this.#lastBytes;
    if (bytes === undefined) return;
    if (this.#allowance.take(bytes.length, 'other') || this.isProven) this.#transmit(bytes);
  }

  #transmit(bytes: Buffer): void {
    const { transport } = this.context;
    transport.send(bytes, responseDestination(this.request, this.flow), (error) => {
      // The connection is gone; the peer may still listen where its Via says (RFC 3261 18.2.2).
      const fallback = fallbackDestination(this.request, this.flow);
      if (fallback === undefined) this.fail(error);
      else transport.send(bytes, fallback, (second) => this.fail(second));
    });
  }

  /**
   * A challenge needs no state (RFC 3261 8.2.7): a client that did not get it repeats its request
   * and is challenged again. Otherwise each request of a stranger would be kept for half a minute,
   * and its answer repeated ten times, to an address that may be forged.
   */
  protected isStateless({ status }: SipResponse): boolean {
    return this.context.proven !== undefined && (status === 401 || status === 407);
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
}

/** RFC 3261 17.2.1, figure 7, with the accepted state of RFC 6026 7.1. */
export class InviteServerTransaction extends BaseServerTransaction {
  /** A provisional response told the caller that the call goes on. */
  #isUnderWay = false;

  constructor(context: TransactionContext, key: string, request: SipRequest, bytes: Buffer, flow: Flow) {
    super(context, key, request, bytes, flow, 'proceeding');
  }

  /**
   * Answers 100 unless there is another answer soon: within 200 ms (RFC 3261 17.2.1), which is T1 *
   * 0.4. Until then the caller repeats its INVITE by itself, and so asks again for a refusal that
   * was lost and is not repeated to it.
   */
  tryLater(): void {
    this.timers.start('trying', 0.4 * this.context.timers.t1, () => {
      if (this.lastResponse === undefined) this.respond(createResponse(this.request, 100));
    });
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
    this.timers.stop('trying');
    this.#isUnderWay ||= status > 100 && status < 200;
    if (status >= 300) {
      this.current = 'completed';
      this.context.noteCompleted(this);
      // Who has proved nothing is refused once. A caller who was told that it rings somewhere does
      // not ask again: for the others the allowance is the limit.
      if (!this.isReliable && (this.isProven || this.#isUnderWay)) this.#repeatAfter(t1);
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

  /** False when the ACK is not for this transaction to absorb: it acknowledges a 2xx. */
  receiveAck(ack: SipRequest, flow: Flow): boolean {
    if (this.current === 'accepted') return false;
    if (this.current === 'completed') {
      this.current = 'confirmed';
      // The branch of an ACK can be forged with that of its INVITE; our tag cannot.
      const tag = tagOf(this.lastResponse?.headers.get('To'));
      const isOurs = tag !== undefined && tag !== tagOf(this.request.headers.get('To'));
      if (isOurs && tag === tagOf(ack.headers.get('To')))
        this.context.proven?.note(this.flow.remoteAddress, flow);
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

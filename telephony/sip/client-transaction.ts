import { isStream, targetOf, type Destination } from './flow.js';
import { newTag } from './identifiers.js';
import { createResponse, type SipRequest, type SipResponse, serializeMessage } from './message.js';
import { TimerSet, type TransactionContext } from './transaction-context.js';
import { clientKey } from './transaction-key.js';
import type {
  ClientTransaction,
  ClientTransactionHandlers,
  ResponseOrigin,
  TransactionState,
} from './transaction.js';

const LOCAL: ResponseOrigin = { kind: 'local' };

/**
 * What both kinds of client transaction have in common: sending, repeating, and ending with a
 * response in any case.
 */
export abstract class BaseClientTransaction implements ClientTransaction {
  readonly kind = 'client';
  readonly key: string;
  readonly request: SipRequest;
  readonly bytes: Buffer;
  readonly destination: Destination;
  readonly branch: string;
  protected readonly context: TransactionContext;
  protected readonly timers = new TimerSet();
  /** Nothing is repeated over a connection, and nothing repeated has to be absorbed. */
  protected readonly isReliable: boolean;
  protected current: TransactionState;
  readonly #handlers: ClientTransactionHandlers;
  #stopWatching: () => void = () => undefined;

  constructor(
    context: TransactionContext,
    request: SipRequest,
    branch: string,
    destination: Destination,
    handlers: ClientTransactionHandlers,
    initial: TransactionState,
  ) {
    this.context = context;
    this.request = request;
    this.branch = branch;
    this.key = clientKey(branch, request.method);
    this.bytes = serializeMessage(request);
    this.destination = destination;
    this.isReliable = isStream(destination.protocol);
    this.current = initial;
    this.#handlers = handlers;
  }

  get state(): TransactionState {
    return this.current;
  }

  /** Sends the request and starts the timers. */
  start(): void {
    const { t1 } = this.context.timers;
    this.#stopWatching = this.context.transport.watch(targetOf(this.destination), this.onSendFailure);
    this.send(this.bytes);
    if (!this.isReliable && !this.#isToStranger()) this.#repeatAfter(t1);
    this.timers.start('timeout', 64 * t1, () => this.finishLocally(408));
  }

  abstract receive(response: SipResponse, origin: ResponseOrigin): void;

  /** Ends at once, with a local response if there has been no final one: the layer is closing. */
  close(): void {
    this.finishLocally(503);
    this.#abandon();
  }

  #abandon(): void {
    this.current = 'terminated';
    this.timers.stopAll();
    this.#stopWatching();
  }

  /** The next interval of timer A or E, given the last one. */
  protected abstract nextInterval(last: number): number;

  protected send(bytes: Buffer): void {
    this.context.transport.send(bytes, this.destination, this.onSendFailure);
  }

  protected deliver(response: SipResponse, origin: ResponseOrigin): void {
    this.context.guard(() => this.#handlers.onResponse(response, origin, this));
  }

  /** A final response has come: what is left is to absorb its repeats. */
  protected stopRepeating(): void {
    this.timers.stop('repeat', 'timeout');
    this.#stopWatching();
  }

  protected terminate(): void {
    if (this.current === 'terminated') return;
    this.#abandon();
    this.context.forget(this);
    this.context.guard(() => this.#handlers.onTerminated?.(this));
  }

  /** Ends with a response made here, unless a final one has been delivered. */
  protected finishLocally(status: 408 | 487 | 503): void {
    if (this.current !== 'calling' && this.current !== 'trying' && this.current !== 'proceeding') return;
    this.current = 'completed';
    this.stopRepeating();
    this.deliver(createResponse(this.request, status, { toTag: newTag() }), LOCAL);
    this.terminate();
  }

  /**
   * Not before a response: who has answered once can be reached, whatever a late ICMP message says.
   */
  protected readonly onSendFailure = (): void => {
    if (this.current === 'calling' || this.current === 'trying') this.finishLocally(503);
  };

  /**
   * Over the flow of a request whose sender may be forged, nothing is repeated: it would all go to
   * the address that was forged.
   */
  #isToStranger(): boolean {
    return 'remoteAddress' in this.destination && this.context.proven?.has(this.destination) === false;
  }

  #repeatAfter(interval: number): void {
    this.timers.start('repeat', interval, () => {
      this.send(this.bytes);
      this.#repeatAfter(this.nextInterval(interval));
    });
  }
}

/** RFC 3261 17.1.2, figure 6. */
export class NonInviteClientTransaction extends BaseClientTransaction {
  constructor(
    context: TransactionContext,
    request: SipRequest,
    branch: string,
    destination: Destination,
    handlers: ClientTransactionHandlers,
  ) {
    super(context, request, branch, destination, handlers, 'trying');
  }

  override receive(response: SipResponse, origin: ResponseOrigin): void {
    if (this.current !== 'trying' && this.current !== 'proceeding') return;
    if (response.status < 200) {
      this.current = 'proceeding';
      this.deliver(response, origin);
      return;
    }
    this.current = 'completed';
    this.stopRepeating();
    this.deliver(response, origin);
    if (this.isReliable) this.terminate();
    else this.timers.start('K', this.context.timers.t4, () => this.terminate());
  }

  /** Timer E: doubles up to T2, and is T2 once a provisional response has come. */
  protected override nextInterval(last: number): number {
    const { t2 } = this.context.timers;
    return this.current === 'proceeding' ? t2 : Math.min(2 * last, t2);
  }
}

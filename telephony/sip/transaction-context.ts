import type { HeadersInit } from './headers.js';
import type { ProvenAddresses } from './proven-addresses.js';
import type { TransactionTimers } from './timers.js';
import type { ClientTransaction, ServerTransaction } from './transaction.js';
import type { SipTransport } from './transport.js';

/** What a transaction needs of the layer it lives in. */
export interface TransactionContext {
  readonly transport: SipTransport;
  readonly timers: TransactionTimers;
  /**
   * Those who have proved their address; undefined where all peers are trusted to be who they say.
   */
  readonly proven: ProvenAddresses | undefined;
  /** The transaction is over: forget it. */
  forget(transaction: ClientTransaction | ServerTransaction): void;
  /**
   * The final response is out; all that is left is to absorb repeats. May be ended early when room
   * is needed.
   */
  noteCompleted(transaction: ServerTransaction): void;
  /** Sends the CANCEL for an INVITE (RFC 3261 9.1). */
  sendCancel(invite: CancellableInvite, headers: HeadersInit | undefined): void;
  /** Runs a handler of the user's; what it throws goes to onFault. False when it threw. */
  guard(handler: () => void): boolean;
}

export interface CancellableInvite extends ClientTransaction {
  readonly branch: string;
}

/** The named timers of one transaction. */
export class TimerSet {
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /**
   * Starts or restarts the timer of that name. Unref'd: a waiting transaction alone keeps no
   * process alive.
   */
  start(name: string, delayMs: number, action: () => void): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, setTimeout(action, delayMs).unref());
  }

  stop(...names: string[]): void {
    for (const name of names) {
      clearTimeout(this.#timers.get(name));
      this.#timers.delete(name);
    }
  }

  stopAll(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}

import { parseCSeq, type SipMessage, type SipRequest, type SipResponse } from './message.js';
import type { Flow } from './flow.js';
import { tagOf } from './name-addr.js';
import { RFC_TIMERS, type TransactionTimers } from './timers.js';
import type { ServerTransaction } from './transaction.js';

export type AckOutcome =
  | { readonly kind: 'acknowledged'; readonly ack: SipRequest; readonly flow: Flow }
  /** None came within 64*T1: the session should be ended with BYE (RFC 3261 13.3.1.4). */
  | { readonly kind: 'timed-out' }
  /** close() or abandon() was called, or the response was refused by the transaction. */
  | { readonly kind: 'abandoned' };

interface Waiting {
  finish(outcome: AckOutcome): void;
}

/**
 * Repeats the 2xx to an INVITE, over UDP and TCP alike, until its ACK comes (RFC 3261 13.3.1.4).
 */
export class AcceptedInvites {
  readonly #timers: TransactionTimers;
  readonly #waiting = new Map<string, Waiting>();

  constructor(timers?: Partial<TransactionTimers>) {
    this.#timers = { ...RFC_TIMERS, ...timers };
  }

  /** Sends the 2xx and repeats it. Never rejects. */
  accept(invite: ServerTransaction, response: SipResponse): Promise<AckOutcome> {
    if (!invite.respond(response)) return Promise.resolve({ kind: 'abandoned' });
    const key = keyOf(response);
    return new Promise((resolve) => {
      const { t1, t2 } = this.#timers;
      let repeat: NodeJS.Timeout | undefined;
      const repeatAfter = (interval: number): void => {
        repeat = setTimeout(() => {
          invite.respond(response);
          repeatAfter(Math.min(2 * interval, t2));
        }, interval).unref();
      };
      const giveUp = setTimeout(() => waiting.finish({ kind: 'timed-out' }), 64 * t1).unref();
      const waiting: Waiting = {
        finish: (outcome) => {
          clearTimeout(repeat);
          clearTimeout(giveUp);
          if (this.#waiting.get(key) === waiting) this.#waiting.delete(key);
          resolve(outcome);
        },
      };
      this.#waiting.get(key)?.finish({ kind: 'abandoned' });
      this.#waiting.set(key, waiting);
      repeatAfter(t1);
    });
  }

  /**
   * Gives an ACK that the transaction layer passed up. True when a 2xx was waiting for it (false: a
   * repeated ACK, or a stranger's).
   */
  acknowledge(ack: SipRequest, flow: Flow): boolean {
    const waiting = this.#waiting.get(keyOf(ack));
    waiting?.finish({ kind: 'acknowledged', ack, flow });
    return waiting !== undefined;
  }

  /** Stops repeating that 2xx: the call was over before its ACK came. */
  abandon(response: SipResponse): void {
    this.#waiting.get(keyOf(response))?.finish({ kind: 'abandoned' });
  }

  /** Stops all repeats. */
  close(): void {
    for (const waiting of this.#waiting.values()) waiting.finish({ kind: 'abandoned' });
  }
}

/** An ACK has the dialog and the CSeq number of the INVITE it acknowledges. */
function keyOf({ headers }: SipMessage): string {
  const tags = `${tagOf(headers.get('From')) ?? ''} ${tagOf(headers.get('To')) ?? ''}`;
  return `${headers.get('Call-ID') ?? ''} ${tags} ${parseCSeq(headers.get('CSeq'))?.sequence ?? ''}`;
}

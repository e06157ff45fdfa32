import { BaseClientTransaction } from './client-transaction.js';
import { parseCSeq, EMPTY_BODY, type SipRequest, type SipResponse, serializeMessage } from './message.js';
import type { Destination } from './flow.js';
import { SipHeaders, type HeadersInit } from './headers.js';
import type { TransactionContext } from './transaction-context.js';
import type { ClientTransactionHandlers, ResponseOrigin } from './transaction.js';

/** RFC 3261 17.1.1, figure 5, with the accepted state of RFC 6026 7.2. */
export class InviteClientTransaction extends BaseClientTransaction {
  #ackBytes: Buffer | undefined;
  #onFirstProvisional: (() => void) | undefined;
  #isCancelled = false;

  constructor(
    context: TransactionContext,
    request: SipRequest,
    branch: string,
    destination: Destination,
    handlers: ClientTransactionHandlers,
  ) {
    super(context, request, branch, destination, handlers, 'calling');
  }

  override receive(response: SipResponse, origin: ResponseOrigin): void {
    switch (this.current) {
      case 'calling':
      case 'proceeding':
        if (response.status < 200) this.#proceed(response, origin);
        else if (response.status < 300) this.#accept(response, origin);
        else this.#complete(response, origin);
        return;
      case 'accepted':
        // Repeats of the 2xx, and those of other branches when a proxy forked: each wants an ACK
        // from our user.
        if (response.status >= 200 && response.status < 300) this.deliver(response, origin);
        return;
      case 'completed':
        if (response.status >= 300 && this.#ackBytes !== undefined) this.send(this.#ackBytes);
        return;
      case 'trying':
      case 'confirmed':
      case 'terminated':
    }
  }

  /**
   * Sends a CANCEL, once the peer has shown that it knows the INVITE (RFC 3261 9.1); 64*T1 later
   * the call counts as cancelled even if the peer says nothing.
   */
  cancel(headers?: HeadersInit): void {
    if (this.#isCancelled) return;
    if (this.current === 'calling') this.#onFirstProvisional = () => this.cancel(headers);
    if (this.current !== 'proceeding') return;
    this.#isCancelled = true;
    this.timers.stop('C');
    this.timers.start('cancelled', 64 * this.context.timers.t1, () => this.finishLocally(487));
    this.context.sendCancel(this, headers);
  }

  /** Timer A: doubles without bound; timer B ends it. */
  protected override nextInterval(last: number): number {
    return 2 * last;
  }

  #proceed(response: SipResponse, origin: ResponseOrigin): void {
    this.current = 'proceeding';
    this.stopRepeating();
    // Each provisional response starts timer C anew (RFC 3261 16.7 step 2); when it fires, the call
    // is cancelled (16.8).
    if (!this.#isCancelled) this.timers.start('C', this.context.timers.timerC, () => this.cancel());
    const onFirst = this.#onFirstProvisional;
    this.#onFirstProvisional = undefined;
    onFirst?.();
    this.deliver(response, origin);
  }

  #accept(response: SipResponse, origin: ResponseOrigin): void {
    this.current = 'accepted';
    this.#stopWaiting();
    this.timers.start('M', 64 * this.context.timers.t1, () => this.terminate());
    this.deliver(response, origin);
  }

  #complete(response: SipResponse, origin: ResponseOrigin): void {
    this.current = 'completed';
    this.#stopWaiting();
    this.#ackBytes = serializeMessage(ackFor(this.request, response));
    this.send(this.#ackBytes);
    this.deliver(response, origin);
    if (this.isReliable) this.terminate();
    else this.timers.start('D', this.context.timers.timerD, () => this.terminate());
  }

  #stopWaiting(): void {
    this.stopRepeating();
    this.timers.stop('C', 'cancelled');
    this.#onFirstProvisional = undefined;
  }
}

/**
 * The ACK to a final response other than 2xx (RFC 3261 17.1.1.3): the INVITE's branch, the
 * response's To.
 */
function ackFor(invite: SipRequest, response: SipResponse): SipRequest {
  const headers = new SipHeaders({
    Via: invite.headers.first('Via'),
    'Max-Forwards': '70',
    From: invite.headers.get('From'),
    To: response.headers.get('To'),
    'Call-ID': invite.headers.get('Call-ID'),
    CSeq: `${parseCSeq(invite.headers.get('CSeq'))?.sequence ?? 0} ACK`,
    Route: invite.headers.all('Route'),
  });
  return { kind: 'request', method: 'ACK', uri: invite.uri, headers, body: EMPTY_BODY };
}

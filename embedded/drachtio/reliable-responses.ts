/**
 * Provisional responses that must arrive (RFC 3262): repeated until the caller's PRACK. Sent when
 * the application asks for it by `Require: 100rel`.
 */
import { randomInt } from 'node:crypto';
import { parseCSeq, type SipRequest, type SipResponse } from '../../telephony/sip/message.js';
import { RFC_TIMERS, type TransactionTimers } from '../../telephony/sip/timers.js';
import type { IncomingRequest } from './incoming-requests.js';

interface Series {
  /** RSeq of the last one sent; counts up by one within an INVITE (RFC 3262 3). */
  sequence: number;
  timer: NodeJS.Timeout | undefined;
}

export class ReliableResponses {
  readonly #series = new Map<string, Series>();
  readonly #t1: number;

  constructor(timers?: Partial<TransactionTimers>) {
    this.#t1 = timers?.t1 ?? RFC_TIMERS.t1;
  }

  /**
   * Whether the application wants this response to be sent reliably, and whether the caller can do
   * it.
   */
  static wanted(invite: SipRequest, response: SipResponse): 'no' | 'yes' | 'unsupported' {
    const { status } = response;
    if (invite.method !== 'INVITE' || status <= 100 || status >= 200 || !lists(response, 'Require'))
      return 'no';
    return lists(invite, 'Supported') || lists(invite, 'Require') ? 'yes' : 'unsupported';
  }

  /**
   * Sends it with an RSeq and repeats it, at growing intervals, until PRACK, the final response or
   * 64*T1.
   */
  send(invite: IncomingRequest, response: SipResponse): boolean {
    const series = this.#series.get(invite.id) ?? { sequence: randomInt(1, 2 ** 30), timer: undefined };
    clearTimeout(series.timer);
    series.sequence += 1;
    this.#series.set(invite.id, series);
    response.headers.set('RSeq', series.sequence);
    const attempt = (interval: number, elapsed: number): boolean => {
      const sent = invite.transaction.respond(response);
      if (!sent || elapsed + interval > 64 * this.#t1) this.forget(invite);
      else series.timer = setTimeout(() => attempt(interval * 2, elapsed + interval), interval);
      return sent;
    };
    return attempt(this.#t1, 0);
  }

  /** Takes a PRACK; true when it acknowledges the last response sent to that INVITE. */
  acknowledge(invite: IncomingRequest, prack: SipRequest): boolean {
    const series = this.#series.get(invite.id);
    const [rseq, ...cseq] = (prack.headers.get('RAck') ?? '').split(/\s+/);
    const acknowledged = parseCSeq(cseq.join(' '));
    const expected = parseCSeq(invite.transaction.request.headers.get('CSeq'));
    if (series?.timer === undefined || Number(rseq) !== series.sequence) return false;
    if (acknowledged?.method !== 'INVITE' || acknowledged.sequence !== expected?.sequence) return false;
    clearTimeout(series.timer);
    series.timer = undefined;
    return true;
  }

  /** The INVITE is over, or has its final response. */
  forget(invite: IncomingRequest): void {
    clearTimeout(this.#series.get(invite.id)?.timer);
    this.#series.delete(invite.id);
  }

  close(): void {
    for (const { timer } of this.#series.values()) clearTimeout(timer);
    this.#series.clear();
  }
}

function lists(message: SipRequest | SipResponse, header: 'Supported' | 'Require'): boolean {
  return message.headers.all(header).some((tag) => tag.toLowerCase() === '100rel');
}

import { LRUCache } from 'lru-cache';

import type { Flow } from '../../telephony/sip/flow.js';
import { sourceKey } from '../../telephony/sip/source-key.js';
import { LeakyBuckets } from './leaky-buckets.js';

/** Of one phone, or whatever else speaks from one port: requests that came to nothing. */
const PER_FLOW = { most: 400, perSecond: 20 };
/**
 * Of all behind one address (IPv6: one /64): a site that comes back after a power cut is challenged
 * some hundred times at once.
 */
const PER_SOURCE = { most: 4000, perSecond: 200 };
/** A success of these shows a phone of ours, or a call for help. */
const PROVING: ReadonlySet<string> = new Set(['REGISTER', 'INVITE']);
/** Takes away the challenge, and one more. */
const SUCCESS = -2;
/** What is granted to anybody (OPTIONS); many a phone asks twice a minute to keep its way open. */
const HARMLESS = 0.5;
/**
 * Server failures that are the request's fault: a method that is unknown, another version, one that
 * is too large.
 */
const OF_THE_REQUEST: ReadonlySet<number> = new Set([501, 505, 513]);
/** Flows that had a success. */
const MAX_SUCCESSFUL = 20_000;

/**
 * Requests that came to nothing (challenged, refused, unknown), by the flow and by the address that
 * they came from. A success takes away what its own challenge cost, so that phones which get in,
 * however many, cost their address nothing. A flow that has had a success is judged by itself: a
 * stranger behind the same address does not shut out a phone that is at home there.
 */
export class SourcePenalties {
  readonly #flows = new LeakyBuckets(PER_FLOW);
  readonly #sources = new LeakyBuckets(PER_SOURCE);
  readonly #successful = new LRUCache<string, true>({ max: MAX_SUCCESSFUL });
  readonly #now: () => number;

  /** @param now milliseconds on a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether what comes from there is to be dropped. */
  isOver(flow: Flow): boolean {
    const key = flowKey(flow);
    const now = this.#now();
    if (this.#flows.isFull(key, now)) return true;
    return !this.#successful.has(key) && this.#sources.isFull(sourceKey(flow.remoteAddress), now);
  }

  /**
   * A request from there has its final answer. What is our own fault (5xx) is not held against a
   * flow that had a success.
   */
  note(flow: Flow, method: string, status: number): void {
    const key = flowKey(flow);
    const isOurFault = status >= 500 && status < 600 && !OF_THE_REQUEST.has(status);
    if (isOurFault && this.#successful.has(key)) return;
    const now = this.#now();
    const isTaken = status < 300;
    const isSuccess = isTaken && PROVING.has(method);
    if (isSuccess) this.#successful.set(key, true);
    const amount = isSuccess ? SUCCESS : isTaken ? HARMLESS : 1;
    this.#flows.add(key, amount, now);
    this.#sources.add(sourceKey(flow.remoteAddress), amount, now);
  }
}

function flowKey({ protocol, remoteAddress, remotePort }: Flow): string {
  return `${protocol}/${remoteAddress}/${remotePort}`;
}

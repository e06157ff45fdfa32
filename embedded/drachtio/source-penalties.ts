import type { Flow } from '../../telephony/sip/flow.js';
import { sourceKey } from '../../telephony/sip/source-key.js';

/** What came of nothing, at a time: then a source is not listened to until some of it has been forgotten. */
interface Allowance {
  readonly most: number;
  /** How much is forgotten in a second. */
  readonly perSecond: number;
}

/** A phone, or whoever else speaks from one port. */
const PER_FLOW: Allowance = { most: 400, perSecond: 20 };
/** Everybody behind one address (IPv6: one /64): a site that comes back after a power cut is challenged some hundred times at once. */
const PER_SOURCE: Allowance = { most: 4000, perSecond: 200 };
/** Nobody who is no phone of ours, or calls for help, has a success with these. */
const PROVING: ReadonlySet<string> = new Set(['REGISTER', 'INVITE']);
/** Takes away the challenge, and one more. */
const SUCCESS = -2;
/** What anybody may ask (OPTIONS); many a phone does so twice a minute to keep its way open. */
const HARMLESS = 0.5;
/** Flows, and sources, that are remembered. */
const MAX_REMEMBERED = 20_000;

interface Penalty {
  amount: number;
  at: number;
}

/**
 * Requests that came of nothing (challenged, refused, unknown), by the flow and by the address that they came from. A success takes away what its
 * own challenge cost, so that phones which get in, however many, cost their address nothing. A flow that has had a success is judged by itself:
 * a stranger behind the same address does not shut out a phone that is at home there.
 */
export class SourcePenalties {
  readonly #flows = new Penalties(PER_FLOW);
  readonly #sources = new Penalties(PER_SOURCE);
  /** In the order of the last success. */
  readonly #successful = new Set<string>();
  readonly #now: () => number;

  /** @param now milliseconds on a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether what comes from there is to be dropped. */
  isOver(flow: Flow): boolean {
    const key = flowKey(flow);
    const now = this.#now();
    if (this.#flows.isOver(key, now)) return true;
    return !this.#successful.has(key) && this.#sources.isOver(sourceKey(flow.remoteAddress), now);
  }

  /** A request from there has its final answer. What is our own fault (5xx) is not held against anybody. */
  note(flow: Flow, method: string, status: number): void {
    if (status >= 500) return;
    const key = flowKey(flow);
    const now = this.#now();
    const isTaken = status < 300;
    const isSuccess = isTaken && PROVING.has(method);
    if (isSuccess) this.#remember(key);
    const amount = isSuccess ? SUCCESS : isTaken ? HARMLESS : 1;
    this.#flows.add(key, amount, now);
    this.#sources.add(sourceKey(flow.remoteAddress), amount, now);
  }

  #remember(key: string): void {
    this.#successful.delete(key);
    this.#successful.add(key);
    if (this.#successful.size > MAX_REMEMBERED) forgetFirst(this.#successful);
  }
}

/** What is held against whom; it wears off. */
class Penalties {
  readonly #byKey = new Map<string, Penalty>();
  readonly #allowance: Allowance;

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  isOver(key: string, now: number): boolean {
    const penalty = this.#byKey.get(key);
    return penalty !== undefined && this.#left(penalty, now) >= this.#allowance.most;
  }

  add(key: string, amount: number, now: number): void {
    const penalty = this.#byKey.get(key);
    const total = Math.max(0, (penalty === undefined ? 0 : this.#left(penalty, now)) + amount);
    this.#byKey.delete(key);
    if (total === 0) return;
    this.#byKey.set(key, { amount: total, at: now });
    if (this.#byKey.size > MAX_REMEMBERED) forgetFirst(this.#byKey);
  }

  #left({ amount, at }: Penalty, now: number): number {
    return Math.max(0, amount - ((now - at) / 1000) * this.#allowance.perSecond);
  }
}

function forgetFirst(
  table: Pick<Map<string, unknown>, 'delete'> & { keys(): IterableIterator<string> },
): void {
  for (const key of table.keys()) {
    table.delete(key);
    return;
  }
}

function flowKey({ protocol, remoteAddress, remotePort }: Flow): string {
  return `${protocol}/${remoteAddress}/${remotePort}`;
}

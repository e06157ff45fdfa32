import { randomUUID } from 'node:crypto';
import { sourceText } from '../../src/domain/prefix.js';
import type { EmergencyReport } from '../../src/contract/messages.js';
import type { EmergencyReports } from './emergency-reports.js';

/**
 * In an hour, of callers who are not known: calls that are reported one by one, of one source and
 * in all.
 */
const WINDOW_MS = 3_600_000;
const PER_SOURCE = 20;
const IN_ALL = 200;
/**
 * The others are reported together, as often as that: by source and outcome, for so many of these;
 * the rest as one.
 */
const FLUSH_MS = 300_000;
const MAX_KEYS = 50;

/**
 * Reports emergency calls of callers who are not known. Each is an event in the audit log, and a
 * stranger can make any number: so the first ones are reported one by one, and those that follow
 * are counted. No call is refused for that.
 */
export class CoalescedReports {
  /** Calls that were reported one by one in this window, by source. */
  readonly #told = new Map<string, number>();
  #toldInAll = 0;
  #windowEndsAt = 0;
  readonly #counted = new Map<string, { last: EmergencyReport; count: number }>();
  #timer: NodeJS.Timeout | undefined;

  /** @param now a clock that only goes forward, in milliseconds. */
  constructor(
    private readonly reports: Pick<EmergencyReports, 'add'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether it was reported by itself: then its end is, too. */
  add(report: EmergencyReport): boolean {
    const source = sourceText(report.source.address) ?? '';
    if (this.now() >= this.#windowEndsAt) this.#begin();
    const told = this.#told.get(source) ?? 0;
    if (told < PER_SOURCE && this.#toldInAll < IN_ALL) {
      this.#told.set(source, told + 1);
      this.#toldInAll += 1;
      this.reports.add({ kind: 'call', report });
      return true;
    }
    this.#count(`${source} ${report.outcome}`, report);
    return false;
  }

  /** Reports what has been counted so far. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { last, count } of this.#counted.values())
      this.reports.add({ kind: 'call', report: { ...last, id: randomUUID(), count } });
    this.#counted.clear();
  }

  #begin(): void {
    this.#told.clear();
    this.#toldInAll = 0;
    this.#windowEndsAt = this.now() + WINDOW_MS;
  }

  #count(own: string, last: EmergencyReport): void {
    const key = this.#counted.has(own) || this.#counted.size < MAX_KEYS ? own : 'the rest';
    this.#counted.set(key, { last, count: (this.#counted.get(key)?.count ?? 0) + 1 });
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }
}

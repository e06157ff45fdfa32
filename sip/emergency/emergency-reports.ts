import type { Logger } from 'pino';
import type { EmergencyEnd, EmergencyReport } from '../../src/contract/messages.js';
import { InternalAppUnavailable, type InternalClient } from '../internal-client.js';
import { errorText } from '../sip-messages.js';
import { pause, within } from '../time-limit.js';

export type EmergencyNews = { kind: 'call'; report: EmergencyReport } | { kind: 'end'; report: EmergencyEnd };

/** What cannot be told is kept, as many and no more; the log has them all. */
const MAX_WAITING = 1000;
/**
 * Pauses before the internal app is told again: the first that fail follow quickly, then it is
 * asked as often as a heartbeat.
 */
const PAUSES_MS = [250, 500, 1000, 2000, 4000] as const;

/**
 * Tells the internal app what became of emergency calls, one after the other, for as long as it
 * takes: a call that was made while its database was down is in the audit log afterwards.
 */
export class EmergencyReports {
  readonly #waiting: EmergencyNews[] = [];
  readonly #stopped = new AbortController();
  #telling: Promise<void> | null = null;

  constructor(
    private readonly internal: Pick<InternalClient, 'reportEmergency' | 'reportEmergencyEnd'>,
    private readonly log: Logger,
  ) {}

  add(news: EmergencyNews): void {
    if (this.#stopped.signal.aborted) return this.#giveUp(news, 'the application ends');
    this.#waiting.push(news);
    if (this.#waiting.length > MAX_WAITING) this.#giveUp(this.#waiting.shift(), 'too many wait');
    this.#telling ??= this.#tellAll();
  }

  /** Waits until all has been told, but no longer than this. What is left is only in the log. */
  async close(limitMs: number): Promise<void> {
    // the log says of each that it was not told
    await within(limitMs, 'telling', this.#telling ?? Promise.resolve()).catch(() => undefined);
    this.#stopped.abort();
    for (const news of this.#waiting.splice(0)) this.#giveUp(news, 'the application ends');
  }

  async #tellAll(): Promise<void> {
    for (let failures = 0; this.#waiting.length > 0 && !this.#stopped.signal.aborted;) {
      const [news] = this.#waiting;
      if (news === undefined) break;
      const outcome = await this.#tell(news);
      if (outcome !== 'later') {
        this.#forget(news);
        failures = 0;
        continue;
      }
      await pause(PAUSES_MS[failures] ?? PAUSES_MS[PAUSES_MS.length - 1] ?? 0, this.#stopped.signal);
      failures += 1;
    }
    this.#telling = null;
  }

  async #tell(news: EmergencyNews): Promise<'told' | 'refused' | 'later'> {
    try {
      if (news.kind === 'call') await this.internal.reportEmergency(news.report);
      else await this.internal.reportEmergencyEnd(news.report);
      return 'told';
    } catch (error) {
      const status = error instanceof InternalAppUnavailable ? error.status : null;
      if (status !== null && status >= 400 && status < 500 && status !== 401) {
        this.#giveUp(news, errorText(error));
        return 'refused'; // it would be again
      }
      this.log.warn({ reason: errorText(error) }, 'an emergency call cannot be reported yet');
      return 'later';
    }
  }

  /**
   * While it was being told, more may have come, and the oldest, this one perhaps, been given up.
   */
  #forget(news: EmergencyNews): void {
    const at = this.#waiting.indexOf(news);
    if (at !== -1) this.#waiting.splice(at, 1);
  }

  #giveUp(news: EmergencyNews | undefined, reason: string): void {
    if (news !== undefined) this.log.error({ ...news, reason }, 'an emergency call is not reported');
  }
}

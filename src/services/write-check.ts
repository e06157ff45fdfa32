import { findWriteFault } from '../store/data-dir.js';
import { tryToWrite } from '../store/installation.js';
import { addSeconds } from '../domain/time.js';
import type { ServiceContext } from './context.js';

/** Asked more often, it says what it found last: each look costs a write, and anybody may ask. */
const LOOK_EVERY_SECONDS = 5;

/** Finds out whether what is written is kept: a database that only answers is of no use to a phone. */
export class WriteCheck {
  #last: { until: Date; problem: string | null } | null = null;

  /** `dataDir`: where the embedded database is; null when there is none. */
  constructor(
    private readonly context: Pick<ServiceContext, 'store' | 'clock' | 'log'>,
    private readonly dataDir: string | null,
  ) {}

  /** What is wrong, in a sentence for the operator; null when all is well. */
  async problem(): Promise<string | null> {
    const now = this.context.clock.now();
    if (
      this.#last !== null &&
      this.#last.until > now &&
      addSeconds(now, LOOK_EVERY_SECONDS) >= this.#last.until
    )
      return this.#last.problem;
    const problem = await this.#look(now);
    this.#last = { problem, until: addSeconds(now, LOOK_EVERY_SECONDS) };
    return problem;
  }

  async #look(now: Date): Promise<string | null> {
    // Before the database is asked: one that finds its disk full may not survive it.
    const fault = this.dataDir === null ? null : await findWriteFault(this.dataDir);
    if (fault !== null) return fault;
    try {
      await tryToWrite(this.context.store.db, now);
      return null;
    } catch (error) {
      this.context.log.warn({ err: error }, 'not ready: the database cannot be written');
      return 'The database cannot be written.';
    }
  }
}

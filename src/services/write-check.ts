import { findWriteFault } from '../store/data-dir.js';
import { tryToWrite } from '../store/installation.js';
import type { ServiceContext } from './context.js';

/**
 * Asked more often, it says what it found last: each look costs a write, and /readyz needs no key.
 */
const LOOK_EVERY_MS = 5_000;

/**
 * Finds out whether what is written is kept: a database that only answers is of no use to a phone.
 */
export class WriteCheck {
  #found: { at: Date; problem: string | null } | null = null;
  #looking: Promise<string | null> | null = null;

  /** `dataDir`: where the embedded database is; null when there is none. */
  constructor(
    private readonly context: Pick<ServiceContext, 'store' | 'clock' | 'log'>,
    private readonly dataDir: string | null,
  ) {}

  /** What is wrong, in a sentence for the operator; null when all is well. */
  async problem(): Promise<string | null> {
    const now = this.context.clock.now();
    const age = this.#found === null ? null : Math.abs(now.getTime() - this.#found.at.getTime());
    if (this.#found !== null && age !== null && age < LOOK_EVERY_MS) return this.#found.problem;
    this.#looking ??= this.#look(now)
      .then((problem) => {
        this.#found = { at: now, problem };
        return problem;
      })
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
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

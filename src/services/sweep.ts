import type { Logger } from 'pino';

const EVERY_MS = 1000;

/**
 * A state that ends at a time, and has to be looked for. Answers whether there is more to do at
 * once.
 */
export interface Lapse {
  /** For the log: what could not be ended. */
  what: string;
  look: () => Promise<boolean>;
}

/**
 * Looks every second, unless told otherwise, for what has lapsed, until stopped. Only phones, lists
 * and the audit log need it: what is read between two looks is judged by its time, and right
 * without. Several instances may watch the same database.
 */
export function startSweep(
  log: Logger,
  lapses: readonly Lapse[],
  everyMilliseconds = EVERY_MS,
): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    let isMore = false;
    let hasFailed = false;
    for (const lapse of lapses) {
      if (stopped) return;
      try {
        isMore = (await lapse.look()) || isMore;
      } catch (error) {
        hasFailed = true;
        log.error({ err: error, what: lapse.what }, 'what has lapsed could not be ended; tried again soon');
      }
    }
    // What failed, as without a database, fails again at once: no log needs to hear that more
    // often.
    const pause = hasFailed ? Math.max(EVERY_MS, everyMilliseconds) : everyMilliseconds;
    if (!stopped) lookIn(isMore && !hasFailed ? 0 : pause);
  };
  const lookIn = (milliseconds: number): void => {
    timer = setTimeout(() => {
      round = look();
    }, milliseconds);
  };
  lookIn(everyMilliseconds);

  return {
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await round;
    },
  };
}

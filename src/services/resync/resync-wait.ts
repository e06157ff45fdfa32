import { FARTHEST_SECONDS } from '../../domain/resync.js';
import type { DueResync } from '../../contract/messages.js';
import { RESYNCS_CHANNEL } from '../../store/notify.js';
import { nextResyncDue } from '../../store/resyncs.js';
import { WakeSignal } from '../wake-signal.js';
import type { ServiceContext } from '../context.js';
import { takeDueResyncs } from './due-resyncs.js';

/** What is due and still there is just being taken by another instance. */
const TAKEN_BY_ANOTHER_MS = 100;

/**
 * Answers the resyncs that are due, as soon as there are any; an empty list after `waitSeconds`, or
 * when `signal` aborts. In between nothing is asked of the database: NOTIFY wakes, and so does the
 * time at which the next one is due.
 */
export async function waitForDueResyncs(
  context: ServiceContext,
  waitSeconds: number,
  signal: AbortSignal,
): Promise<DueResync[]> {
  const deadline = performance.now() + waitSeconds * 1000;
  const wakeSignal = new WakeSignal();
  const ring = (): void => {
    wakeSignal.raise();
  };
  signal.addEventListener('abort', ring, { once: true });
  // Before the first look, so that nothing falls in between.
  const unlisten = await context.store.listen(RESYNCS_CHANNEL, ring);
  try {
    while (!signal.aborted) {
      const due = await takeDueResyncs(context);
      const remaining = deadline - performance.now();
      if (due.length > 0 || remaining <= 0) return due;
      await wakeSignal.wait(Math.min(remaining, await millisecondsToNext(context)));
    }
    return [];
  } finally {
    signal.removeEventListener('abort', ring);
    await unlisten();
  }
}

async function millisecondsToNext(context: ServiceContext): Promise<number> {
  const next = await nextResyncDue(context.store.db);
  if (next === null) return Infinity;
  const milliseconds = next.getTime() - context.clock.now().getTime();
  // the clock has stepped back: it is due
  const isImpossible = milliseconds > FARTHEST_SECONDS * 1000;
  return isImpossible ? TAKEN_BY_ANOTHER_MS : Math.max(milliseconds, TAKEN_BY_ANOTHER_MS);
}

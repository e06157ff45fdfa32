import { setTimeout as sleep } from 'node:timers/promises';
import { afterWaiting } from './awaited-time.js';

/** Something that was waited for did not come in time. */
export class TimeLimitExceeded extends Error {
  constructor(what: string, milliseconds: number) {
    super(`${what}: nothing within ${milliseconds} ms`);
    this.name = 'TimeLimitExceeded';
  }
}

/**
 * Waits for a promise, but no longer than `milliseconds` of awaited time (awaited-time.ts); then
 * rejects with TimeLimitExceeded. Of what the promise does afterwards a rejection is swallowed and
 * a value dropped (or given to `late`, which may have to dispose of it).
 */
export async function within<T>(
  milliseconds: number,
  what: string,
  promise: Promise<T>,
  late?: (value: T) => void,
): Promise<T> {
  let end: (() => void) | undefined;
  let expired = false;
  const limit = new Promise<never>((_resolve, reject) => {
    end = afterWaiting(milliseconds, () => {
      expired = true;
      reject(new TimeLimitExceeded(what, milliseconds));
    });
  });
  const disposal = promise.then((value) => (expired ? late?.(value) : undefined));
  disposal.catch(() => undefined); // the race below reports a rejection that comes in time
  try {
    return await Promise.race([promise, limit]);
  } finally {
    end?.();
  }
}

/** Waits; resolves early, and without an error, when the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The promise's value, or undefined as soon as the signal is aborted. */
export function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    // in either case: a rejection is handled here only
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/**
 * A signal that is aborted with the first of others, or after an awaited time (awaited-time.ts).
 * AbortSignal.any and AbortSignal.timeout would do, but what they leave behind on a signal that
 * lives as long as the process is never cleared, and a timeout that only they refer to may be
 * collected.
 */
export function firstOf(
  signals: readonly AbortSignal[],
  milliseconds?: number,
): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const end = milliseconds === undefined ? undefined : afterWaiting(milliseconds, abort);
  for (const signal of signals) {
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  }
  const release = (): void => {
    end?.();
    for (const signal of signals) signal.removeEventListener('abort', abort);
  };
  return { signal: controller.signal, release };
}

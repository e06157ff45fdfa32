/** Waits for the thing itself instead of for a guessed time. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** Limit in ms: generous, since a loaded machine is no failure. */
  within?: number;
  /** Pause between two looks in ms. */
  every?: number;
  /** What is waited for; completes "waited 5000 ms for …". */
  what?: string;
}

/**
 * Looks again and again until it sees something, and returns what it saw.
 *
 * @param look anything but false, null and undefined ends the waiting; what it throws ends it too
 * @throws when the limit passes first, also while a look is under way
 */
export async function until<T>(
  look: () => T | Promise<T>,
  { within = 60_000, every = 20, what = 'it' }: Patience = {},
): Promise<Exclude<T, false | null | undefined>> {
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(), within);
  const expired = once(timeUp.signal, 'abort').then(() => {
    throw new Error(`waited ${within} ms for ${what} in vain`);
  });
  expired.catch(() => {}); // Raced below; after a success its rejection is not awaited.
  try {
    for (;;) {
      const seen = await Promise.race([look(), expired]);
      if (isSomething(seen)) return seen;
      await Promise.race([sleep(every), expired]);
    }
  } finally {
    clearTimeout(timer);
  }
}

function isSomething<T>(value: T): value is Exclude<T, false | null | undefined> {
  return value !== false && value !== null && value !== undefined;
}

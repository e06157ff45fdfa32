import { setTimeout as pause } from 'node:timers/promises';
import type { UnknownDevices } from '../domain/unknown-devices.js';

/** What of an answer could tell by its time whether there is such a device. */
export interface TimedAnswer {
  status: number;
  /** Whether the phone came with a token of its own: then it knows that there is. */
  isHeld: boolean;
}

/**
 * More than it takes to find out that there is no such device; and, where unknown phones are given
 * decoys, to make one and its token.
 */
const NOT_FOUND_STEP_MILLISECONDS = 40;
const DECOY_STEP_MILLISECONDS = 100;

/**
 * In which steps an answer goes out; 0: as soon as it is there. What would tell is that there is
 * nothing, and what was made for whom.
 */
export function stepOf({ status, isHeld }: TimedAnswer, mode: UnknownDevices): number {
  // Whoever asks too often is told so before anything is looked up, and is not to keep us busy.
  if (status === 429) return 0;
  if (mode === 'decoy' && !isHeld) return DECOY_STEP_MILLISECONDS;
  return status === 404 ? NOT_FOUND_STEP_MILLISECONDS : 0;
}

/**
 * Holds an answer that would tell back until the next whole step since the request came
 * (`performance.now()`), so that its time says nothing of what was looked up or made for it. A
 * timer is all that it costs: nonsense burdens the database with nothing.
 */
export async function holdBack(answer: TimedAnswer, mode: UnknownDevices, startedAt: number): Promise<void> {
  const step = stepOf(answer, mode);
  if (step === 0) return;
  await pause(Math.ceil(step - ((performance.now() - startedAt) % step)));
}

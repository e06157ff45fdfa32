import { setTimeout as pause } from 'node:timers/promises';
import type { UnknownDevices } from '../domain/unknown-devices.js';

/**
 * Inputs that decide how long an answer is delayed, so that its timing does not reveal whether a
 * device exists.
 */
export interface TimingInputs {
  status: number;
  /** Whether the phone presented a token of the device: then it knows that the device exists. */
  isHeld: boolean;
}

/**
 * More than the look-up of a device takes; and more than it takes to create a decoy and its token.
 */
const NOT_FOUND_STEP_MS = 40;
const DECOY_STEP_MS = 100;

/** The step, in milliseconds, to whose multiples an answer is delayed; 0: it is not delayed. */
export function paddingStepMs({ status, isHeld }: TimingInputs, mode: UnknownDevices): number {
  // A throttled fetch is answered before the look-up, and must not cost a timer.
  if (status === 429) return 0;
  if (mode === 'decoy' && !isHeld) return DECOY_STEP_MS;
  return status === 404 ? NOT_FOUND_STEP_MS : 0;
}

/**
 * Delays an answer until the next whole step since the request came (`startedAt`, by
 * `performance.now()`), against the timing oracle. It costs a timer, and nothing of the database.
 */
export async function padTiming(
  answer: TimingInputs,
  mode: UnknownDevices,
  startedAt: number,
): Promise<void> {
  const step = paddingStepMs(answer, mode);
  if (step === 0) return;
  await pause(Math.ceil(step - ((performance.now() - startedAt) % step)));
}

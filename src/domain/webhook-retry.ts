import { addSeconds } from './time.js';

const DAY_SECONDS = 86_400;

/** A delivery that has failed for so long is dead: nothing more is tried unless it is replayed. */
export const GIVE_UP_SECONDS = 3 * DAY_SECONDS;

const FIRST_SECONDS = 10;
const FACTOR = 4;
const LONGEST_SECONDS = 6 * 3600;

/** Half of it on either side: what failed together is not tried again together. */
const JITTER = 0.5;

/**
 * When a delivery is tried again that has failed `tries` times: after about 10 s, 40 s, 3 min, …
 * and at last every 6 h, for three days after it was begun, and a last time at their end. null:
 * that was the last time.
 *
 * @param random from 0 up to 1
 */
export function nextAttemptAt(
  { tries, begunAt }: { tries: number; begunAt: Date },
  now: Date,
  random: number,
): Date | null {
  const end = addSeconds(begunAt, GIVE_UP_SECONDS);
  if (now >= end) return null;
  const seconds = Math.min(FIRST_SECONDS * FACTOR ** (tries - 1), LONGEST_SECONDS);
  const next = addSeconds(now, seconds * (1 + JITTER * (random - 0.5)));
  return next < end ? next : end;
}

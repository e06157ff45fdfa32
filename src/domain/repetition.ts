/**
 * Events that strangers can cause again and again: which of them are written. The log
 * is kept for good, so a stranger must not be able to fill it; the first line says what happened,
 * and the count that comes with a later one how often.
 */
import { addSeconds } from './time.js';

/**
 * A line that says the same is written again after so long, with the number of those that were not.
 */
export const REPEAT_SECONDS = 3600;

/**
 * Lines that are written within that time because something changed in between, and changed back.
 */
export const TOLD_IN_A_ROW = 3;

/**
 * Addresses about which one line each is written within that time; from further addresses one line
 * is written for all of them.
 */
export const MAX_TOLD_SOURCES = 16;

/** What is remembered of a line. */
export interface Repetition {
  toldAt: Date;
  /** Lines that were written since there was last none for `REPEAT_SECONDS`. */
  told: number;
  /** Repetitions since `toldAt` that were not written. */
  untold: number;
}

/**
 * `line`: whether it is written, and with how many untold repetitions; `after`: what is remembered
 * then.
 */
export interface Telling {
  line: { repeated: number } | null;
  after: Repetition;
}

/**
 * Whether a line is written at `now` that has come `times` times. `isChange`: something else was
 * written of the same subject since. A time ahead of `now` is a clock that was set back: it
 * silences nothing.
 */
export function tell(before: Repetition | null, isChange: boolean, times: number, now: Date): Telling {
  const more = times - 1;
  if (before === null) return { line: { repeated: 0 }, after: { toldAt: now, told: 1, untold: more } };
  const { toldAt, told, untold } = before;
  const isDue = toldAt > now || addSeconds(toldAt, REPEAT_SECONDS) <= now;
  if (isDue) return { line: { repeated: untold }, after: { toldAt: now, told: 1, untold: more } };
  if (isChange && told < TOLD_IN_A_ROW)
    return { line: { repeated: untold }, after: { toldAt: now, told: told + 1, untold: more } };
  return { line: null, after: { toldAt, told, untold: untold + times } };
}

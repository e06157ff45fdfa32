import { HOURS_STEP, MAX_SPOKEN_DAYS, MINUTES_STEP, type PromptName } from './prompt-names.js';

const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * "Please try again in one hour and five minutes": the recordings that say so, one after the other.
 * Each holds a number together with its noun ("in zwei Tagen", "za dwie minuty"), so that a
 * language's grammar is in its recordings and not here.
 *
 * A wait is rounded up, so that no caller tries too early: to a minute below an hour, to five
 * minutes below a day, to six hours below two weeks. What is longer is `later`.
 */
export function waitingTime(seconds: number): PromptName[] {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  if (minutes < HOUR) return ['try-again', `in-minutes-${minutes}`];
  const stepped = roundUp(minutes, MINUTES_STEP);
  if (stepped < DAY) {
    const rest = stepped % HOUR;
    const inHours = `in-hours-${Math.floor(stepped / HOUR)}` as const;
    return rest === 0 ? ['try-again', inHours] : ['try-again', inHours, `and-minutes-${rest}`];
  }
  const whole = roundUp(minutes, HOURS_STEP * HOUR);
  const days = Math.floor(whole / DAY);
  if (whole > MAX_SPOKEN_DAYS * DAY) return ['try-again-later'];
  const rest = (whole % DAY) / HOUR;
  const inDays = `in-days-${days}` as const;
  return rest === 0 ? ['try-again', inDays] : ['try-again', inDays, `and-hours-${rest}`];
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

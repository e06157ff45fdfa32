import { SPOKEN_DAYS, SPOKEN_HOURS, SPOKEN_MINUTES, type PromptName } from './prompt-names.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The waits there are recordings of, the shortest first, in seconds. */
const SPOKEN: readonly { seconds: number; name: PromptName }[] = [
  ...SPOKEN_MINUTES.map((count) => ({ seconds: count * MINUTE, name: `in-minutes-${count}` as const })),
  ...SPOKEN_HOURS.map((count) => ({ seconds: count * HOUR, name: `in-hours-${count}` as const })),
  ...SPOKEN_DAYS.map((count) => ({ seconds: count * DAY, name: `in-days-${count}` as const })),
];

/**
 * "Please try again in two hours": the recordings that say so, one after the other. Each holds a
 * number together with its noun ("in zwei Tagen", "za dwie minuty"), so that a language's grammar
 * is in its recordings and not here.
 *
 * A wait is rounded up, so that no caller tries too early: to a minute up to ten, to five minutes
 * below an hour, to an hour up to twelve, to a day up to seven. What is longer is `later`.
 */
export function waitingTime(seconds: number): PromptName[] {
  const spoken = SPOKEN.find((wait) => wait.seconds >= seconds);
  return spoken === undefined ? ['try-again-later'] : ['try-again', spoken.name];
}

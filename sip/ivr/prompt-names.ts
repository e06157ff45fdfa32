import { PAP_DIGITS } from '../../src/domain/policy.js';

/**
 * The announcements there are recordings of, by what they say. A wait is a sentence of two or three
 * (waiting-time.ts).
 */
export type PromptName =
  | `enter-pin-${number}`
  | `tries-left-${number}`
  | 'tries-left-many'
  | 'try-again'
  | `in-${'minutes' | 'hours' | 'days'}-${number}`
  | `and-${'minutes' | 'hours'}-${number}`
  | 'try-again-later'
  | 'pin-incorrect'
  | 'not-possible'
  | 'blocked'
  | 'already-authenticated'
  | 'pin-expired'
  | 'administrator-must-authorize'
  | 'authenticated'
  | 'enter-code'
  | 'code-incorrect'
  | 'code-other-tenant'
  | 'code-accepted'
  | 'no-code'
  | 'code-incomplete'
  | 'no-input'
  | 'incomplete'
  | 'goodbye';

/** More tries than these are said to be more. */
const MAX_SPOKEN_TRIES = 9;

/** A wait that is longer than two weeks is said to be long. */
export const MAX_SPOKEN_DAYS = 14;
/**
 * Minutes beside hours, and hours beside days, come in steps: such a wait needs no more precision.
 */
export const MINUTES_STEP = 5;
export const HOURS_STEP = 6;

/** Every name there is: what a language has to have recordings of. */
export const PROMPT_NAMES: readonly PromptName[] = [
  ...numbered(PAP_DIGITS.min, PAP_DIGITS.max, papPrompt),
  ...numbered(1, MAX_SPOKEN_TRIES, triesLeftPrompt),
  'tries-left-many',
  'try-again',
  ...numbered(1, 59, (minutes) => `in-minutes-${minutes}` as const),
  ...numbered(1, 23, (hours) => `in-hours-${hours}` as const),
  ...numbered(1, MAX_SPOKEN_DAYS, (days) => `in-days-${days}` as const),
  ...numbered(1, 59 / MINUTES_STEP, (step) => `and-minutes-${step * MINUTES_STEP}` as const),
  ...numbered(1, 23 / HOURS_STEP, (step) => `and-hours-${step * HOURS_STEP}` as const),
  'try-again-later',
  'pin-incorrect',
  'not-possible',
  'blocked',
  'already-authenticated',
  'pin-expired',
  'administrator-must-authorize',
  'authenticated',
  'enter-code',
  'code-incorrect',
  'code-other-tenant',
  'code-accepted',
  'no-code',
  'code-incomplete',
  'no-input',
  'incomplete',
  'goodbye',
];

export function isPromptName(name: string): name is PromptName {
  return NAMES.has(name);
}

const NAMES: ReadonlySet<string> = new Set(PROMPT_NAMES);

export function papPrompt(papDigits: number): PromptName {
  return `enter-pin-${papDigits}`;
}

export function triesLeftPrompt(attemptsLeft: number): PromptName {
  return attemptsLeft >= 1 && attemptsLeft <= MAX_SPOKEN_TRIES
    ? `tries-left-${attemptsLeft}`
    : 'tries-left-many';
}

function numbered(first: number, last: number, nameOf: (number: number) => PromptName): PromptName[] {
  const names: PromptName[] = [];
  for (let number = first; number <= last; number++) names.push(nameOf(number));
  return names;
}

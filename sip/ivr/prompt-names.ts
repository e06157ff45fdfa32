import { PAP_DIGITS } from '../../src/domain/policy.js';

/**
 * The announcements there are recordings of, by what they say. A wait is a sentence of two
 * (waiting-time.ts).
 */
export type PromptName =
  | `enter-pin-${number}`
  | `tries-left-${number}`
  | 'tries-left-many'
  | 'try-again'
  | `in-${'minutes' | 'hours' | 'days'}-${number}`
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

/**
 * The waits that are spoken. A wait in between is rounded up to the next one, and a longer one than
 * all is said to be long. One day stands for 24 hours, too.
 */
export const SPOKEN_MINUTES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55] as const;
export const SPOKEN_HOURS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;
export const SPOKEN_DAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** Every name there is: what a language has to have recordings of. */
export const PROMPT_NAMES: readonly PromptName[] = [
  ...numbered(PAP_DIGITS.min, PAP_DIGITS.max, papPrompt),
  ...numbered(1, MAX_SPOKEN_TRIES, triesLeftPrompt),
  'tries-left-many',
  'try-again',
  ...SPOKEN_MINUTES.map((minutes) => `in-minutes-${minutes}` as const),
  ...SPOKEN_HOURS.map((hours) => `in-hours-${hours}` as const),
  ...SPOKEN_DAYS.map((days) => `in-days-${days}` as const),
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

/** The announcements there are recordings of, by what they say. */
export type PromptName =
  | `enter-pin-${number}`
  | `tries-left-${number}`
  | 'tries-left-many'
  | `try-again-minutes-${number}`
  | `try-again-hours-${number}`
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

export function papPrompt(papDigits: number): PromptName {
  return `enter-pin-${papDigits}`;
}

export function triesLeftPrompt(attemptsLeft: number): PromptName {
  return attemptsLeft >= 1 && attemptsLeft <= 9 ? `tries-left-${attemptsLeft}` : 'tries-left-many';
}

const MAX_SPOKEN_HOURS = 24;

/** How long to wait, rounded up to what there is a recording of: to minutes, above 30 to five minutes, above an hour to hours. */
export function tryAgainPrompt(seconds: number): PromptName {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  if (minutes <= 30) return `try-again-minutes-${minutes}`;
  if (minutes <= 60) return `try-again-minutes-${Math.ceil(minutes / 5) * 5}`;
  const hours = Math.ceil(seconds / 3600);
  return hours <= MAX_SPOKEN_HOURS ? `try-again-hours-${hours}` : 'try-again-later';
}

/**
 * Cutting what a caller keys into entries. Pure: keys carry their time, `now` is an argument, all
 * in milliseconds of one clock.
 */

/**
 * Between the last digit that an entry can need and taking it: time for a `#`, or for one digit too
 * many.
 */
export const COMPLETE_PAUSE_MS = 1500;
/** Between two digits of an entry. */
export const DIGIT_TIMEOUT_MS = 5000;
/** Between the end of the prompt and the first digit. */
export const FIRST_DIGIT_TIMEOUT_MS = 7000;

export interface Key {
  /** One of 0-9, `*`, `#`. */
  key: string;
  at: number;
}

export interface Question {
  /** With so many digits an entry needs no more, and is closed by the short pause. */
  fullDigits: number;
  /**
   * When the prompt that asks began. A `#` before it belongs to the entry before, which had been
   * taken by its pause.
   */
  askedAt: number;
  /** When it was over, or was interrupted. */
  promptEndedAt: number;
}

/**
 * `taken`: how many of the keys the entry has used up. `waiting`: nothing to say before `until`
 * unless a key comes.
 */
export type Reading = { kind: 'entry'; digits: string; taken: number } | { kind: 'waiting'; until: number };

/**
 * Reads the next entry: digits up to `#`, or up to a pause. `*` clears. How many digits it has is
 * not judged here: an empty entry is silence or a lone `#`.
 */
export function readEntry(keys: readonly Key[], question: Question, now: number): Reading {
  let digits = '';
  let since = question.promptEndedAt;
  for (const [index, { key, at }] of keys.entries()) {
    if (digits !== '' && at > since + pauseAfter(digits, question))
      return { kind: 'entry', digits, taken: index };
    if (key === '#') {
      if (digits === '' && at < question.askedAt) continue;
      return { kind: 'entry', digits, taken: index + 1 };
    }
    digits = key === '*' ? '' : digits + key;
    // What was keyed before anybody asked has all the time from the question on, except that a full
    // entry needs no more.
    since = digits.length >= question.fullDigits ? at : Math.max(at, question.promptEndedAt);
  }
  const until = since + pauseAfter(digits, question);
  return now >= until ? { kind: 'entry', digits, taken: keys.length } : { kind: 'waiting', until };
}

function pauseAfter(digits: string, { fullDigits }: Question): number {
  if (digits === '') return FIRST_DIGIT_TIMEOUT_MS;
  return digits.length >= fullDigits ? COMPLETE_PAUSE_MS : DIGIT_TIMEOUT_MS;
}

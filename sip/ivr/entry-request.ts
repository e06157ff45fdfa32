import { CODE_DIGITS, codeInDialString, isPossibleCode } from '../../src/domain/line-code.js';
import { papInDialString, readPapEntry } from '../../src/domain/pap.js';
import type { CallOpened } from '../../src/contract/messages.js';
import { papPrompt, type PromptName } from './prompt-names.js';

/** What a caller is asked for: the device's PAP, or the code of a line. */
export interface EntryRequest {
  /** With so many digits an entry needs no more. */
  fullDigits: number;
  /** Whether an entry, judged by form alone, is an attempt. */
  isComplete: (keyed: string) => boolean;
  /** The entry that a dial string holds; null when it holds none. */
  inDialString: (dialled: string) => string | null;
  prompt: PromptName;
  /** What is said of an entry that is empty or incomplete, and of one that was judged. */
  words: Record<'empty' | 'incomplete' | 'incorrect' | 'accepted', PromptName>;
}

export function entryRequestOf({ asks, papDigits }: Pick<CallOpened, 'asks' | 'papDigits'>): EntryRequest {
  return asks === 'code' ? LINE_CODE : papOf(papDigits);
}

function papOf(digits: number): EntryRequest {
  return {
    fullDigits: digits,
    isComplete: (keyed) => readPapEntry(keyed, digits).kind === 'complete',
    inDialString: papInDialString,
    prompt: papPrompt(digits),
    words: {
      empty: 'no-input',
      incomplete: 'incomplete',
      incorrect: 'pin-incorrect',
      accepted: 'authenticated',
    },
  };
}

/**
 * Codes differ in length, so only the longest needs no more digits; the others end with `#`, or
 * when no more digits come.
 */
const LINE_CODE: EntryRequest = {
  fullDigits: CODE_DIGITS.max,
  isComplete: isPossibleCode,
  inDialString: codeInDialString,
  prompt: 'enter-code',
  words: {
    empty: 'no-code',
    incomplete: 'code-incomplete',
    incorrect: 'code-incorrect',
    accepted: 'code-accepted',
  },
};

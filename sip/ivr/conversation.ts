import type { AttemptVerdict, CallEnd } from '../../src/contract/messages.js';
import type { Announcer } from './announcer.js';
import type { Dialogue, Step } from './dialogue.js';
import { firstOf } from '../time-limit.js';
import type { Keypad } from './keypad.js';
import type { PromptName } from './prompt-names.js';

/**
 * BYE comes within 15 s of the start of an announcement that ends a call; one second of it is for
 * the BYE itself.
 */
const LAST_WORDS_LIMIT_MS = 14_000;

export interface ConversationParts {
  dialogue: Dialogue;
  announcer: Announcer;
  keypad: Keypad;
  /** Has a complete entry judged. null: it could not be had. */
  attempt: (digits: string) => Promise<AttemptVerdict | null>;
  /** Begins to listen for keys in the caller's audio too. */
  listenForTones: () => Promise<void>;
  /** The caller has hung up, or the call must end for another reason. */
  over: AbortSignal;
}

/**
 * Takes one caller through the dialogue; resolves when there is nothing more to say. A verdict
 * stands, whether it is heard or not.
 */
export async function converse(parts: ConversationParts): Promise<CallEnd['outcome']> {
  const { dialogue, announcer, keypad, over } = parts;
  let step: Step = dialogue.begin();
  for (;;) {
    switch (step.kind) {
      case 'end':
        await sayLastWords(announcer, step.say, over);
        return step.outcome;
      case 'attempt': {
        if (over.aborted) return 'abandoned';
        const verdict = await parts.attempt(step.digits);
        step = verdict === null ? dialogue.onFault() : dialogue.onVerdict(verdict);
        break;
      }
      case 'ask': {
        const entry = await ask(parts, step);
        if (entry === null) return 'abandoned';
        // Some phones agree on RFC 4733 and send tones all the same. Who has said nothing so far
        // may have been such a one.
        if (entry === '' && !keypad.wasUsed) await parts.listenForTones();
        step = dialogue.onEntry(entry);
        break;
      }
    }
  }
}

async function sayLastWords(
  announcer: Announcer,
  words: readonly PromptName[],
  over: AbortSignal,
): Promise<void> {
  const { signal, release } = firstOf([over], LAST_WORDS_LIMIT_MS);
  await announcer.say(words, signal);
  release();
}

/**
 * Says the news, asks, and reads an entry; a key interrupts. What was keyed before the news does
 * not: else a quick caller would not hear that the PIN was wrong. The question is then skipped.
 */
async function ask(
  { dialogue, announcer, keypad, over }: ConversationParts,
  { news, prompt }: Extract<Step, { kind: 'ask' }>,
): Promise<string | null> {
  const bargeIn = new AbortController();
  const { signal: quiet, release } = firstOf([over, bargeIn.signal]);
  keypad.notify((key) => {
    if (key !== '#') bargeIn.abort(); // a # now still belongs to the entry before
  });
  await announcer.say(news, quiet);
  const askedAt = performance.now();
  keypad.notify(() => bargeIn.abort());
  if (!keypad.hasBegun) await announcer.say([prompt], quiet);
  release();
  return keypad.nextEntry({ fullDigits: dialogue.fullDigits, askedAt }, over);
}

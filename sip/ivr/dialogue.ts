import type { AttemptVerdict, CallEnd, CallOpened } from '../../src/contract/messages.js';
import { entryRequestOf, type EntryRequest } from './entry-request.js';
import { triesLeftPrompt, type PromptName } from './prompt-names.js';
import { waitingTime } from './waiting-time.js';

/** Empty and short entries are asked again this often in a call. */
const MAX_ASKED_AGAIN = 3;

/** What is said to whom nothing is asked, for as long as an administrator does nothing about it. */
const CLOSED = {
  blocked: 'blocked',
  successful: 'already-authenticated',
  expired: 'pin-expired',
  unauthorized: 'administrator-must-authorize',
} as const satisfies Record<string, PromptName>;

function lockedFor(seconds: number): PromptName[] {
  return ['not-possible', ...waitingTime(seconds)];
}

/** What happens next in a call. */
export type Step =
  /** Say `news`, then ask with `prompt` and read an entry. */
  | { kind: 'ask'; news: PromptName[]; prompt: PromptName }
  /** Have the digits judged. */
  | { kind: 'attempt'; digits: string }
  /** Say it, then hang up. */
  | { kind: 'end'; say: PromptName[]; outcome: CallEnd['outcome'] };

/**
 * The script of a call to the authentication service: what is said and asked, given the state of
 * the device, the entries and the verdicts. It knows nothing of telephones.
 */
export class Dialogue {
  readonly #entryRequest: EntryRequest;
  /** The entry that came in the dial string, where there was one. */
  readonly #dialled: string | null;
  /** It was complete: a whole attempt in one dial string, after which nothing more is asked. */
  #isDialledAttempt = false;
  #askedAgain = 0;

  /** @param dialled what the caller dialled; it may hold the first entry. */
  constructor(
    private readonly opened: CallOpened,
    dialled: string,
  ) {
    this.#entryRequest = entryRequestOf(opened);
    this.#dialled = this.#entryRequest.inDialString(dialled);
  }

  /** With so many digits an entry needs no more. */
  get fullDigits(): number {
    return this.#entryRequest.fullDigits;
  }

  begin(): Step {
    const { opened } = this;
    const dialled = this.#dialled;
    // A complete attempt is judged in every state: what is refused is refused, and recorded, where
    // the verdicts are.
    if (dialled !== null && this.#entryRequest.isComplete(dialled)) {
      this.#isDialledAttempt = true;
      return { kind: 'attempt', digits: dialled };
    }
    switch (opened.state) {
      case 'needed':
        return dialled === null ? this.#ask([]) : this.onEntry(dialled);
      case 'failed':
        return this.#end(lockedFor(opened.lockedSeconds), 'refused');
      case 'blocked':
      case 'successful':
      case 'expired':
      case 'unauthorized':
        return this.#end([CLOSED[opened.state]], 'refused');
    }
  }

  /**
   * @param keyed the digits of the entry; empty for silence. Only a complete entry is an attempt.
   */
  onEntry(keyed: string): Step {
    const { isComplete, words } = this.#entryRequest;
    if (isComplete(keyed)) return { kind: 'attempt', digits: keyed };
    const news = keyed === '' ? words.empty : words.incomplete;
    if (this.#askedAgain === MAX_ASKED_AGAIN) return this.#end([news], 'no-input');
    this.#askedAgain += 1;
    return this.#ask([news]);
  }

  onVerdict(verdict: AttemptVerdict): Step {
    switch (verdict.kind) {
      case 'accepted':
        return this.#end([this.#entryRequest.words.accepted], 'accepted');
      case 'wrong':
        return this.#onWrong(this.#entryRequest.words.incorrect, verdict.attemptsLeft);
      case 'other-tenant':
        return this.#onWrong('code-other-tenant', verdict.attemptsLeft);
      case 'failed':
        return this.#end(lockedFor(verdict.lockedSeconds), 'locked');
      case 'blocked':
        return this.#end([CLOSED.blocked], 'locked');
      case 'successful':
      case 'expired':
      case 'unauthorized':
        return this.#end([CLOSED[verdict.kind]], 'refused');
    }
  }

  /** No verdict could be had: whatever it was, the caller is told nothing of it. */
  onFault(): Step {
    return this.#end(['not-possible', 'try-again-later'], 'error');
  }

  #onWrong(what: PromptName, attemptsLeft: number): Step {
    const news = [what, triesLeftPrompt(attemptsLeft)];
    return this.#isDialledAttempt ? this.#end(news, 'refused') : this.#ask(news);
  }

  #ask(news: PromptName[]): Step {
    return { kind: 'ask', news, prompt: this.#entryRequest.prompt };
  }

  #end(say: PromptName[], outcome: CallEnd['outcome']): Step {
    return { kind: 'end', say: [...say, 'goodbye'], outcome };
  }
}

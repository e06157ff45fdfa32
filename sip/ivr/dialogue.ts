import { readPapEntry } from '../../src/domain/pap.js';
import type { AttemptVerdict, CallEnd, CallOpened } from '../../src/internal/contract.js';
import { papPrompt, triesLeftPrompt, tryAgainPrompt, type PromptName } from './prompt-names.js';

/** Empty and short entries are asked again this often in a call. */
const MAX_ASKED_AGAIN = 3;

/** What happens next in a call. */
export type Step =
  /** Say `news`, then ask with `prompt` and read an entry. */
  | { kind: 'ask'; news: PromptName[]; prompt: PromptName }
  /** Have the digits judged. */
  | { kind: 'attempt'; digits: string }
  /** Say it, then hang up. */
  | { kind: 'end'; say: PromptName[]; outcome: CallEnd['outcome'] };

/**
 * The script of a call to the authentication service: what is said and asked, given the state of the device, the entries and the
 * verdicts. It knows nothing of telephones.
 */
export class Dialogue {
  readonly papDigits: number;
  #askedAgain = 0;

  /** @param dialledPap the PAP that came in the dial string: a whole attempt, after which nothing more is asked. */
  constructor(
    private readonly opened: CallOpened,
    private readonly dialledPap: string | null = null,
  ) {
    this.papDigits = opened.papDigits;
  }

  begin(): Step {
    const { opened } = this;
    // A complete attempt is judged in every state: what is refused is refused, and recorded, where the verdicts are.
    if (this.dialledPap !== null && readPapEntry(this.dialledPap, this.papDigits).kind === 'complete') {
      return this.onEntry(this.dialledPap);
    }
    switch (opened.state) {
      case 'needed':
        return this.dialledPap === null ? this.#ask([]) : this.onEntry(this.dialledPap);
      case 'failed':
        return this.#end(['not-possible', tryAgainPrompt(opened.lockedSeconds)], 'refused');
      case 'blocked':
        return this.#end(['blocked'], 'refused');
      case 'successful':
        return this.#end(['already-authenticated'], 'refused');
      case 'expired':
        return this.#end(['pin-expired'], 'refused');
    }
  }

  /** @param keyed the digits of the entry; empty for silence. Only a complete entry is an attempt. */
  onEntry(keyed: string): Step {
    const entry = readPapEntry(keyed, this.papDigits);
    if (entry.kind === 'complete') return { kind: 'attempt', digits: entry.digits };
    const news: PromptName = entry.kind === 'empty' ? 'no-input' : 'incomplete';
    if (this.#askedAgain === MAX_ASKED_AGAIN) return this.#end([news], 'no-input');
    this.#askedAgain += 1;
    return this.#ask([news]);
  }

  onVerdict(verdict: AttemptVerdict): Step {
    switch (verdict.kind) {
      case 'accepted':
        return this.#end(['authenticated'], 'accepted');
      case 'wrong': {
        const news: PromptName[] = ['pin-incorrect', triesLeftPrompt(verdict.attemptsLeft)];
        return this.dialledPap === null ? this.#ask(news) : this.#end(news, 'refused');
      }
      case 'failed':
        return this.#end(['not-possible', tryAgainPrompt(verdict.lockedSeconds)], 'locked');
      case 'blocked':
        return this.#end(['blocked'], 'locked');
      case 'successful':
        return this.#end(['already-authenticated'], 'refused');
      case 'expired':
        return this.#end(['pin-expired'], 'refused');
    }
  }

  /** No verdict could be had: whatever it was, the caller is told nothing of it. */
  onFault(): Step {
    return this.#end(['not-possible', 'try-again-later'], 'error');
  }

  #ask(news: PromptName[]): Step {
    return { kind: 'ask', news, prompt: papPrompt(this.papDigits) };
  }

  #end(say: PromptName[], outcome: CallEnd['outcome']): Step {
    return { kind: 'end', say: [...say, 'goodbye'], outcome };
  }
}

import type { Verdict } from '../../domain/entry.js';
import { secondsUntil } from '../../domain/time.js';
import type { AttemptVerdict } from '../../contract/messages.js';

/**
 * What the SIP application needs to know in order to say it. Whatever locks for a while, the caller
 * hears for how long.
 */
export function answerVerdict(verdict: Verdict, now: Date): AttemptVerdict {
  switch (verdict.kind) {
    case 'accepted':
    case 'wrong':
      return verdict;
    case 'wrong-failed':
    case 'wrong-source-failed':
      return { kind: 'failed', lockedSeconds: secondsUntil(verdict.failedUntil, now) };
    case 'wrong-blocked':
    case 'wrong-later-blocked':
      return { kind: 'blocked' };
    case 'refused':
      return 'until' in verdict
        ? { kind: 'failed', lockedSeconds: secondsUntil(verdict.until, now) }
        : { kind: verdict.because === 'later-phones' ? 'blocked' : verdict.because };
  }
}

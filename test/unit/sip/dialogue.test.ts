import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { CallOpened } from '../../../src/internal/contract.js';
import { Dialogue } from '../../../sip/ivr/dialogue.js';
import { papPrompt, triesLeftPrompt, tryAgainPrompt } from '../../../sip/ivr/prompt-names.js';

const NEEDED: CallOpened = { language: 'en', papDigits: 6, state: 'needed', attemptsLeft: 3 };
const ask = (...news: string[]): unknown => ({ kind: 'ask', news, prompt: 'enter-pin-6' });
const end = (outcome: string, ...say: string[]): unknown => ({
  kind: 'end',
  say: [...say, 'goodbye'],
  outcome,
});

describe('the dialogue with a caller', () => {
  test('a device that needs authentication asks, for as many digits as its PAP has', () => {
    assert.deepEqual(new Dialogue(NEEDED).begin(), ask());
    const longer = new Dialogue({ ...NEEDED, papDigits: 10 }).begin();
    assert.deepEqual(longer, { kind: 'ask', news: [], prompt: 'enter-pin-10' });
  });

  test('every other state is told, and nothing is asked', () => {
    const told = (state: object): unknown =>
      new Dialogue({ language: 'en', papDigits: 6, ...state } as CallOpened).begin();
    assert.deepEqual(
      told({ state: 'failed', lockedSeconds: 90 }),
      end('refused', 'not-possible', 'try-again-minutes-2'),
    );
    assert.deepEqual(told({ state: 'blocked' }), end('refused', 'blocked'));
    assert.deepEqual(told({ state: 'successful' }), end('refused', 'already-authenticated'));
    assert.deepEqual(told({ state: 'expired' }), end('refused', 'pin-expired'));
  });

  test('only an entry of the right length is an attempt', () => {
    const dialogue = new Dialogue(NEEDED);
    assert.deepEqual(dialogue.onEntry('012345'), { kind: 'attempt', digits: '012345' });
    assert.deepEqual(dialogue.onEntry('01234'), ask('incomplete'));
    assert.deepEqual(dialogue.onEntry('0123456'), ask('incomplete'));
  });

  test('empty and short entries are asked again three times in a call, attempts in between or not', () => {
    const dialogue = new Dialogue(NEEDED);
    assert.deepEqual(dialogue.onEntry(''), ask('no-input'));
    assert.deepEqual(dialogue.onEntry('1'), ask('incomplete'));
    dialogue.onEntry('111111');
    dialogue.onVerdict({ kind: 'wrong', attemptsLeft: 2 });
    assert.deepEqual(dialogue.onEntry(''), ask('no-input'));
    assert.deepEqual(dialogue.onEntry(''), end('no-input', 'no-input'));
  });

  test('each verdict has its words and its outcome', () => {
    const on = (verdict: Parameters<Dialogue['onVerdict']>[0]): unknown =>
      new Dialogue(NEEDED).onVerdict(verdict);
    assert.deepEqual(on({ kind: 'accepted' }), end('accepted', 'authenticated'));
    assert.deepEqual(on({ kind: 'wrong', attemptsLeft: 1 }), ask('pin-incorrect', 'tries-left-1'));
    assert.deepEqual(
      on({ kind: 'failed', lockedSeconds: 1800 }),
      end('locked', 'not-possible', 'try-again-minutes-30'),
    );
    assert.deepEqual(on({ kind: 'blocked' }), end('locked', 'blocked'));
    assert.deepEqual(on({ kind: 'successful' }), end('refused', 'already-authenticated'));
    assert.deepEqual(on({ kind: 'expired' }), end('refused', 'pin-expired'));
  });

  test('a verdict that could not be had is told as nothing but "later"', () => {
    assert.deepEqual(new Dialogue(NEEDED).onFault(), end('error', 'not-possible', 'try-again-later'));
  });

  test('a PAP in the dial string is judged at once, and a wrong one ends the call', () => {
    const dialogue = new Dialogue(NEEDED, '123456');
    assert.deepEqual(dialogue.begin(), { kind: 'attempt', digits: '123456' });
    assert.deepEqual(
      dialogue.onVerdict({ kind: 'wrong', attemptsLeft: 2 }),
      end('refused', 'pin-incorrect', 'tries-left-2'),
    );
  });

  test('a PAP in the dial string is judged in every state, one of the wrong length is no attempt', () => {
    assert.deepEqual(new Dialogue(NEEDED, '12345').begin(), ask('incomplete'));
    const locked = new Dialogue({ language: 'en', papDigits: 6, state: 'blocked' }, '123456');
    assert.deepEqual(locked.begin(), { kind: 'attempt', digits: '123456' });
    const short = new Dialogue({ language: 'en', papDigits: 6, state: 'blocked' }, '12345');
    assert.deepEqual(short.begin(), end('refused', 'blocked'));
  });
});

describe('the names of prompts', () => {
  test('waiting times are rounded up to what there is a recording of', () => {
    const expected: [seconds: number, name: string][] = [
      [0, 'try-again-minutes-1'],
      [60, 'try-again-minutes-1'],
      [61, 'try-again-minutes-2'],
      [1800, 'try-again-minutes-30'],
      [1801, 'try-again-minutes-35'],
      [3600, 'try-again-minutes-60'],
      [3601, 'try-again-hours-2'],
      [86_400, 'try-again-hours-24'],
      [86_401, 'try-again-later'],
    ];
    for (const [seconds, name] of expected) assert.equal(tryAgainPrompt(seconds), name, `${seconds} s`);
  });

  test('whatever can be said has been recorded', () => {
    const recorded = new Set(
      readFileSync('prompts/texts.tsv', 'utf8')
        .split('\n')
        .map((row) => row.split('\t')[1]),
    );
    const names: string[] = [6, 7, 8, 9, 10].map(papPrompt);
    for (let left = 0; left <= 1000; left += 1) names.push(triesLeftPrompt(left));
    for (let minutes = 0; minutes <= 30 * 60; minutes += 1) names.push(tryAgainPrompt(minutes * 60));
    assert.deepEqual(
      [...new Set(names)].filter((name) => !recorded.has(name)),
      [],
    );
  });
});

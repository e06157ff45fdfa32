import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CallOpened } from '../../../src/contract/messages.js';
import { Dialogue } from '../../../sip/ivr/dialogue.js';

const PAP = { languages: ['en'], asks: 'pap' as const, papDigits: 6 };
const NEEDED: CallOpened = { ...PAP, state: 'needed', attemptsLeft: 3 };
const UNCLAIMED: CallOpened = { ...NEEDED, asks: 'code' };
const ask = (...news: string[]): unknown => ({ kind: 'ask', news, prompt: 'enter-pin-6' });
const end = (outcome: string, ...say: string[]): unknown => ({
  kind: 'end',
  say: [...say, 'goodbye'],
  outcome,
});

describe('the dialogue with a caller', () => {
  test('a device that needs authentication asks, for as many digits as its PAP has', () => {
    assert.deepEqual(new Dialogue(NEEDED, '*89').begin(), ask());
    const longer = new Dialogue({ ...NEEDED, papDigits: 10 }, '*89').begin();
    assert.deepEqual(longer, { kind: 'ask', news: [], prompt: 'enter-pin-10' });
  });

  test('every other state is told, and nothing is asked', () => {
    const told = (state: object): unknown => new Dialogue({ ...PAP, ...state } as CallOpened, '*89').begin();
    assert.deepEqual(
      told({ state: 'failed', lockedSeconds: 90 }),
      end('refused', 'not-possible', 'try-again', 'in-minutes-2'),
    );
    assert.deepEqual(told({ state: 'blocked' }), end('refused', 'blocked'));
    assert.deepEqual(told({ state: 'successful' }), end('refused', 'already-authenticated'));
    assert.deepEqual(told({ state: 'expired' }), end('refused', 'pin-expired'));
    assert.deepEqual(told({ state: 'unauthorized' }), end('refused', 'administrator-must-authorize'));
  });

  test('only an entry of the right length is an attempt', () => {
    const dialogue = new Dialogue(NEEDED, '*89');
    assert.deepEqual(dialogue.onEntry('012345'), { kind: 'attempt', digits: '012345' });
    assert.deepEqual(dialogue.onEntry('01234'), ask('incomplete'));
    assert.deepEqual(dialogue.onEntry('0123456'), ask('incomplete'));
  });

  test('empty and short entries are asked again three times in a call, attempts in between or not', () => {
    const dialogue = new Dialogue(NEEDED, '*89');
    assert.deepEqual(dialogue.onEntry(''), ask('no-input'));
    assert.deepEqual(dialogue.onEntry('1'), ask('incomplete'));
    dialogue.onEntry('111111');
    dialogue.onVerdict({ kind: 'wrong', attemptsLeft: 2 });
    assert.deepEqual(dialogue.onEntry(''), ask('no-input'));
    assert.deepEqual(dialogue.onEntry(''), end('no-input', 'no-input'));
  });

  test('each verdict has its words and its outcome', () => {
    const on = (verdict: Parameters<Dialogue['onVerdict']>[0]): unknown =>
      new Dialogue(NEEDED, '*89').onVerdict(verdict);
    assert.deepEqual(on({ kind: 'accepted' }), end('accepted', 'authenticated'));
    assert.deepEqual(on({ kind: 'wrong', attemptsLeft: 1 }), ask('pin-incorrect', 'tries-left-1'));
    assert.deepEqual(
      on({ kind: 'failed', lockedSeconds: 1800 }),
      end('locked', 'not-possible', 'try-again', 'in-minutes-30'),
    );
    assert.deepEqual(on({ kind: 'blocked' }), end('locked', 'blocked'));
    assert.deepEqual(on({ kind: 'successful' }), end('refused', 'already-authenticated'));
    assert.deepEqual(on({ kind: 'expired' }), end('refused', 'pin-expired'));
    assert.deepEqual(on({ kind: 'unauthorized' }), end('refused', 'administrator-must-authorize'));
  });

  test('a verdict that could not be had is told as nothing but "later"', () => {
    assert.deepEqual(new Dialogue(NEEDED, '*89').onFault(), end('error', 'not-possible', 'try-again-later'));
  });

  test('a PAP in the dial string is judged at once, and a wrong one ends the call', () => {
    const dialogue = new Dialogue(NEEDED, '*89*123456');
    assert.deepEqual(dialogue.begin(), { kind: 'attempt', digits: '123456' });
    assert.deepEqual(
      dialogue.onVerdict({ kind: 'wrong', attemptsLeft: 2 }),
      end('refused', 'pin-incorrect', 'tries-left-2'),
    );
  });

  test('a PAP in the dial string is judged in every state, one of the wrong length is no attempt', () => {
    assert.deepEqual(new Dialogue(NEEDED, '*89*12345').begin(), ask('incomplete'));
    const locked = new Dialogue({ ...PAP, state: 'blocked' }, '*89*123456');
    assert.deepEqual(locked.begin(), { kind: 'attempt', digits: '123456' });
    const short = new Dialogue({ ...PAP, state: 'blocked' }, '*89*12345');
    assert.deepEqual(short.begin(), end('refused', 'blocked'));
  });
});

describe('the dialogue with the caller of an unclaimed phone', () => {
  const askCode = (...news: string[]): unknown => ({ kind: 'ask', news, prompt: 'enter-code' });

  test('*89, and whatever cannot be a code, asks for one', () => {
    for (const dialled of [
      '*89',
      '*89#',
      '*89*',
      '123',
      '*89*123',
      '1234567890123',
      '+4930123',
      'front.desk',
    ])
      assert.deepEqual(new Dialogue(UNCLAIMED, dialled).begin(), askCode(), dialled);
  });

  test('a code that was dialled is judged at once, as it is or after *89, and a wrong one ends the call', () => {
    for (const dialled of ['1234', '*891234', '*89*1234', '*89*1234#', '1234#']) {
      const dialogue = new Dialogue(UNCLAIMED, dialled);
      assert.deepEqual(dialogue.begin(), { kind: 'attempt', digits: '1234' }, dialled);
      assert.deepEqual(
        dialogue.onVerdict({ kind: 'wrong', attemptsLeft: 2 }),
        end('refused', 'code-incorrect', 'tries-left-2'),
      );
    }
    const locked = new Dialogue({ ...UNCLAIMED, state: 'failed', lockedSeconds: 60 }, '123456789012');
    assert.deepEqual(locked.begin(), { kind: 'attempt', digits: '123456789012' });
  });

  test('what was dialled is an attempt at a code for nobody else', () => {
    assert.deepEqual(new Dialogue(NEEDED, '123456').begin(), ask());
    assert.deepEqual(new Dialogue(NEEDED, '*89123456').begin(), ask());
  });

  test('an entry is an attempt with 4 to 12 digits', () => {
    const dialogue = new Dialogue(UNCLAIMED, '*89');
    assert.equal(dialogue.fullDigits, 12);
    for (const digits of ['1234', '12345678', '123456789012'])
      assert.deepEqual(dialogue.onEntry(digits), { kind: 'attempt', digits });
    assert.deepEqual(dialogue.onEntry('123'), askCode('code-incomplete'));
    assert.deepEqual(dialogue.onEntry('1234567890123'), askCode('code-incomplete'));
    assert.deepEqual(dialogue.onEntry(''), askCode('no-code'));
    assert.deepEqual(dialogue.onEntry(''), end('no-input', 'no-code'));
  });

  test('each verdict on a code has its words', () => {
    const on = (verdict: Parameters<Dialogue['onVerdict']>[0], dialled = '*89'): unknown => {
      const dialogue = new Dialogue(UNCLAIMED, dialled);
      dialogue.begin();
      return dialogue.onVerdict(verdict);
    };
    assert.deepEqual(on({ kind: 'accepted' }), end('accepted', 'code-accepted'));
    assert.deepEqual(on({ kind: 'wrong', attemptsLeft: 1 }), askCode('code-incorrect', 'tries-left-1'));
    const other = { kind: 'other-tenant', attemptsLeft: 2 } as const;
    assert.deepEqual(on(other), askCode('code-other-tenant', 'tries-left-2'));
    assert.deepEqual(on(other, '1234'), end('refused', 'code-other-tenant', 'tries-left-2'));
  });
});

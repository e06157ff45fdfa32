import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import type { Announcer } from '../../../sip/ivr/announcer.js';
import { converse } from '../../../sip/ivr/conversation.js';
import { Dialogue } from '../../../sip/ivr/dialogue.js';
import { Keypad } from '../../../sip/ivr/keypad.js';
import type { CallOpened } from '../../../src/contract/messages.js';

const OPENED = {
  asks: 'pap',
  papDigits: 6,
  state: 'needed',
  attemptsLeft: 3,
  languages: ['en'],
} as const satisfies CallOpened;

let now = 0;
beforeEach(() => {
  now = 0;
  mock.timers.enable({ apis: ['setTimeout'] });
});
afterEach(() => mock.timers.reset());

/** Lets time pass, in steps in which everything that is due gets done. */
async function pass(milliseconds: number): Promise<void> {
  for (let gone = 0; gone < milliseconds; gone += 100) {
    now += 100;
    mock.timers.tick(100);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
}

/**
 * A call in which `key` is pressed after a second; answers after how many milliseconds tones were
 * listened for, or null.
 */
async function whenTonesAreListenedFor(key: string | null): Promise<number | null> {
  let at: number | null = null;
  const keypad = new Keypad(() => now);
  const over = new AbortController();
  const talking = converse({
    dialogue: new Dialogue(OPENED, '*89'),
    announcer: { say: () => Promise.resolve() } as unknown as Announcer,
    keypad,
    attempt: () => Promise.resolve(null),
    listenForTones: () => Promise.resolve(void (at ??= now)),
    over: over.signal,
  });
  await pass(1000);
  if (key !== null) keypad.press(key, 'rtp');
  await pass(9000);
  over.abort();
  assert.equal(await talking, 'abandoned');
  return at;
}

test('tones are listened for when the first question is met with silence', async () => {
  const at = await whenTonesAreListenedFor(null);
  assert.ok(at !== null && at >= 7000 && at <= 7500, `${at} ms`);
});

test('tones are not listened for once a key has come by another way', async () => {
  assert.equal(await whenTonesAreListenedFor('1'), null);
  assert.equal(await whenTonesAreListenedFor('#'), null);
});

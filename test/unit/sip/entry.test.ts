import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readEntry, type Key, type Reading } from '../../../sip/ivr/entry.js';

/** Keys 200 ms apart; `_` is a second in which nothing is keyed. */
function keyed(text: string, from = 10_000): Key[] {
  let at = from;
  const keys: Key[] = [];
  for (const key of text) {
    if (key === '_') at += 1000;
    else keys.push({ key, at: (at += 200) });
  }
  return keys;
}

/** Read long after everything, unless said otherwise. */
function read(keys: Key[], now = 1_000_000, askedAt = 8000, promptEndedAt = 10_000): Reading {
  return readEntry(keys, { fullDigits: 6, askedAt, promptEndedAt }, now);
}

describe('cutting keys into entries', () => {
  test('an entry ends at #, what follows is the next one', () => {
    assert.deepEqual(read(keyed('123456#78')), { kind: 'entry', digits: '123456', taken: 7 });
    assert.deepEqual(read(keyed('12#')), { kind: 'entry', digits: '12', taken: 3 });
  });

  test('* clears what has been keyed', () => {
    assert.deepEqual(read(keyed('99*123456#')), { kind: 'entry', digits: '123456', taken: 10 });
  });

  test('a full entry is taken after a short pause, not before', () => {
    const keys = keyed('123456');
    const last = keys.at(-1)!.at;
    assert.deepEqual(read(keys, last + 1499), { kind: 'waiting', until: last + 1500 });
    assert.deepEqual(read(keys, last + 1500), { kind: 'entry', digits: '123456', taken: 6 });
  });

  test('a digit too many within the pause makes the entry too long, after it begins the next', () => {
    assert.deepEqual(read(keyed('1234567')), { kind: 'entry', digits: '1234567', taken: 7 });
    assert.deepEqual(read(keyed('123456__7')), { kind: 'entry', digits: '123456', taken: 6 });
  });

  test('a short entry is given up after five seconds without a key', () => {
    const keys = keyed('123');
    const last = keys.at(-1)!.at;
    assert.deepEqual(read(keys, last + 4999), { kind: 'waiting', until: last + 5000 });
    assert.deepEqual(read(keys, last + 5000), { kind: 'entry', digits: '123', taken: 3 });
    assert.deepEqual(read(keyed('123______456')), { kind: 'entry', digits: '123', taken: 3 });
  });

  test('a code of eight digits is not cut after six: the short pause is for the longest alone', () => {
    const slow = keyed('123456__78');
    const code = { fullDigits: 12, askedAt: 8000, promptEndedAt: 10_000 };
    assert.deepEqual(readEntry(slow, code, 1_000_000), { kind: 'entry', digits: '12345678', taken: 8 });
    assert.deepEqual(readEntry(keyed('123456__78#9'), code, 1_000_000), {
      kind: 'entry',
      digits: '12345678',
      taken: 9,
    });
    const last = slow.at(-1)!.at;
    assert.deepEqual(readEntry(slow, code, last + 4999), { kind: 'waiting', until: last + 5000 });
    const longest = keyed('123456789012');
    const at = longest.at(-1)!.at;
    assert.deepEqual(readEntry(longest, code, at + 1499), { kind: 'waiting', until: at + 1500 });
    assert.deepEqual(readEntry(longest, code, at + 1500), {
      kind: 'entry',
      digits: '123456789012',
      taken: 12,
    });
  });

  test('silence is an empty entry seven seconds after the prompt', () => {
    assert.deepEqual(read([], 16_999), { kind: 'waiting', until: 17_000 });
    assert.deepEqual(read([], 17_000), { kind: 'entry', digits: '', taken: 0 });
  });

  test('a # alone is an empty entry, unless it came before the question', () => {
    assert.deepEqual(read(keyed('#')), { kind: 'entry', digits: '', taken: 1 });
    assert.deepEqual(read(keyed('#', 5000)), { kind: 'entry', digits: '', taken: 1 });
    assert.deepEqual(read(keyed('#', 5000), 12_000), { kind: 'waiting', until: 17_000 });
    assert.deepEqual(read(keyed('#123456#', 5000)), { kind: 'entry', digits: '123456', taken: 8 });
  });

  test('what was keyed before the question counts, and has the same time to be finished', () => {
    const early = keyed('123', 2000);
    assert.deepEqual(read(early, 14_999), { kind: 'waiting', until: 15_000 });
    assert.deepEqual(read([...early, ...keyed('456#', 14_000)]), {
      kind: 'entry',
      digits: '123456',
      taken: 7,
    });
    assert.deepEqual(read(keyed('123456', 2000), 10_000), { kind: 'entry', digits: '123456', taken: 6 });
  });
});

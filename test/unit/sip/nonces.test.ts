import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NonceCounts } from '../../../sip/digest/nonce-counts.js';
import { Nonces } from '../../../sip/digest/nonces.js';

const START = new Date('2026-01-01T12:00:00Z');
const at = (seconds: number): Date => new Date(START.getTime() + seconds * 1000);

describe('nonces', () => {
  test('are good for five minutes, once for each count, and then used up, not foreign', () => {
    const nonces = new Nonces('secret', START);
    const nonce = nonces.issue(at(1));
    assert.equal(nonces.judge(nonce, 1, at(2)), 'good');
    assert.equal(nonces.judge(nonce, 1, at(2)), 'good', 'nobody has proved himself with it yet');
    assert.equal(nonces.spend(nonce, 1, at(2)), true);
    assert.equal(nonces.judge(nonce, 1, at(3)), 'used up');
    assert.equal(nonces.spend(nonce, 1, at(3)), false, 'two at the same time: one was quicker');
    assert.equal(nonces.judge(nonce, 2, at(3)), 'good');
    assert.equal(nonces.judge(nonce, 2, at(301)), 'good');
    assert.equal(nonces.judge(nonce, 2, at(302)), 'used up');
  });

  test('of before the start are used up, those of another instance are good', () => {
    const before = new Nonces('secret', START);
    const old = before.issue(at(9));
    const after = new Nonces('secret', at(10));
    assert.equal(after.judge(old, 1, at(11)), 'used up');
    assert.equal(after.judge(before.issue(at(11)), 1, at(11)), 'good');
    assert.equal(before.judge(after.issue(at(11)), 1, at(11)), 'good');
  });

  test('are the one text that was issued, not another that reads the same', () => {
    const nonces = new Nonces('secret', START);
    const nonce = nonces.issue(at(1));
    for (const other of [`${nonce}=`, `${nonce} `, nonce.replace(/.$/, '!$&'), nonce.slice(1), '']) {
      assert.equal(nonces.judge(other, 1, at(1)), 'foreign', other);
      assert.equal(nonces.spend(other, 1, at(1)), false);
    }
  });
});

describe('counts of a nonce', () => {
  const issuedAt = at(1).getTime();

  test('may overtake each other within a window, each of them once', () => {
    const counts = new NonceCounts(START, 300_000);
    const spend = (count: number): boolean => counts.spend('n', issuedAt, count, at(2));
    assert.deepEqual([5, 3, 4, 5, 3, 36, 5, 6].map(spend), [
      true,
      true,
      true,
      false,
      false,
      true,
      false,
      true,
    ]);
    assert.equal(spend(4), false, 'too far behind to tell');
    assert.equal(spend(1_000_000), true);
    assert.equal(spend(999_999), true);
    assert.equal(spend(36), false);
  });

  test('of a nonce that had to be forgotten are used up, and so are those of older nonces; newer ones are good', () => {
    const counts = new NonceCounts(START, 300_000, 2);
    const issued = (seconds: number): number => at(seconds).getTime();
    for (const seconds of [2, 3, 4]) {
      assert.equal(counts.spend(`n${seconds}`, issued(seconds), 1, at(5)), true);
    }
    assert.equal(counts.isGood('n2', issued(2), 1), false);
    assert.equal(counts.isGood('n2', issued(2), 2), false);
    assert.equal(counts.isGood('never used', issued(1), 1), false);
    assert.equal(counts.isGood('n3', issued(3), 2), true);
    assert.equal(counts.isGood('never used', issued(3), 1), true);
  });

  test('are forgotten with their nonce when its time is over', () => {
    const counts = new NonceCounts(START, 300_000, 2);
    const issued = (seconds: number): number => at(seconds).getTime();
    assert.equal(counts.spend('a', issued(1), 1, at(2)), true);
    assert.equal(counts.spend('b', issued(2), 1, at(2)), true);
    assert.equal(counts.spend('c', issued(303), 1, at(303)), true);
    assert.equal(counts.isGood('d', issued(3), 1), true, 'nothing had to be forgotten before its time');
  });
});

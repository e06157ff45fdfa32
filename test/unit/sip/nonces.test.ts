import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NonceCounts } from '../../../sip/digest/nonce-counts.js';
import { Nonces } from '../../../sip/digest/nonces.js';

const START = new Date('2026-01-01T12:00:00Z').getTime();
const HOUR = 3600;
const PHONE = '192.0.2.1';

/** A machine: its time of day can step, its steady clock only passes. In seconds. */
class Machine {
  #seconds = 0;
  #stepped = 0;

  pass(seconds: number): void {
    this.#seconds += seconds;
  }

  step(seconds: number): void {
    this.#stepped += seconds;
  }

  /** A process that begins now. */
  start(secret = 'secret'): Nonces {
    const now = (): Date => new Date(START + (this.#seconds + this.#stepped) * 1000);
    return new Nonces(secret, { now }, () => this.#seconds * 1000);
  }
}

describe('nonces', () => {
  test('are good for five minutes, once for each count, and then stale, not foreign', () => {
    const machine = new Machine();
    const nonces = machine.start();
    machine.pass(1);
    const nonce = nonces.issue(PHONE);
    assert.equal(nonces.judge(nonce, PHONE, 1), 'good');
    assert.equal(nonces.judge(nonce, PHONE, 1), 'good', 'it has proved no account yet');
    assert.equal(nonces.spend(nonce, 1), true);
    assert.equal(nonces.judge(nonce, PHONE, 1), 'stale');
    assert.equal(nonces.spend(nonce, 1), false, 'two at the same time: one was quicker');
    machine.pass(300);
    assert.equal(nonces.judge(nonce, PHONE, 2), 'good');
    machine.pass(1);
    assert.equal(nonces.judge(nonce, PHONE, 2), 'stale');
  });

  test('are good from the address alone that they were sent to', () => {
    const nonces = new Machine().start();
    for (const [sentTo, others] of [
      ['192.0.2.1', ['192.0.2.2', '2001:db8::1', '']],
      ['2001:db8::1', ['2001:db8::2', '2001:db8:0:0:1::1', '192.0.2.1']],
    ] as const) {
      const nonce = nonces.issue(sentTo);
      assert.equal(nonces.judge(nonce, sentTo, 1), 'good');
      for (const other of others) assert.equal(nonces.judge(nonce, other, 1), 'stale', other);
      assert.equal(nonces.judge(nonce, sentTo, 1), 'good', 'what others have tried takes nothing from it');
    }
  });

  test('of before the start are stale, those of another instance are good', () => {
    const machine = new Machine();
    const before = machine.start();
    machine.pass(9);
    const old = before.issue(PHONE);
    machine.pass(1);
    const after = machine.start();
    machine.pass(1);
    assert.equal(after.judge(old, PHONE, 1), 'stale');
    assert.equal(after.judge(before.issue(PHONE), PHONE, 1), 'good');
    assert.equal(before.judge(after.issue(PHONE), PHONE, 1), 'good');
    assert.equal(machine.start('another secret').judge(old, PHONE, 1), 'foreign');
  });

  for (const step of [-HOUR, HOUR, -24 * 365 * HOUR]) {
    test(`are good at all instances when the clock has stepped by ${step} s`, () => {
      const machine = new Machine();
      const [one, other] = [machine.start(), machine.start()];
      machine.pass(60);
      const [own, foreign] = [one.issue(PHONE), other.issue(PHONE)];
      assert.equal(one.spend(own, 1), true);
      machine.step(step);
      assert.equal(one.judge(own, PHONE, 2), 'good', 'its age is known');
      assert.equal(one.judge(own, PHONE, 1), 'stale', 'a count that was used stays used');
      assert.equal(one.judge(foreign, PHONE, 1), 'stale', 'one more challenge');
      const afterwards = machine.start();
      machine.pass(1);
      for (const issuer of [one, other, afterwards]) {
        const nonce = issuer.issue(PHONE);
        for (const judge of [one, other, afterwards]) assert.equal(judge.judge(nonce, PHONE, 1), 'good');
      }
      machine.pass(300);
      assert.equal(one.judge(own, PHONE, 2), 'stale', 'and it ends when it should');
    });
  }

  test('are the one text that was issued, not another that reads the same', () => {
    const nonces = new Machine().start();
    const nonce = nonces.issue(PHONE);
    for (const other of [`${nonce}=`, `${nonce} `, nonce.replace(/.$/, '!$&'), nonce.slice(1), '']) {
      assert.equal(nonces.judge(other, PHONE, 1), 'foreign', other);
      assert.equal(nonces.spend(other, 1), false);
    }
  });
});

describe('counts of a nonce', () => {
  const LIFETIME = 300_000;
  const at = (seconds: number): number => seconds * 1000;

  test('may overtake each other within a window, each of them once', () => {
    const counts = new NonceCounts(LIFETIME);
    const spend = (count: number): boolean => counts.spend('n', at(1), count, at(2));
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
    const counts = new NonceCounts(LIFETIME, 2);
    for (const seconds of [2, 3, 4]) {
      assert.equal(counts.spend(`n${seconds}`, at(seconds), 1, at(5)), true);
    }
    assert.equal(counts.isGood('n2', at(2), 1), false);
    assert.equal(counts.isGood('n2', at(2), 2), false);
    assert.equal(counts.isGood('never used', at(1), 1), false);
    assert.equal(counts.isGood('n3', at(3), 2), true);
    assert.equal(counts.isGood('never used', at(3), 1), true);
  });

  test('are forgotten with their nonce when its time is over', () => {
    const counts = new NonceCounts(LIFETIME, 2);
    assert.equal(counts.spend('a', at(1), 1, at(2)), true);
    assert.equal(counts.spend('b', at(2), 1, at(2)), true);
    assert.equal(counts.spend('c', at(303), 1, at(303)), true);
    assert.equal(counts.isGood('d', at(3), 1), true, 'nothing had to be forgotten before its time');
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Throttle, TOKENLESS_PER_MINUTE } from '../../../src/provisioning/throttle.js';
import { TestClock } from '../../support/clock.js';

const SITE = '192.0.2.7';

function spend(throttle: Throttle, address: string, clock: TestClock): void {
  for (let fetch = 1; fetch <= TOKENLESS_PER_MINUTE; fetch += 1)
    assert.equal(throttle.take(address, clock.now()), null, `fetch ${fetch}`);
}

test('the 600th fetch of a minute is served, the 601st is told when to come again', () => {
  const clock = new TestClock();
  const throttle = new Throttle();
  spend(throttle, SITE, clock);
  assert.equal(throttle.take(SITE, clock.now()), 60);
  clock.advance(45);
  assert.equal(throttle.take(SITE, clock.now()), 15);
});

test('a source is served again when its minute is over, and not a millisecond before', () => {
  const clock = new TestClock();
  const throttle = new Throttle();
  const start = clock.now().getTime();
  spend(throttle, SITE, clock);
  clock.set(new Date(start + 59_999));
  assert.equal(throttle.take(SITE, clock.now()), 1);
  clock.set(new Date(start + 60_000));
  spend(throttle, SITE, clock);
  clock.set(new Date(start + 60_001));
  assert.equal(throttle.take(SITE, clock.now()), 60);
});

test('a /64 is one source, another one is another', () => {
  const clock = new TestClock();
  const throttle = new Throttle();
  spend(throttle, '2001:db8:1:2::1', clock);
  assert.notEqual(throttle.take('2001:db8:1:2:ffff::2', clock.now()), null);
  assert.equal(throttle.take('2001:db8:1:3::1', clock.now()), null);
  assert.equal(throttle.take(SITE, clock.now()), null);
});

test('sources are forgotten when there are too many, those first whose minute began first', () => {
  const clock = new TestClock();
  const throttle = new Throttle();
  spend(throttle, '192.0.2.1', clock);
  const addressOf = (number: number): string => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
  for (let number = 1; number < 10_000; number += 1) throttle.take(addressOf(number), clock.now());
  assert.equal(throttle.size, 10_000);
  assert.notEqual(throttle.take('192.0.2.1', clock.now()), null, 'still remembered');
  throttle.take(addressOf(10_000), clock.now());
  assert.equal(throttle.size, 10_000);
  assert.equal(throttle.take('192.0.2.1', clock.now()), null, 'forgotten');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mac } from '../../../src/domain/mac.js';
import {
  Throttle,
  TOKENLESS_PER_MINUTE,
  UNPROVEN_PER_DEVICE_PER_MINUTE,
  UnprovenThrottle,
} from '../../../src/provisioning/throttle.js';
import { TestClock } from '../../support/clock.js';

const SITE = '192.0.2.7';
const PHONE = '02:00:00:00:00:01' as Mac;

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

test('the /64 prefixes of one /56, and of one /48, share what they may ask for', () => {
  const clock = new TestClock();
  for (const [shift, most] of [
    [0, 4 * TOKENLESS_PER_MINUTE],
    [8, 10 * TOKENLESS_PER_MINUTE],
  ] as const) {
    const throttle = new Throttle();
    const served = Array.from({ length: most + 50 }, (_, number) => {
      const block = ((number % 256) << shift).toString(16);
      return throttle.take(`2001:db8:1:${block}::${number.toString(16)}`, clock.now());
    });
    assert.equal(served.filter((wait) => wait === null).length, most);
    assert.equal(throttle.take('2001:db8:2::1', clock.now()), null, 'another block is another');
  }
});

test('a clock that was set back keeps nobody out', () => {
  const clock = new TestClock();
  const throttle = new Throttle();
  spend(throttle, SITE, clock);
  clock.advance(-3600);
  assert.equal(throttle.take(SITE, clock.now()), null);
});

test('a site of a thousand phones may wait, and be told to come, behind one address', () => {
  const clock = new TestClock();
  const throttle = new UnprovenThrottle();
  for (let round = 0; round < 3; round += 1)
    for (let phone = 0; phone < 1000; phone += 1)
      assert.equal(throttle.take(`phone ${phone}` as Mac, SITE, clock.now()), null);
  assert.equal(throttle.take('phone 1' as Mac, SITE, clock.now()), 60);
});

test('one device from one source is asked for so often, and from another source as often again', () => {
  const clock = new TestClock();
  const throttle = new UnprovenThrottle();
  for (let number = 0; number < UNPROVEN_PER_DEVICE_PER_MINUTE; number += 1)
    assert.equal(throttle.take(PHONE, SITE, clock.now()), null);
  assert.equal(throttle.take(PHONE, SITE, clock.now()), 60);
  assert.equal(throttle.take('02:00:00:00:99:99' as Mac, SITE, clock.now()), null);
  assert.equal(throttle.take(PHONE, '192.0.2.8', clock.now()), null);
  clock.advance(60);
  assert.equal(throttle.take(PHONE, SITE, clock.now()), null);
});

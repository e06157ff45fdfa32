import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { addSeconds } from '../../../src/domain/time.js';
import { GIVE_UP_SECONDS, nextAttemptAt } from '../../../src/domain/webhook-retry.js';

const BEGUN = new Date('2026-03-02T09:00:00.000Z');

/** The seconds after its beginning at which a delivery that always fails is attempted. */
function attempts(random: () => number): number[] {
  const times = [0];
  for (;;) {
    const now = addSeconds(BEGUN, times.at(-1) ?? 0);
    const next = nextAttemptAt({ tries: times.length, begunAt: BEGUN }, now, random());
    if (next === null) return times;
    times.push((next.getTime() - BEGUN.getTime()) / 1000);
  }
}

test('a delivery is tried again after 10 s, ever more rarely, and last after three days', () => {
  const times = attempts(() => 0.5);
  assert.deepEqual(times.slice(0, 7), [0, 10, 50, 210, 850, 3410, 13_650]);
  assert.equal(times.at(-1), GIVE_UP_SECONDS);
  assert.equal(times.length, 19);
});

test('whatever the jitter, the first retry comes within 15 s and the last after three days', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (stream) => {
      const times = attempts(() => Number(stream.next().value));
      const [, first = 0] = times;
      assert.ok(first >= 7.5 && first <= 12.5, String(first));
      assert.equal(times.at(-1), GIVE_UP_SECONDS);
      assert.ok(times.length > 12 && times.length < 30, String(times.length));
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      assert.ok(gaps.every((gap) => gap > 0));
    }),
  );
});

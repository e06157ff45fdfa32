/** Which lines of the audit log that repeat themselves are written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { REPEAT_SECONDS, type Repetition, TOLD_IN_A_ROW, tell } from '../../../src/domain/repetition.js';
import { addSeconds } from '../../../src/domain/time.js';

const START = new Date('2026-03-02T09:00:00.000Z');
const at = (seconds: number): Date => addSeconds(START, seconds);

const cases: [string, Repetition | null, boolean, number, number, number | null, Repetition][] = [
  ['the first', null, false, 1, 0, 0, { toldAt: START, told: 1, untold: 0 }],
  ['the first, several at once', null, false, 9, 0, 0, { toldAt: START, told: 1, untold: 8 }],
  [
    'the same',
    { toldAt: START, told: 1, untold: 8 },
    false,
    2,
    3599,
    null,
    { toldAt: START, told: 1, untold: 10 },
  ],
  [
    'an hour later',
    { toldAt: START, told: 3, untold: 8 },
    false,
    2,
    3600,
    8,
    { toldAt: at(3600), told: 1, untold: 1 },
  ],
  ['a change', { toldAt: START, told: 1, untold: 8 }, true, 1, 5, 8, { toldAt: at(5), told: 2, untold: 0 }],
  [
    'too many changes',
    { toldAt: START, told: 3, untold: 0 },
    true,
    1,
    5,
    null,
    { toldAt: START, told: 3, untold: 1 },
  ],
  [
    'a clock that was set back',
    { toldAt: at(9), told: 3, untold: 7 },
    false,
    1,
    0,
    7,
    { toldAt: START, told: 1, untold: 0 },
  ],
];
for (const [what, before, isChange, times, seconds, repeated, after] of cases)
  test(what, () => {
    const line = repeated === null ? null : { repeated };
    assert.deepEqual(tell(before, isChange, times, at(seconds)), { line, after });
  });

test('whatever comes, so many lines are written in an hour, and nothing is forgotten', () => {
  const coming = fc.record({
    seconds: fc.nat(2000),
    times: fc.integer({ min: 1, max: 50 }),
    isChange: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(coming, { minLength: 1, maxLength: 200 }), (comings) => {
      let known: Repetition | null = null;
      let now = 0;
      let counted = 0;
      const told: number[] = [];
      for (const { seconds, times, isChange } of comings) {
        now += seconds;
        const { line, after } = tell(known, isChange, times, at(now));
        if (line !== null) {
          told.push(now);
          counted += line.repeated + 1;
        }
        known = after;
      }
      assert.equal(
        counted + (known?.untold ?? 0),
        comings.reduce((sum, { times }) => sum + times, 0),
      );
      for (const first of told) {
        const within = told.filter((one) => one >= first && one < first + REPEAT_SECONDS);
        assert.ok(within.length <= TOLD_IN_A_ROW + 1, `${within.length} lines`);
      }
    }),
  );
});

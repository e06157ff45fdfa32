import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROMPT_NAMES } from '../../../sip/ivr/prompt-names.js';
import { waitingTime } from '../../../sip/ivr/waiting-time.js';
import { DURATION_SECONDS } from '../../../src/domain/policy.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('a wait is said to the minute up to ten, to five below an hour, to an hour up to twelve, to a day up to seven', () => {
  const cases: [seconds: number, ...said: string[]][] = [
    [-1, 'try-again', 'in-minutes-1'],
    [0, 'try-again', 'in-minutes-1'],
    [1, 'try-again', 'in-minutes-1'],
    [60, 'try-again', 'in-minutes-1'],
    [61, 'try-again', 'in-minutes-2'],
    [10 * MINUTE, 'try-again', 'in-minutes-10'],
    [10 * MINUTE + 1, 'try-again', 'in-minutes-15'],
    [1800, 'try-again', 'in-minutes-30'],
    [1801, 'try-again', 'in-minutes-35'],
    [55 * MINUTE, 'try-again', 'in-minutes-55'],
    [55 * MINUTE + 1, 'try-again', 'in-hours-1'],
    [HOUR, 'try-again', 'in-hours-1'],
    [HOUR + 1, 'try-again', 'in-hours-2'],
    [12 * HOUR, 'try-again', 'in-hours-12'],
    [12 * HOUR + 1, 'try-again', 'in-days-1'],
    [DAY, 'try-again', 'in-days-1'],
    [DAY + 1, 'try-again', 'in-days-2'],
    [7 * DAY, 'try-again', 'in-days-7'],
    [7 * DAY + 1, 'try-again-later'],
    [DURATION_SECONDS.max, 'try-again-later'],
  ];
  for (const [seconds, ...said] of cases) assert.deepEqual(waitingTime(seconds), said, `${seconds} s`);
});

test('whatever a lock lasts, what is said has been recorded, is never too little and hardly too much', () => {
  const recorded = new Set<string>(PROMPT_NAMES);
  for (let seconds = 1; seconds <= 8 * DAY; seconds += 59) {
    const said = waitingTime(seconds);
    assert.deepEqual(
      said.filter((name) => !recorded.has(name)),
      [],
    );
    if (said[0] === 'try-again-later') {
      assert.ok(seconds > 7 * DAY);
      continue;
    }
    const late = secondsOf(said) - seconds;
    assert.ok(late >= 0 && late < toleranceAt(seconds), `${seconds} s: ${said.join(' ')}, ${late} s late`);
  }
});

function toleranceAt(seconds: number): number {
  if (seconds <= 10 * MINUTE) return MINUTE;
  if (seconds <= HOUR) return 5 * MINUTE;
  return seconds <= 12 * HOUR ? HOUR : DAY;
}

/** What the recordings say, added up. */
function secondsOf(said: readonly string[]): number {
  const units: Readonly<Record<string, number>> = { minutes: MINUTE, hours: HOUR, days: DAY };
  return said.reduce((sum, name) => {
    const [, unit = '', count] = /^in-(\w+)-(\d+)$/.exec(name) ?? [];
    return sum + (units[unit] ?? 0) * Number(count ?? 0);
  }, 0);
}

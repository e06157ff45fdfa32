import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROMPT_NAMES } from '../../../sip/ivr/prompt-names.js';
import { waitingTime } from '../../../sip/ivr/waiting-time.js';
import { DURATION_SECONDS } from '../../../src/domain/policy.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('a wait is said to the minute below an hour, to five minutes below a day, to six hours below two weeks', () => {
  const cases: [seconds: number, ...said: string[]][] = [
    [-1, 'try-again', 'in-minutes-1'],
    [0, 'try-again', 'in-minutes-1'],
    [1, 'try-again', 'in-minutes-1'],
    [60, 'try-again', 'in-minutes-1'],
    [61, 'try-again', 'in-minutes-2'],
    [1800, 'try-again', 'in-minutes-30'],
    [1801, 'try-again', 'in-minutes-31'],
    [59 * MINUTE, 'try-again', 'in-minutes-59'],
    [59 * MINUTE + 1, 'try-again', 'in-hours-1'],
    [HOUR, 'try-again', 'in-hours-1'],
    [HOUR + 1, 'try-again', 'in-hours-1', 'and-minutes-5'],
    [HOUR + 30 * MINUTE, 'try-again', 'in-hours-1', 'and-minutes-30'],
    [2 * HOUR - 1, 'try-again', 'in-hours-2'],
    [23 * HOUR + 55 * MINUTE, 'try-again', 'in-hours-23', 'and-minutes-55'],
    [23 * HOUR + 55 * MINUTE + 1, 'try-again', 'in-days-1'],
    [DAY, 'try-again', 'in-days-1'],
    [DAY + 1, 'try-again', 'in-days-1', 'and-hours-6'],
    [2 * DAY - 1, 'try-again', 'in-days-2'],
    [13 * DAY + 17 * HOUR, 'try-again', 'in-days-13', 'and-hours-18'],
    [14 * DAY, 'try-again', 'in-days-14'],
    [14 * DAY + 1, 'try-again-later'],
    [DURATION_SECONDS.max, 'try-again-later'],
  ];
  for (const [seconds, ...said] of cases) assert.deepEqual(waitingTime(seconds), said, `${seconds} s`);
});

test('whatever a lock lasts, what is said has been recorded, is never too little and hardly too much', () => {
  const recorded = new Set<string>(PROMPT_NAMES);
  for (let seconds = 1; seconds <= 15 * DAY; seconds += 59) {
    const said = waitingTime(seconds);
    assert.deepEqual(
      said.filter((name) => !recorded.has(name)),
      [],
    );
    if (said[0] === 'try-again-later') continue;
    const late = secondsOf(said) - seconds;
    const tolerance = seconds <= HOUR ? MINUTE : seconds <= DAY ? 5 * MINUTE : 6 * HOUR;
    assert.ok(late >= 0 && late < tolerance, `${seconds} s: ${said.join(' ')}, ${late} s late`);
  }
});

/** What the recordings say, added up. */
function secondsOf(said: readonly string[]): number {
  const units: Readonly<Record<string, number>> = { minutes: MINUTE, hours: HOUR, days: DAY };
  return said.reduce((sum, name) => {
    const [, unit = '', count] = /^(?:in|and)-(\w+)-(\d+)$/.exec(name) ?? [];
    return sum + (units[unit] ?? 0) * Number(count ?? 0);
  }, 0);
}

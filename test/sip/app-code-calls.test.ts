/**
 * Calls of unclaimed phones, which are asked for the code of a line, heard and keyed by a phone.
 */
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench, type Bench } from './app-support/bench.js';
import { until } from './app-support/wait.js';

describe('calls of an unclaimed phone', () => {
  let bench: Bench;
  before(async () => {
    bench = await startBench();
  });
  after(() => bench.close());
  afterEach(() => bench.settle());
  beforeEach(() => {
    const { internal } = bench;
    internal.opened = { languages: ['en'], asks: 'code', papDigits: 6, state: 'needed', attemptsLeft: 3 };
    internal.verdicts = [{ kind: 'accepted' }];
  });
  const attempts = (): string[] => bench.internal.received.attempts.map(({ digits }) => digits);

  test('*89 asks for a code, takes one of eight digits with a pause in it, and announces the verdict', async () => {
    const phone = await bench.phone();
    const call = await phone.call('*89');
    await call.answered();
    await call.heard('enter-code');
    call.media.key('123456');
    await new Promise((resolve) => setTimeout(resolve, 2500)); // longer than what closes a PAP
    call.media.key('78#');
    await call.ended();
    assert.deepEqual(attempts(), ['12345678']);
    assert.deepEqual(call.media.hearing.names, ['enter-code', 'code-accepted', 'goodbye']);
    assert.equal((await until('end', () => bench.internal.received.ends[0])).outcome, 'accepted');
  });

  test('wrong codes are told and asked for again, those of another tenant by their own words', async () => {
    bench.internal.verdicts = [
      { kind: 'wrong', attemptsLeft: 2 },
      { kind: 'other-tenant', attemptsLeft: 1 },
      { kind: 'failed', lockedSeconds: 1800 },
    ];
    const phone = await bench.phone();
    const call = await phone.call('reception');
    await call.answered();
    for (const [round, keys] of ['12#', '1111#', '2222#', '3333#'].entries()) {
      await call.heard('enter-code', round + 1);
      call.media.key(keys);
    }
    await call.ended();
    assert.deepEqual(call.media.hearing.names, [
      'enter-code',
      'code-incomplete',
      'enter-code',
      'code-incorrect',
      'tries-left-2',
      'enter-code',
      'code-other-tenant',
      'tries-left-1',
      'enter-code',
      'not-possible',
      'try-again',
      'in-minutes-30',
      'goodbye',
    ]);
    assert.deepEqual(attempts(), ['1111', '2222', '3333']);
  });

  test('a code that is dialled is a whole attempt: it is judged, announced, and the call is ended', async () => {
    const phone = await bench.phone();
    for (const dialled of ['473829', '*89473829', '*89*473829', '*89*473829%23']) {
      const call = await phone.call(dialled);
      await call.answered();
      await call.ended();
      assert.deepEqual(call.media.hearing.names, ['code-accepted', 'goodbye']);
    }
    bench.internal.verdicts = [{ kind: 'other-tenant', attemptsLeft: 2 }];
    const call = await phone.call('473829');
    await call.answered();
    await call.ended();
    assert.deepEqual(call.media.hearing.names, ['code-other-tenant', 'tries-left-2', 'goodbye']);
    assert.deepEqual(attempts(), Array<string>(5).fill('473829'));
    assert.deepEqual(
      bench.internal.received.openings.map(({ dialled }) => dialled),
      ['code', 'code', 'pap', 'pap', 'code'],
    );
    assert.ok(!bench.logged.some((line) => line.includes('473829')), 'no digits in the log');
  });

  test('an emergency number is no attempt at a code, however many digits it has', async () => {
    bench.internal.emergency = { numbers: ['1122'], targets: [], callerIdentity: null };
    const phone = await bench.phone();
    const call = await phone.call('1122');
    assert.notEqual((await call.response()).status, 200);
    assert.deepEqual(attempts(), []);
    assert.equal((await until('report', () => bench.internal.received.emergencies[0])).dialled, '1122');
  });
});

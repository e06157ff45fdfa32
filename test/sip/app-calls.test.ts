/** Calls to the authentication service, heard and keyed by a phone. */
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench, type Bench } from './app-support/bench.js';
import { until } from './app-support/wait.js';

describe('calls to the authentication service', () => {
  let bench: Bench;
  before(async () => {
    bench = await startBench();
  });
  after(() => bench.close());
  afterEach(() => bench.settle());
  beforeEach(() => {
    const { internal } = bench;
    internal.opened = { languages: ['en'], asks: 'pap', papDigits: 6, state: 'needed', attemptsLeft: 3 };
    internal.verdicts = [{ kind: 'accepted' }];
    internal.verdictDelay = 0;
  });

  test('the right PIN and # are asked for, judged, announced, and the call is ended', async () => {
    const phone = await bench.phone();
    const call = await phone.call('*89');
    await call.answered();
    await call.heard('enter-pin-6');
    call.media.key('123456#');
    await call.ended();
    assert.deepEqual(call.media.hearing.names, ['enter-pin-6', 'authenticated', 'goodbye']);
    const end = await until('end', () => bench.internal.received.ends[0]);
    assert.equal(end.outcome, 'accepted');
    assert.deepEqual(
      bench.internal.received.attempts.map(({ digits }) => digits),
      ['123456'],
    );
  });

  test('three wrong PINs: what is wrong, how many tries are left, and for how long it is locked', async () => {
    bench.internal.verdicts = [
      { kind: 'wrong', attemptsLeft: 2 },
      { kind: 'wrong', attemptsLeft: 1 },
      { kind: 'failed', lockedSeconds: 1800 },
    ];
    const phone = await bench.phone();
    const call = await phone.call('*89');
    await call.answered();
    for (const [round, digits] of ['111111#', '222222#', '333333#'].entries()) {
      await call.heard('enter-pin-6', round + 1);
      call.media.key(digits);
    }
    await call.ended();
    assert.deepEqual(call.media.hearing.names, [
      'enter-pin-6',
      'pin-incorrect',
      'tries-left-2',
      'enter-pin-6',
      'pin-incorrect',
      'tries-left-1',
      'enter-pin-6',
      'not-possible',
      'try-again',
      'in-minutes-30',
      'goodbye',
    ]);
    assert.equal((await until('end', () => bench.internal.received.ends[0])).outcome, 'locked');
  });

  test('a key interrupts the question, and no digit is lost by it', async () => {
    const phone = await bench.phone();
    const call = await phone.call('*89');
    await call.answered();
    await until('first sound', () => call.media.hearing.firstSoundAt);
    call.media.key('123456#');
    await call.ended();
    const [question] = call.media.hearing.heard;
    assert.ok(
      question!.milliseconds < 500,
      `the question of 800 ms stops, after ${question!.milliseconds} ms`,
    );
    assert.deepEqual(
      bench.internal.received.attempts.map(({ digits }) => digits),
      ['123456'],
    );
  });

  test('without # an entry is taken after a short pause, and a late # is not an entry of its own', async () => {
    bench.internal.verdicts = [{ kind: 'wrong', attemptsLeft: 2 }, { kind: 'accepted' }];
    bench.internal.verdictDelay = 500;
    const phone = await bench.phone();
    const call = await phone.call('*89');
    await call.answered();
    await call.heard('enter-pin-6');
    call.media.key('111111');
    await until('attempt', () => bench.internal.received.attempts.length === 1);
    call.media.key('#');
    await call.heard('enter-pin-6', 2);
    call.media.key('222222#');
    await call.ended();
    assert.deepEqual(
      bench.internal.received.attempts.map(({ digits }) => digits),
      ['111111', '222222'],
    );
    assert.ok(!call.media.hearing.names.includes('no-input'));
  });

  test('what is keyed while a verdict is asked for and announced is the next entry', async () => {
    bench.internal.verdicts = [{ kind: 'wrong', attemptsLeft: 2 }, { kind: 'accepted' }];
    bench.internal.verdictDelay = 700;
    const phone = await bench.phone();
    const call = await phone.call('*89');
    await call.answered();
    await call.heard('enter-pin-6');
    call.media.key('111111#222');
    await call.heard('pin-incorrect');
    call.media.key('222#');
    await call.ended();
    assert.deepEqual(
      bench.internal.received.attempts.map(({ digits }) => digits),
      ['111111', '222222'],
    );
  });

  test('empty and short entries are asked again three times, then the caller is let go', async () => {
    const phone = await bench.phone();
    const call = await phone.call('*89');
    await call.answered();
    for (const [round, keys] of ['123#', '#', '1234567#', '12*#'].entries()) {
      await call.heard('enter-pin-6', round + 1);
      call.media.key(keys);
    }
    await call.ended();
    const said = call.media.hearing.names.filter((name) => name !== 'enter-pin-6');
    assert.deepEqual(said, ['incomplete', 'no-input', 'incomplete', 'no-input', 'goodbye']);
    assert.equal(bench.internal.received.attempts.length, 0);
    assert.equal((await until('end', () => bench.internal.received.ends[0])).outcome, 'no-input');
  });

  test('each state is announced and the call ended', async () => {
    const phone = await bench.phone();
    const states = [
      [{ state: 'failed', lockedSeconds: 61 }, ['not-possible', 'try-again', 'in-minutes-2', 'goodbye']],
      [{ state: 'blocked' }, ['blocked', 'goodbye']],
      [{ state: 'successful' }, ['already-authenticated', 'goodbye']],
      [{ state: 'expired' }, ['pin-expired', 'goodbye']],
      [{ state: 'unauthorized' }, ['administrator-must-authorize', 'goodbye']],
    ] as const;
    for (const [state, said] of states) {
      bench.internal.opened = { languages: ['de'], asks: 'pap', papDigits: 6, ...state };
      const call = await phone.call('*89');
      await call.answered();
      call.media.key('123456#');
      await call.ended();
      assert.deepEqual(call.media.hearing.names, said);
    }
    assert.equal(bench.internal.received.attempts.length, 0);
  });

  test('a PIN in the dial string is a whole attempt, with %23 for # as without', async () => {
    const phone = await bench.phone();
    const calling = ['*89*123456', '*89*123456%23', '*89*123456#'].map((dialled) => phone.call(dialled));
    for (const call of await Promise.all(calling)) {
      await call.answered();
      await call.ended();
      assert.deepEqual(call.media.hearing.names, ['authenticated', 'goodbye']);
    }
    bench.internal.verdicts = [{ kind: 'wrong', attemptsLeft: 2 }];
    const call = await phone.call('*89*654321');
    await call.answered();
    await call.ended();
    assert.deepEqual(call.media.hearing.names, ['pin-incorrect', 'tries-left-2', 'goodbye']);
    const attempts = bench.internal.received.attempts.map(({ digits }) => digits);
    assert.deepEqual(attempts, ['123456', '123456', '123456', '654321']);
    assert.ok(!bench.logged.some((line) => /123456|654321/.test(line)), 'no digits in the log');
  });

  test('keys by SIP INFO count, and once when they come by RTP too', async () => {
    const phone = await bench.phone();
    const call = await phone.call('*89');
    await call.answered();
    await call.heard('enter-pin-6');
    for (const digit of '1123') {
      call.media.key(digit);
      assert.equal((await call.info(digit)).status, 200);
    }
    for (const digit of ['4', '4', '11'])
      assert.equal((await call.info(digit, 'application/dtmf')).status, 200);
    await call.ended();
    assert.deepEqual(
      bench.internal.received.attempts.map(({ digits }) => digits),
      ['112344'],
    );
  });

  test('a phone that offers no telephone-event is heard by its tones', async () => {
    const phone = await bench.phone();
    const call = await phone.call('*89', { telephoneEvent: false });
    await call.answered();
    await call.heard('enter-pin-6');
    call.media.keyTones('192837#');
    await call.ended();
    assert.deepEqual(
      bench.internal.received.attempts.map(({ digits }) => digits),
      ['192837'],
    );
  });

  test('two calls of one phone do not hear of each other', async () => {
    const phone = await bench.phone();
    const calls = await Promise.all([phone.call('*89'), phone.call('*89')]);
    for (const [index, call] of calls.entries()) {
      await call.answered();
      await call.heard('enter-pin-6');
      call.media.key(index === 0 ? '111111#' : '222222#');
    }
    for (const call of calls) await call.ended();
    const attempts = bench.internal.received.attempts.map(({ digits }) => digits);
    assert.deepEqual(attempts.sort(), ['111111', '222222']);
  });

  test('a verdict that cannot be had is not guessed at', async () => {
    const phone = await bench.phone();
    const call = await phone.call('*89');
    await call.answered();
    await call.heard('enter-pin-6');
    bench.internal.broken = true;
    call.media.key('123456#');
    await call.ended();
    bench.internal.broken = false;
    assert.deepEqual(call.media.hearing.names, ['enter-pin-6', 'not-possible', 'try-again-later', 'goodbye']);
    const end = await until('end, reported late', () => bench.internal.received.ends[0]);
    assert.equal(end.outcome, 'error');
  });
});

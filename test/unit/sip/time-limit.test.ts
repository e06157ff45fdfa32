import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { awaitedNow } from '../../../sip/awaited-time.js';
import { firstOf, pause, TimeLimitExceeded, unlessAborted, within } from '../../../sip/time-limit.js';

const never = new Promise<never>(() => undefined);

describe('waiting with a limit', () => {
  test('a value in time is passed on, so is a failure; a late one is a TimeLimitExceeded', async () => {
    assert.equal(await within(1000, 'x', Promise.resolve(1)), 1);
    await assert.rejects(within(1000, 'x', Promise.reject(new Error('no'))), /no/);
    await assert.rejects(within(5, 'x', never), TimeLimitExceeded);
  });

  test('a late value can be disposed of, a late failure disturbs nobody', async () => {
    const late = await new Promise((resolve) => {
      const slow = new Promise<number>((settle) => setTimeout(settle, 20, 7));
      within(5, 'x', slow, resolve).catch(() => undefined);
    });
    assert.equal(late, 7);
    const failing = new Promise((_resolve, reject) => setTimeout(reject, 20, new Error('late')));
    await assert.rejects(within(5, 'x', failing), TimeLimitExceeded);
    // an unhandled rejection would fail this test
    await new Promise((resolve) => setTimeout(resolve, 30));
  });

  test('an abort ends the waiting with undefined, and a failure afterwards disturbs nobody', async () => {
    assert.equal(await unlessAborted(AbortSignal.abort(), Promise.reject(new Error('unseen'))), undefined);
    const controller = new AbortController();
    const waiting = unlessAborted(controller.signal, never);
    controller.abort();
    assert.equal(await waiting, undefined);
    assert.equal(await unlessAborted(new AbortController().signal, Promise.resolve(2)), 2);
    await pause(60_000, AbortSignal.abort());
  });

  test('the first of several signals counts, or the time; a released one stays silent', async () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const both = firstOf([one.signal, two.signal]);
    two.abort();
    assert.equal(both.signal.aborted, true);
    const released = firstOf([one.signal], 5);
    released.release();
    one.abort();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(released.signal.aborted, false);
    const timed = firstOf([], 5);
    await new Promise((resolve) => timed.signal.addEventListener('abort', resolve));
  });
});

test('a process that stands still does not take its own slowness for the silence of others', async () => {
  const answered = within(150, 'an answer', new Promise((resolve) => setTimeout(resolve, 50, 'here')));
  const standsStillUntil = performance.now() + 400;
  while (performance.now() < standsStillUntil);
  assert.equal(await answered, 'here');
  const waitedSince = awaitedNow();
  await assert.rejects(within(150, 'an answer', never), TimeLimitExceeded);
  assert.ok(awaitedNow() - waitedSince >= 100);
});

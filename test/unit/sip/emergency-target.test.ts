/** How long a target is waited for: with a clock that stands still until it is turned. */
import assert from 'node:assert/strict';
import { mock, test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { CallerProgress } from '../../../sip/emergency/caller-progress.js';
import { callTarget, type TargetOutcome } from '../../../sip/emergency/emergency-target.js';
import type { Invitation } from '../../../sip/caller.js';
import type { LegProgress } from '../../../sip/leg.js';

interface Called {
  progress: LegProgress;
  /** The target's 200. */
  answer: () => void;
  fail: (status: number) => void;
  cancels: number;
  byes: number;
  /** What the caller was sent. */
  sent: number[];
  hangUp: () => void;
  outcome: Promise<TargetOutcome>;
}

/** Calls a target that does nothing by itself. */
function callOne(t: TestContext, isLast: boolean): Called {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const cancelling = new AbortController();
  const called: Partial<Called> & Pick<Called, 'cancels' | 'byes' | 'sent'> = {
    cancels: 0,
    byes: 0,
    sent: [],
  };
  const dialog = { remote: { sdp: 'v=0' }, connected: true, on: () => undefined, once: () => undefined };
  const callee = { ...dialog, destroy: async () => void (called.byes += 1) };
  const server = {
    lost: new AbortController().signal,
    call: (_leg: unknown, progress: LegProgress) => {
      called.progress = progress;
      progress.onSent({ cancel: () => (called.cancels += 1) } as never);
      return new Promise((resolve, reject) => {
        called.answer = () => resolve(callee);
        called.fail = (status) => reject(Object.assign(new Error('refused'), { status }));
      });
    },
    answer: async (
      _request: unknown,
      _response: unknown,
      _options: unknown,
      connect: (caller: unknown) => void,
    ) => connect(callee),
  };
  const body = 'v=0\r\nm=audio 4000 RTP/AVP 0\r\n';
  const request = { body, payload: [], get: () => undefined };
  const response = { finalResponseSent: false, send: (status: number) => called.sent.push(status) };
  const caller = { user: null, dialled: '112', source: { protocol: 'udp', address: '127.0.0.1', port: 1 } };
  const invitation = {
    server,
    request,
    response,
    caller,
    cancelled: cancelling.signal,
  } as unknown as Invitation;
  const call = {
    target: 'sip:112@a',
    shown: { identity: null, isKnown: false, installationNumber: null, domain: 'd' },
    isLast,
    onConnected: () => () => undefined,
  };
  called.outcome = callTarget(
    invitation,
    { ...call, progress: new CallerProgress(invitation) },
    pino({ level: 'silent' }),
  );
  called.hangUp = () => cancelling.abort();
  return called as Called;
}

const provisional = (status: number) => ({ status, body: '', has: () => false }) as never;

test('a target that is silent for six seconds is cancelled, and ended should it answer then', async (t) => {
  const called = callOne(t, false);
  mock.timers.tick(5999);
  assert.equal(called.cancels, 0);
  mock.timers.tick(1);
  assert.deepEqual(await called.outcome, { kind: 'failed', status: 408, reason: 'no sign of life' });
  assert.equal(called.cancels, 1);
  called.answer();
  await new Promise(setImmediate);
  assert.equal(called.byes, 1);
});

test('one that is trying has fifteen seconds more until it must ring', async (t) => {
  const called = callOne(t, false);
  mock.timers.tick(5000);
  called.progress.onProvisional(provisional(100));
  mock.timers.tick(14_999);
  assert.equal(called.cancels, 0);
  mock.timers.tick(1);
  assert.equal((await called.outcome).kind, 'failed');
  assert.deepEqual(called.sent, [], 'the caller has had his 100');
});

test('one that rings is waited for as long as the caller wants, and so is the last one', async (t) => {
  const called = callOne(t, false);
  called.progress.onProvisional(provisional(180));
  mock.timers.tick(300_000);
  assert.deepEqual([called.cancels, called.sent], [0, [180]]);
  called.answer();
  assert.deepEqual(await called.outcome, { kind: 'connected' });
  mock.timers.reset();

  const last = callOne(t, true);
  mock.timers.tick(30_000);
  last.progress.onProvisional(provisional(100));
  mock.timers.tick(300_000);
  assert.equal(last.cancels, 0);
  last.fail(486);
  assert.deepEqual(await last.outcome, { kind: 'failed', status: 486, reason: 'refused' });
});

test('a caller who hangs up ends the hunt, and a target that answers at that moment is ended', async (t) => {
  const called = callOne(t, false);
  called.progress.onProvisional(provisional(180));
  called.hangUp();
  assert.equal(called.cancels, 1);
  called.answer();
  assert.deepEqual(await called.outcome, { kind: 'cancelled' });
  assert.equal(called.byes, 1);
});

test('progress that has no name is progress all the same', (t) => {
  const called = callOne(t, false);
  for (const status of [182, 199, 150]) called.progress.onProvisional(provisional(status));
  assert.deepEqual(called.sent, [182, 183, 183]);
  called.hangUp();
  called.fail(487);
});

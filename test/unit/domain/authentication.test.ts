/** The times of the state machine, to the millisecond, and what each change leaves behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isPapValid,
  isSuspended,
  lookAt,
  newAuthentication,
  reset,
  resume,
  succeed,
  suspend,
} from '../../../src/domain/authentication.js';
import { refuseEntry } from '../../../src/domain/entry.js';
import { DEFAULT_POLICY, completePolicy } from '../../../src/domain/policy.js';
import { callerOf, enter } from './entries.js';

const START = new Date('2026-03-02T09:00:00Z');
const after = (seconds: number, milliseconds = 0): Date =>
  new Date(START.getTime() + seconds * 1000 + milliseconds);
const fresh = newAuthentication(DEFAULT_POLICY, START);

function failedTimes(times: number, policy = DEFAULT_POLICY, at = START) {
  let authentication = fresh;
  for (let index = 0; index < times; index += 1) {
    ({ authentication } = enter(authentication, policy, false, at));
  }
  return authentication;
}

test('a new device needs authentication and has a PAP of the policy’s length', () => {
  assert.deepEqual(fresh, {
    state: 'needed',
    wrongInRow: 0,
    lockouts: 0,
    failedUntil: null,
    suspendedAt: null,
    suspendedUntil: null,
    pap: { serial: 1, digits: 6, issuedAt: START },
    nextPapSerial: 2,
    authenticatedBy: null,
  });
});

test('a lock lasts 1800 s, not a millisecond longer or shorter', () => {
  const failed = failedTimes(3);
  assert.deepEqual([failed.state, failed.failedUntil], ['failed', after(1800)]);
  assert.equal(lookAt(failed, after(1800, -1)).state, 'failed');
  assert.equal(lookAt(failed, after(1800)).state, 'needed');
  assert.equal(lookAt(failed, after(1800, 1)).state, 'needed');
  assert.equal(lookAt(failed, after(1800, -1)), failed);
});

test('the lock that has ended counts towards being blocked, its attempts do not', () => {
  const needed = lookAt(failedTimes(3), after(1800));
  assert.deepEqual([needed.lockouts, needed.wrongInRow, needed.failedUntil], [1, 0, null]);
});

test('the third lock blocks, whatever time passes', () => {
  const policy = { ...DEFAULT_POLICY, maxAttempts: 1 };
  let authentication = fresh;
  const states: string[] = [];
  for (let lock = 0; lock < 3; lock += 1) {
    ({ authentication } = enter(authentication, policy, false, after(lock * 1800)));
    states.push(authentication.state);
  }
  assert.deepEqual(states, ['failed', 'failed', 'blocked']);
  assert.equal(lookAt(authentication, after(10 * 365 * 86_400)).state, 'blocked');
  assert.equal(authentication.failedUntil, null);
});

test('a suspension lasts 1800 s, not a millisecond longer or shorter, and leaves the state alone', () => {
  const suspended = suspend(failedTimes(3), DEFAULT_POLICY, START);
  assert.equal(suspended.state, 'failed');
  assert.equal(isSuspended(suspended, after(1800, -1)), true);
  assert.equal(isSuspended(suspended, after(1800)), false);
  assert.equal(isSuspended(suspended, after(1800, 1)), false);
  assert.equal(isSuspended(fresh, START), false);
});

test('a suspension that is made longer goes on; one after it is another', () => {
  const begun = suspend(fresh, DEFAULT_POLICY, START);
  assert.deepEqual(suspend(begun, DEFAULT_POLICY, after(60)).suspendedAt, START);
  assert.deepEqual(suspend(begun, DEFAULT_POLICY, after(1800)).suspendedAt, after(1800));
  assert.deepEqual(suspend(resume(begun), DEFAULT_POLICY, after(60)).suspendedAt, after(60));
});

test('a PAP with a lifetime is good until its last millisecond', () => {
  const policy = { ...DEFAULT_POLICY, papLifetimeSeconds: 3600 };
  assert.equal(isPapValid(fresh, policy, after(3600, -1)), true);
  assert.equal(isPapValid(fresh, policy, after(3600)), false);
  assert.equal(isPapValid(fresh, policy, after(3600, 1)), false);
  assert.equal(isPapValid(fresh, DEFAULT_POLICY, after(10 * 365 * 86_400)), true);
  assert.equal(isPapValid(succeed(fresh, 'pap'), DEFAULT_POLICY, START), false);
  for (const [milliseconds, refusal] of [
    [-1, null],
    [0, { kind: 'refused', because: 'expired' }],
    [1, { kind: 'refused', because: 'expired' }],
  ] as const) {
    const now = after(3600, milliseconds);
    assert.deepEqual(refuseEntry(callerOf(fresh, policy, now), now), refusal);
    assert.equal(enter(fresh, policy, true, now).verdict.kind, refusal === null ? 'accepted' : 'refused');
  }
});

test('success clears what counted and retires the PAP', () => {
  const { authentication, verdict } = enter(failedTimes(2), DEFAULT_POLICY, true, START);
  assert.deepEqual(verdict, { kind: 'accepted' });
  assert.deepEqual(authentication, {
    ...fresh,
    state: 'successful',
    pap: null,
    authenticatedBy: 'pap',
  });
});

test('a reset leads out of every state, with a PAP that was never used', () => {
  const suspended = suspend(fresh, DEFAULT_POLICY, START);
  const blocked = failedTimes(1, { ...DEFAULT_POLICY, maxAttempts: 1, maxLockouts: 1 });
  for (const authentication of [
    fresh,
    suspended,
    failedTimes(2),
    failedTimes(3),
    blocked,
    succeed(fresh, 'pap'),
  ]) {
    const policy = { ...DEFAULT_POLICY, papDigits: 8 };
    assert.deepEqual(reset(authentication, policy, after(5)), {
      ...fresh,
      pap: { serial: 2, digits: 8, issuedAt: after(5) },
      nextPapSerial: 3,
    });
  }
});

test('a tenant’s policy is the defaults with what it chose', () => {
  assert.deepEqual(completePolicy({}), DEFAULT_POLICY);
  assert.deepEqual(completePolicy({ maxAttempts: 5, papLifetimeSeconds: 60 }), {
    ...DEFAULT_POLICY,
    maxAttempts: 5,
    papLifetimeSeconds: 60,
  });
});

/**
 * Walks the state machine at random beside a model of it (`authentication-model.ts`).
 * Whatever the walk, both agree on every verdict and every state.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  type Authentication,
  isSuspended,
  lookAt,
  newAuthentication,
  reset,
  succeed,
  suspend,
} from '../../../src/domain/authentication.js';
import { applyEntry, refuseEntry } from '../../../src/domain/entry.js';
import { type EntryLock, type LaterPhoneLocks, NO_LOCKS } from '../../../src/domain/later-phones.js';
import { DEFAULT_POLICY, type Policy } from '../../../src/domain/policy.js';
import { Model, inWords, sourceOfPhone } from './authentication-model.js';
import { callerOf } from './entries.js';

type Step =
  | { do: 'attempt'; right: boolean; from: number }
  | { do: 'wait'; milliseconds: number }
  /** To the very moment at which the last lock ends, give or take. */
  | { do: 'wait-for-lock'; plus: number }
  | { do: 'reset' }
  | { do: 'suspend' }
  | { do: 'trust' };

const policies = fc
  .record({
    maxAttempts: fc.integer({ min: 1, max: 4 }),
    lockoutSeconds: fc.integer({ min: 1, max: 5 }),
    maxLockouts: fc.integer({ min: 1, max: 4 }),
    suspensionSeconds: fc.integer({ min: 1, max: 5 }),
    papLifetimeSeconds: fc.option(fc.integer({ min: 1, max: 20 })),
    lockoutScope: fc.constantFrom('device' as const, 'device-and-source' as const),
  })
  .map((values): Policy => ({ ...DEFAULT_POLICY, ...values }));

const attempts = (right: fc.Arbitrary<boolean>) =>
  fc.record({ do: fc.constant('attempt' as const), right, from: fc.nat(3) });

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: attempts(fc.boolean()) },
    { weight: 9, arbitrary: attempts(fc.constant(false)) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), milliseconds: fc.nat(6000) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('wait-for-lock' as const),
        plus: fc.integer({ min: -1, max: 1 }),
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'reset' }, { do: 'suspend' }, { do: 'trust' }) },
  ),
  { maxLength: 60 },
);

/** What the real one remembers: of the device, and of later phones. */
interface Real {
  authentication: Authentication;
  locks: Record<string, EntryLock>;
}

const realOf = (authentication: Authentication): Real => ({ authentication, locks: {} });

/** What counts for a phone; null for the first. */
function locksOf({ locks }: Real, policy: Policy, phone: number): LaterPhoneLocks | null {
  if (phone === 0 || policy.lockoutScope === 'device') return null;
  return {
    phone: locks[`phone ${phone}`] ?? NO_LOCKS.phone,
    source: locks[sourceOfPhone(phone)] ?? NO_LOCKS.source,
    all: locks.all ?? NO_LOCKS.all,
  };
}

function withLocks(locks: Real['locks'], changed: LaterPhoneLocks | null, phone: number): Real['locks'] {
  if (changed === null) return locks;
  return {
    ...locks,
    [`phone ${phone}`]: changed.phone,
    [sourceOfPhone(phone)]: changed.source,
    all: changed.all,
  };
}

/** One step of the real one; the model takes the same. */
function take(step: Step, real: Real, model: Model, policy: Policy, now: number): [Real, number] {
  const at = new Date(now);
  const { authentication } = real;
  switch (step.do) {
    case 'attempt': {
      const caller = callerOf(authentication, policy, at, locksOf(real, policy, step.from));
      const applied = applyEntry(caller, step.right, at);
      const expected = model.attempt(step.right, step.from, now);
      assert.equal(inWords(applied.verdict), expected);
      // What is refused has changed nothing at all.
      if (applied.verdict.kind === 'refused') {
        assert.equal(applied.authentication, authentication);
        assert.equal(applied.locks, caller.locks);
        return [real, now];
      }
      if (applied.verdict.kind === 'accepted') return [realOf(applied.authentication), now];
      return [
        {
          authentication: applied.authentication,
          locks: withLocks(real.locks, applied.locks, step.from),
        },
        now,
      ];
    }
    case 'wait':
      return [real, now + step.milliseconds];
    case 'wait-for-lock':
      return [
        real,
        Math.max(
          now,
          ...[model.lockedUntil, ...Object.values(model.lockedOfUntil)].map((end) => end + step.plus),
        ),
      ];
    case 'reset':
      model.reset(now);
      return [realOf(reset(authentication, policy, at)), now];
    case 'suspend':
      model.suspendedUntil = now + policy.suspensionSeconds * 1000;
      return [{ ...real, authentication: suspend(authentication, policy, at) }, now];
    case 'trust':
      model.succeed();
      return [realOf(succeed(authentication, 'network')), now];
  }
}

test('every walk through the states agrees with the table', () => {
  fc.assert(
    fc.property(policies, steps, fc.boolean(), (policy, walk, writesLapsedLocks) => {
      const model = new Model(policy);
      let now = 0;
      let real = realOf(newAuthentication(policy, new Date(now)));
      for (const step of walk) {
        [real, now] = take(step, real, model, policy, now);
        const at = new Date(now);
        const seen = lookAt(real.authentication, at);
        assert.equal(seen.state, model.state(now));
        assert.equal(isSuspended(real.authentication, at), now < model.suspendedUntil);
        assert.equal(real.authentication.nextPapSerial, model.papsIssued + 1);
        assert.equal(seen.pap?.issuedAt.getTime() ?? null, model.papIssued);
        assert.deepEqual([seen.wrongInRow, seen.lockouts], [model.wrong, model.locks]);
        // Whether somebody wrote down that a lock ended must make no difference.
        if (writesLapsedLocks) real = { ...real, authentication: seen };
      }
    }),
    { numRuns: 2000 },
  );
});

test('no walk gets more wrong verdicts out of a device between resets than the policy allows', () => {
  fc.assert(
    fc.property(policies, steps, (policy, walk) => {
      const model = new Model(policy);
      let now = 0;
      let real = realOf(newAuthentication(policy, new Date(now)));
      let wrong = 0;
      for (const step of walk) {
        const at = new Date(now);
        const isChecked =
          step.do === 'attempt' &&
          refuseEntry(callerOf(real.authentication, policy, at, locksOf(real, policy, step.from)), at) ===
            null;
        if (isChecked && !step.right) wrong += 1;
        if (step.do === 'reset' || step.do === 'trust' || (isChecked && step.right)) wrong = 0;
        [real, now] = take(step, real, model, policy, now);
        const perLock = policy.maxAttempts * (policy.lockoutScope === 'device' ? 1 : 1 + 3);
        assert.ok(wrong <= perLock * policy.maxLockouts);
      }
    }),
    { numRuns: 500 },
  );
});

test('whatever later phones do, the first has its own tries, and only they lock or block the device', () => {
  fc.assert(
    fc.property(policies, steps, (chosen, walk) => {
      const policy: Policy = { ...chosen, lockoutScope: 'device-and-source' };
      const all = runWalk(policy, walk);
      const alone = runWalk(
        policy,
        walk.map((step) =>
          // The time passes, and nothing else; a success of theirs is another matter.
          step.do === 'attempt' && step.from > 0 ? { do: 'wait', milliseconds: 0 } : step,
        ),
      );
      if (!all.laterSucceeded) assert.deepEqual(all.ofFirst, alone.ofFirst);
    }),
    { numRuns: 1000 },
  );
});

/**
 * What the first phone heard and the states it saw in a walk. Locks of later phones are not waited
 * for: that would be another walk.
 */
function runWalk(policy: Policy, walk: readonly Step[]): { ofFirst: string[]; laterSucceeded: boolean } {
  let now = 0;
  let real = realOf(newAuthentication(policy, new Date(now)));
  const ofFirst: string[] = [];
  let laterSucceeded = false;
  for (const step of walk) {
    const at = new Date(now);
    if (step.do === 'attempt') {
      const caller = callerOf(real.authentication, policy, at, locksOf(real, policy, step.from));
      const { authentication, locks, verdict } = applyEntry(caller, step.right, at);
      if (step.from === 0) ofFirst.push(inWords(verdict));
      else laterSucceeded ||= verdict.kind === 'accepted';
      real = { authentication, locks: withLocks(real.locks, locks, step.from) };
    } else if (step.do === 'reset') real = realOf(reset(real.authentication, policy, at));
    else if (step.do === 'wait') now += step.milliseconds;
    ofFirst.push(lookAt(real.authentication, new Date(now)).state);
  }
  return { ofFirst, laterSucceeded };
}

test('no PAP is ever issued twice', () => {
  fc.assert(
    fc.property(policies, steps, (policy, walk) => {
      const model = new Model(policy);
      let now = 0;
      let real = realOf(newAuthentication(policy, new Date(now)));
      const issued = [1];
      for (const step of walk) {
        [real, now] = take(step, real, model, policy, now);
        if (step.do === 'reset') issued.push(real.authentication.pap?.serial ?? Number.NaN);
      }
      assert.equal(new Set(issued).size, issued.length);
    }),
  );
});

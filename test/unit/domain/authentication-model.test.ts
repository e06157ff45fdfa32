/**
 * Walks the state machine at random beside a second one, written from the table of states alone: flat numbers, no knowledge of the first.
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
import { type Verdict, applyEntry, refuseEntry } from '../../../src/domain/entry.js';
import { DEFAULT_POLICY, type Policy } from '../../../src/domain/policy.js';
import type { SourceLock } from '../../../src/domain/source-lock.js';
import { callerOf } from './entries.js';

type Step =
  | { do: 'attempt'; right: boolean; from: number }
  | { do: 'wait'; milliseconds: number }
  /** To the very moment at which the last lock ends, give or take. */
  | { do: 'wait-for-lock'; plus: number }
  | { do: 'reset' }
  | { do: 'suspend' }
  | { do: 'trust' };

class Model {
  blocked = false;
  successful = false;
  lockedUntil = -1;
  wrong = 0;
  locks = 0;
  suspendedUntil = -1;
  papIssued: number | null = 0;
  papsIssued = 1;
  /** Per source, where the policy counts so. */
  wrongFrom = [0, 0, 0];
  lockedFromUntil = [-1, -1, -1];

  constructor(private readonly policy: Policy) {}

  attempt(right: boolean, from: number, now: number): string {
    const { maxAttempts, maxLockouts, lockoutSeconds, papLifetimeSeconds: lifetime } = this.policy;
    const bySource = this.policy.lockoutScope === 'device-and-source';
    if (this.successful) return 'refused successful';
    if (this.blocked) return 'refused blocked';
    if (now < this.lockedUntil) return `refused failed ${this.lockedUntil}`;
    if (this.papIssued === null || (lifetime !== null && now >= this.papIssued + lifetime * 1000))
      return 'refused expired';
    if (bySource && now < this.lockedFromUntil[from]!) return `refused source ${this.lockedFromUntil[from]}`;
    if (right) {
      this.succeed();
      return 'accepted';
    }
    const end = now + lockoutSeconds * 1000;
    this.wrongFrom[from]! += 1;
    const isSourceLocked = bySource && this.wrongFrom[from] === maxAttempts;
    if (isSourceLocked) {
      this.wrongFrom[from] = 0;
      this.lockedFromUntil[from] = end;
    }
    this.wrong += 1;
    if (this.wrong === maxAttempts * (bySource ? 3 : 1)) {
      this.wrong = 0;
      this.locks += 1;
      this.blocked = this.locks === maxLockouts;
      if (this.blocked) return 'wrong-blocked';
      this.lockedUntil = end;
      return `wrong-failed ${end}`;
    }
    if (isSourceLocked) return `wrong-source-failed ${end}`;
    if (!bySource) return `wrong ${maxAttempts - this.wrong}`;
    return `wrong ${Math.min(maxAttempts - this.wrongFrom[from]!, 3 * maxAttempts - this.wrong)}`;
  }

  succeed(): void {
    Object.assign(this, {
      successful: true,
      blocked: false,
      lockedUntil: -1,
      wrong: 0,
      locks: 0,
      papIssued: null,
      wrongFrom: [0, 0, 0],
      lockedFromUntil: [-1, -1, -1],
    });
  }

  reset(now: number): void {
    const fresh = new Model(this.policy);
    Object.assign(this, fresh, { papIssued: now, papsIssued: this.papsIssued + 1 });
  }

  state(now: number): string {
    if (this.successful) return 'successful';
    if (this.blocked) return 'blocked';
    return now < this.lockedUntil ? 'failed' : 'needed';
  }
}

function inWords(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'accepted':
    case 'wrong-blocked':
      return verdict.kind;
    case 'wrong':
      return `wrong ${verdict.attemptsLeft}`;
    case 'wrong-failed':
    case 'wrong-source-failed':
      return `${verdict.kind} ${verdict.failedUntil.getTime()}`;
    case 'refused':
      return 'until' in verdict
        ? `refused ${verdict.because} ${verdict.until.getTime()}`
        : `refused ${verdict.because}`;
  }
}

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
  fc.record({ do: fc.constant('attempt' as const), right, from: fc.nat(2) });

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

/** What the real one remembers: of the device, and of each source. */
interface Real {
  authentication: Authentication;
  locks: (SourceLock | null)[];
}

const realOf = (authentication: Authentication): Real => ({ authentication, locks: [null, null, null] });

/** One step of the real one; the model takes the same. */
function take(step: Step, real: Real, model: Model, policy: Policy, now: number): [Real, number] {
  const at = new Date(now);
  const { authentication } = real;
  switch (step.do) {
    case 'attempt': {
      const caller = callerOf(authentication, policy, at, real.locks[step.from]);
      const applied = applyEntry(caller, step.right, at);
      const expected = model.attempt(step.right, step.from, now);
      assert.equal(inWords(applied.verdict), expected);
      // What is refused has changed nothing at all.
      if (applied.verdict.kind === 'refused') {
        assert.equal(applied.authentication, authentication);
        assert.equal(applied.lock, caller.lock);
        return [real, now];
      }
      if (applied.verdict.kind === 'accepted') return [realOf(applied.authentication), now];
      return [
        { authentication: applied.authentication, locks: real.locks.with(step.from, applied.lock) },
        now,
      ];
    }
    case 'wait':
      return [real, now + step.milliseconds];
    case 'wait-for-lock':
      return [
        real,
        Math.max(now, model.lockedUntil + step.plus, ...model.lockedFromUntil.map((end) => end + step.plus)),
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
          refuseEntry(callerOf(real.authentication, policy, at, real.locks[step.from]), at) === null;
        if (isChecked && !step.right) wrong += 1;
        if (step.do === 'reset' || step.do === 'trust' || (isChecked && step.right)) wrong = 0;
        [real, now] = take(step, real, model, policy, now);
        const perLock = policy.maxAttempts * (policy.lockoutScope === 'device' ? 1 : 3);
        assert.ok(wrong <= perLock * policy.maxLockouts);
      }
    }),
    { numRuns: 500 },
  );
});

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

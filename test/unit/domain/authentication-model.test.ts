/**
 * Walks the state machine at random beside a second one, written from the table of states alone: flat numbers, no knowledge of the first.
 * Whatever the walk, both agree on every verdict and every state.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  type Authentication,
  type Verdict,
  applyAttempt,
  isSuspended,
  lookAt,
  newAuthentication,
  refuseAttempt,
  reset,
  succeed,
  suspend,
} from '../../../src/domain/authentication.js';
import { DEFAULT_POLICY, type Policy } from '../../../src/domain/policy.js';

type Step =
  | { do: 'attempt'; right: boolean }
  | { do: 'wait'; milliseconds: number }
  /** To the very moment at which the lock ends, give or take. */
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

  constructor(private readonly policy: Policy) {}

  attempt(right: boolean, now: number): string {
    if (this.successful) return 'refused successful';
    if (this.blocked) return 'refused blocked';
    if (now < this.lockedUntil) return `refused failed ${this.lockedUntil}`;
    const lifetime = this.policy.papLifetimeSeconds;
    if (this.papIssued === null || (lifetime !== null && now >= this.papIssued + lifetime * 1000))
      return 'refused expired';
    if (right) {
      this.succeed();
      return 'accepted';
    }
    this.wrong += 1;
    if (this.wrong < this.policy.maxAttempts) return `wrong ${this.policy.maxAttempts - this.wrong}`;
    this.wrong = 0;
    this.locks += 1;
    if (this.locks >= this.policy.maxLockouts) {
      this.blocked = true;
      return 'wrong-blocked';
    }
    this.lockedUntil = now + this.policy.lockoutSeconds * 1000;
    return `wrong-failed ${this.lockedUntil}`;
  }

  succeed(): void {
    Object.assign(this, {
      successful: true,
      blocked: false,
      lockedUntil: -1,
      wrong: 0,
      locks: 0,
      papIssued: null,
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
      return `wrong-failed ${verdict.failedUntil.getTime()}`;
    case 'refused':
      return verdict.because === 'failed'
        ? `refused failed ${verdict.failedUntil.getTime()}`
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
  })
  .map((values): Policy => ({ ...DEFAULT_POLICY, ...values }));

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('attempt' as const), right: fc.boolean() }) },
    { weight: 6, arbitrary: fc.constant<Step>({ do: 'attempt', right: false }) },
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

/** One step of the real one; the model takes the same. */
function take(
  step: Step,
  real: Authentication,
  model: Model,
  policy: Policy,
  now: number,
): [Authentication, number] {
  const at = new Date(now);
  switch (step.do) {
    case 'attempt': {
      const { authentication, verdict } = applyAttempt(real, policy, step.right, at);
      const expected = model.attempt(step.right, now);
      assert.equal(inWords(verdict), expected);
      // What is refused has changed nothing at all.
      if (verdict.kind === 'refused') assert.equal(authentication, real);
      return [authentication, now];
    }
    case 'wait':
      return [real, now + step.milliseconds];
    case 'wait-for-lock':
      return [real, Math.max(now, model.lockedUntil + step.plus)];
    case 'reset':
      model.reset(now);
      return [reset(real, policy, at), now];
    case 'suspend':
      model.suspendedUntil = now + policy.suspensionSeconds * 1000;
      return [suspend(real, policy, at), now];
    case 'trust':
      model.succeed();
      return [succeed(real, 'network'), now];
  }
}

test('every walk through the states agrees with the table', () => {
  fc.assert(
    fc.property(policies, steps, fc.boolean(), (policy, walk, writesLapsedLocks) => {
      const model = new Model(policy);
      let now = 0;
      let real = newAuthentication(policy, new Date(now));
      for (const step of walk) {
        [real, now] = take(step, real, model, policy, now);
        const at = new Date(now);
        const seen = lookAt(real, at);
        assert.equal(seen.state, model.state(now));
        assert.equal(isSuspended(real, at), now < model.suspendedUntil);
        assert.equal(real.nextPapSerial, model.papsIssued + 1);
        assert.equal(seen.pap?.issuedAt.getTime() ?? null, model.papIssued);
        assert.deepEqual([seen.wrongInRow, seen.lockouts], [model.wrong, model.locks]);
        // Whether somebody wrote down that a lock ended must make no difference.
        if (writesLapsedLocks) real = seen;
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
      let real = newAuthentication(policy, new Date(now));
      let wrong = 0;
      for (const step of walk) {
        const isChecked = step.do === 'attempt' && refuseAttempt(real, policy, new Date(now)) === null;
        if (isChecked && !step.right) wrong += 1;
        if (step.do === 'reset' || step.do === 'trust' || (isChecked && step.right)) wrong = 0;
        [real, now] = take(step, real, model, policy, now);
        assert.ok(wrong <= policy.maxAttempts * policy.maxLockouts);
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
      let real = newAuthentication(policy, new Date(now));
      const issued = [1];
      for (const step of walk) {
        [real, now] = take(step, real, model, policy, now);
        if (step.do === 'reset') issued.push(real.pap?.serial ?? Number.NaN);
      }
      assert.equal(new Set(issued).size, issued.length);
    }),
  );
});

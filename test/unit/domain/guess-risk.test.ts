/**
 * The formula of docs/security.md: by hand, and against attacks that are played out under the real
 * rules.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type Sources, guessRisk } from '../../../src/domain/guess-risk.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import { derivePap, openMasterKey } from '../../../src/domain/secrets.js';
import { type Attack, HOUR, type Target, runAttack } from './guess-attacker.js';

const BUDGETS = { perSourcePerHour: 30, perHour: 1000 };
const ANY_NUMBER = { perSourcePerHour: 1e6, perHour: 1e6 };

function riskOf({ targets, budgets, sources, seconds }: Attack) {
  const waiting = targets.map(({ tenantId, devices, policy }) => ({
    tenantId,
    devices,
    papDigits: policy.papDigits,
    policy: { ...DEFAULT_POLICY, ...policy },
  }));
  return guessRisk(waiting, budgets, sources, seconds);
}

const waiting = (devices: number, policy = DEFAULT_POLICY) => [
  { tenantId: 'a', devices, papDigits: policy.papDigits, policy },
];

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected), `${actual} is not ${expected}`);
}

test('one waiting device with the default settings: nine guesses in a million', () => {
  for (const sources of ['one', 'any'] as const) {
    const { chance, guesses, perDevice } = guessRisk(waiting(1), BUDGETS, sources);
    near(chance, 9e-6);
    assert.equal(guesses, 9);
    assert.deepEqual(
      perDevice.map(({ guessesPerDevice }) => guessesPerDevice),
      [9],
    );
    near(perDevice[0]!.chancePerDevice, 9e-6);
  }
});

test('where nothing waits nothing is guessed', () => {
  assert.deepEqual(guessRisk([], BUDGETS, 'any'), {
    chance: 0,
    budget: 8_760_000,
    guesses: 0,
    perDevice: [],
  });
});

test('a fleet is worth more than the budgets of an address, and not more than that of a tenant', () => {
  const fleet = waiting(1_000_000);
  const one = guessRisk(fleet, BUDGETS, 'one');
  // As first phones and as later ones.
  assert.equal(one.guesses, 2 * 30 * 8760);
  near(one.chance, 1 - (1 - 9e-6) ** ((2 * 30 * 8760) / 9));
  const any = guessRisk(fleet, BUDGETS, 'any');
  assert.equal(any.guesses, 300 * 8760);
  near(any.chance, 1 - (1 - 9e-6) ** ((300 * 8760) / 9));
});

test('where later phones are counted apart, each device bears four times the guesses', () => {
  const apart = waiting(1, { ...DEFAULT_POLICY, lockoutScope: 'device-and-source' });
  for (const sources of ['one', 'any'] as const) {
    assert.equal(guessRisk(apart, BUDGETS, sources).guesses, 9 + 27);
  }
});

test('the first attempts of a day pass the budget of all, at each device so many', () => {
  const fleet = Array.from({ length: 5 }, (_, index) => ({ ...waiting(1000)[0]!, tenantId: `${index}` }));
  const oneDay = guessRisk(fleet, { perSourcePerHour: 30, perHour: 10 }, 'any', 86_400);
  assert.equal(oneDay.guesses, 24 * 10 + 5000 * 3);
  assert.equal(oneDay.budget, 24 * 10);
  const one = guessRisk(fleet, { perSourcePerHour: 30, perHour: 10 }, 'one', 86_400);
  assert.equal(one.guesses, 24 * 60);
});

test('longer PAPs are worth their digits', () => {
  const eight = waiting(1000, { ...DEFAULT_POLICY, papDigits: 8 });
  near(guessRisk(eight, BUDGETS, 'any').chance, 1 - (1 - 9e-8) ** 1000);
});

const device = { tenantId: 'a', devices: 1 };
const bySource = { lockoutScope: 'device-and-source' } as const;

/**
 * Small numbers, so that chance shows: PAPs of one or two digits, and hours for a year. Each is
 * played from one address and from many.
 */
const STORIES: Record<string, { targets: Target[]; budgets?: Attack['budgets']; seconds: number }> = {
  'a device until it is blocked': {
    targets: [{ ...device, policy: { papDigits: 2 } }],
    seconds: 10 * HOUR,
  },
  'a device until every PAP has been tried': {
    targets: [{ ...device, policy: { papDigits: 1, maxAttempts: 5 } }],
    seconds: 10 * HOUR,
  },
  'a device until the time is over': {
    targets: [{ ...device, policy: { papDigits: 2, lockoutSeconds: 3 * HOUR, maxLockouts: 10 } }],
    seconds: 7 * HOUR,
  },
  'a device until its PAP has lapsed': {
    targets: [{ ...device, policy: { papDigits: 2, maxLockouts: 10, papLifetimeSeconds: 5400 } }],
    seconds: 10 * HOUR,
  },
  'a device that locks later phones out, until it is blocked': {
    targets: [{ ...device, policy: { papDigits: 2, ...bySource } }],
    seconds: 10 * HOUR,
  },
  'a device that locks later phones out, until the time is over': {
    targets: [{ ...device, policy: { papDigits: 2, ...bySource, maxLockouts: 5 } }],
    seconds: 2 * HOUR,
  },
  'a fleet under the budget of an address': {
    targets: [{ ...device, devices: 5, policy: { papDigits: 2 } }],
    budgets: { perSourcePerHour: 4, perHour: 1000 },
    seconds: 6 * HOUR,
  },
  'a fleet under the budget of all': {
    targets: [{ ...device, devices: 3, policy: { papDigits: 2, ...bySource } }],
    budgets: { perSourcePerHour: 1000, perHour: 5 },
    seconds: 6 * HOUR,
  },
  'two tenants, each under a budget of its own': {
    targets: [
      { tenantId: 'a', devices: 2, policy: { papDigits: 2, guessesPerHour: 2 } },
      { tenantId: 'b', devices: 2, policy: { papDigits: 2, guessesPerHour: 3 } },
    ],
    seconds: 3 * HOUR,
  },
  'short PAPs first': {
    targets: [
      { tenantId: 'a', devices: 1, policy: { papDigits: 1, maxLockouts: 2 } },
      { tenantId: 'b', devices: 3, policy: { papDigits: 2 } },
    ],
    budgets: { perSourcePerHour: 20, perHour: 5 },
    seconds: 2 * HOUR,
  },
};

/** Where limits get into each other's way, an attack gets less. */
test('no attack gets more guesses out of the rules than the formula says', () => {
  const count = (max: number) => fc.integer({ min: 1, max });
  const policy = fc.record({
    papDigits: fc.constantFrom(2, 3),
    maxAttempts: count(4),
    maxLockouts: count(4),
    lockoutSeconds: fc.constantFrom(600, 1800, 5400),
    lockoutScope: fc.constantFrom('device' as const, 'device-and-source' as const),
    guessesPerHour: count(12),
  });
  const targets = fc.array(fc.record({ tenantId: fc.constantFrom('a', 'b'), devices: count(3), policy }), {
    minLength: 1,
    maxLength: 2,
  });
  const budgets = fc.record({ perSourcePerHour: count(8), perHour: count(16) });
  fc.assert(
    fc.property(
      targets,
      budgets,
      fc.constantFrom<Sources>('one', 'any'),
      fc.constantFrom(1, 3, 30),
      (chosen, limits, sources, hours) => {
        // A tenant has one policy.
        const own = new Map(chosen.map((target) => [target.tenantId, target.policy]));
        const played = chosen
          .map((target) => ({ ...target, policy: own.get(target.tenantId) ?? target.policy }))
          .toSorted((a, b) => a.policy.papDigits - b.policy.papDigits);
        const attack: Attack = { targets: played, budgets: limits, sources, seconds: hours * HOUR };
        const made = runAttack(attack, () => null).guesses.reduce((sum, one) => sum + one, 0);
        assert.ok(made <= riskOf(attack).guesses, `${made} are more than ${riskOf(attack).guesses}`);
      },
    ),
    { numRuns: 300 },
  );
});

const RUNS = 1000;
const KEY = openMasterKey('the master key of the simulation');

for (const [name, { targets, budgets = ANY_NUMBER, seconds }] of Object.entries(STORIES)) {
  for (const sources of ['one', 'any'] satisfies Sources[]) {
    const attack: Attack = { targets, budgets, sources, seconds };

    test(`${name}, from ${sources} address: so many guesses, and such a chance`, () => {
      const risk = riskOf(attack);
      // Who never hits guesses as often as the formula says, to the last one.
      const { guesses } = runAttack(attack, () => null);
      assert.deepEqual(
        guesses,
        risk.perDevice.map((one) => one.guesses),
      );

      let hits = 0;
      for (let run = 0; run < RUNS; run += 1) {
        const papOf = (index: number, digits: number) =>
          derivePap(KEY, `${name}-${sources}-${run}-${index}`, 1, digits);
        if (runAttack(attack, papOf).hit) hits += 1;
      }
      // Four standard deviations: the PAPs are always the same, so this holds always or never.
      const deviation = Math.sqrt((risk.chance * (1 - risk.chance)) / RUNS);
      const found = hits / RUNS;
      assert.ok(
        Math.abs(found - risk.chance) <= 4 * deviation,
        `${found} in ${RUNS} attacks, ${risk.chance} by the formula`,
      );
    });
  }
}

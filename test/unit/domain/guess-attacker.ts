/**
 * Somebody who guesses PAPs as fast as the rules let him, at devices that obey the real ones: their states, the locks of addresses, the budgets. What
 * he achieves is counted, not computed.
 */
import { type Authentication, newAuthentication } from '../../../src/domain/authentication.js';
import { type Verdict, applyEntry } from '../../../src/domain/entry.js';
import {
  type BudgetUse,
  GUESS_SECONDS,
  findSpentBudget,
  forgottenUntil,
} from '../../../src/domain/guess-budget.js';
import type { HourlyBudgets, Sources } from '../../../src/domain/guess-risk.js';
import { DEFAULT_POLICY, type Policy } from '../../../src/domain/policy.js';
import type { SourceLock } from '../../../src/domain/source-lock.js';
import { addSeconds } from '../../../src/domain/time.js';
import { callerOf } from './entries.js';

/** Devices of a tenant, and the settings that the attack is about. */
export interface Target {
  tenantId: string;
  devices: number;
  policy: Partial<Policy> & Pick<Policy, 'papDigits'>;
}

export interface Attack {
  /** Those with the shortest PAPs first. */
  targets: readonly Target[];
  budgets: HourlyBudgets;
  sources: Sources;
  /** How long he has. */
  seconds: number;
}

export interface Outcome {
  hit: boolean;
  /** Guesses that were looked at, at each target. */
  guesses: number[];
}

interface Device {
  target: number;
  tenantId: string;
  policy: Policy;
  authentication: Authentication;
  locks: Map<string, SourceLock | null>;
  pap: string;
  guessed: number;
}

interface BudgetOf {
  /** Whose it is. */
  key: string;
  budget: BudgetUse['budget'];
  limit: number;
}

const START = new Date('2026-01-01T00:00:00Z');

/** @param papOf the PAP of the `index`-th device, or null for one that is never guessed */
export function runAttack(attack: Attack, papOf: (index: number, digits: number) => string | null): Outcome {
  return new Run(attack, papOf).run();
}

class Run {
  readonly #devices: Device[];
  /** When wrong guesses were made, oldest first: in all, by each source, at each tenant's devices. */
  readonly #made = new Map<string, Date[]>();
  #now = START;
  #sources = 0;

  constructor(
    private readonly attack: Attack,
    papOf: (index: number, digits: number) => string | null,
  ) {
    this.#devices = attack.targets
      .flatMap((target, index) => Array.from({ length: target.devices }, () => ({ ...target, index })))
      .map(({ tenantId, policy: chosen, index: target }, index) => {
        const policy = { ...DEFAULT_POLICY, ...chosen };
        const authentication = newAuthentication(policy, START);
        const pap = papOf(index, policy.papDigits) ?? 'never';
        return { target, tenantId, policy, authentication, locks: new Map(), pap, guessed: 0 };
      });
  }

  run(): Outcome {
    const end = addSeconds(START, this.attack.seconds);
    let hit = false;
    while (!hit && this.#now < end) {
      const waits: Date[] = [];
      for (const device of this.#devices) {
        const refusedUntil = this.#guessOn(device);
        hit ||= refusedUntil === 'hit';
        if (refusedUntil instanceof Date) waits.push(refusedUntil);
      }
      if (waits.length === 0) break;
      this.#now = new Date(Math.min(...waits.map((wait) => wait.getTime())));
    }
    const guesses = this.attack.targets.map((_, target) =>
      this.#devices.reduce((sum, one) => sum + (one.target === target ? one.guessed : 0), 0),
    );
    return { hit, guesses };
  }

  /** Guesses at a device until it, or a budget, says no. Answers until when; null: for good. */
  #guessOn(device: Device): Date | 'hit' | null {
    const possible = 10 ** device.policy.papDigits;
    while (device.guessed < possible) {
      const source = this.attack.sources === 'one' ? 'one' : `source-${(this.#sources += 1)}`;
      const verdict = this.#enter(device, source);
      if (verdict.kind === 'accepted') return 'hit';
      if (verdict.kind === 'refused') return 'until' in verdict ? verdict.until : null;
    }
    return null;
  }

  #enter(device: Device, source: string): Verdict {
    const { policy, tenantId, locks } = device;
    const caller = callerOf(device.authentication, policy, this.#now, locks.get(source) ?? null);
    const digits = String(device.guessed).padStart(policy.papDigits, '0');
    const applied = applyEntry(caller, digits === device.pap, this.#now);
    if (applied.verdict.kind === 'refused') return applied.verdict;
    const spent = findSpentBudget(this.#budgets(source, tenantId, policy).map((one) => this.#use(one)));
    if (spent !== null) return { kind: 'refused', because: 'budget', until: spent.until };
    device.guessed += 1;
    device.authentication = applied.authentication;
    locks.set(source, applied.lock);
    if (applied.verdict.kind !== 'accepted') {
      for (const { key } of this.#budgets(source, tenantId, policy)) this.#madeAt(key).push(this.#now);
    }
    return applied.verdict;
  }

  #budgets(source: string, tenantId: string, { guessesPerHour }: Policy): BudgetOf[] {
    const { perSourcePerHour, perHour } = this.attack.budgets;
    return [
      { key: 'all', budget: 'installation', limit: perHour },
      { key: `source ${source}`, budget: 'source', limit: perSourcePerHour },
      { key: `tenant ${tenantId}`, budget: 'tenant', limit: guessesPerHour },
    ];
  }

  /** As the store answers it. */
  #use({ key, budget, limit }: BudgetOf): BudgetUse {
    const since = forgottenUntil(this.#now);
    const made = this.#madeAt(key);
    while (made[0] !== undefined && made[0] <= since) made.shift();
    return { budget, limit, guesses: made.length, spentAt: made.at(-limit) ?? null };
  }

  #madeAt(key: string): Date[] {
    const made = this.#made.get(key) ?? [];
    this.#made.set(key, made);
    return made;
  }
}

export const HOUR = GUESS_SECONDS;

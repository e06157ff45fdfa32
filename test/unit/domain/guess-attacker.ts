/**
 * An attacker who guesses PAPs as fast as the rules allow, at devices that obey the real ones:
 * their states, the locks of later phones, the budgets. The first phone of each device is the
 * attacker's, too. What comes of it is counted, not computed.
 */
import { type Authentication, newAuthentication } from '../../../src/domain/authentication.js';
import { type Verdict, applyEntry } from '../../../src/domain/entry.js';
import {
  type BudgetUse,
  FIRST_ATTEMPTS_SECONDS,
  GUESS_SECONDS,
  findSpentBudget,
  forgottenUntil,
} from '../../../src/domain/guess-budget.js';
import type { HourlyBudgets, Sources } from '../../../src/domain/guess-risk.js';
import {
  type EntryLock,
  type LaterPhoneLocks,
  NO_LOCKS,
  countsLaterPhonesApart,
} from '../../../src/domain/later-phones.js';
import { DEFAULT_POLICY, type Policy } from '../../../src/domain/policy.js';
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
  /** How long it lasts. */
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
  /**
   * Of sources; each later phone calls once only, from a source that it has with others or alone.
   */
  locks: Map<string, EntryLock>;
  allLater: EntryLock;
  pap: string;
  guessed: number;
  /** When its first phone made wrong guesses. */
  ofFirst: Date[];
}

/** What a round of guesses came to: a hit, a refusal until then, or (null) nothing more to try. */
type Came = Date | 'hit' | null;

type Phone = { isFirst: true } | { isFirst: false; source: string };

interface BudgetOf {
  /** Whose it is. */
  key: string;
  budget: BudgetUse['budget'];
  limit: number;
  binds: boolean;
}

const START = new Date('2026-01-01T00:00:00Z');

/** @param papOf the PAP of the `index`-th device, or null for one that is never guessed */
export function runAttack(attack: Attack, papOf: (index: number, digits: number) => string | null): Outcome {
  return new Run(attack, papOf).run();
}

class Run {
  readonly #devices: Device[];
  /**
   * When wrong guesses were made, oldest first: in all, by each source, at each tenant's devices.
   */
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
        const memory = { locks: new Map<string, EntryLock>(), allLater: NO_LOCKS.all, ofFirst: [] };
        return { target, tenantId, policy, authentication, ...memory, pap, guessed: 0 };
      });
  }

  run(): Outcome {
    const end = addSeconds(START, this.attack.seconds);
    let hit = false;
    while (!hit && this.#now < end) {
      // First what the budgets allow, then the first attempts that pass them.
      const asLater = this.#devices.map((device) => this.#guessAsLater(device));
      const asFirst = this.#devices.map((device, index) =>
        this.#guessAsFirst(device, asLater[index] ?? null),
      );
      const came = [...asLater, ...asFirst];
      hit = came.includes('hit');
      const waits = came.filter((until) => until instanceof Date);
      if (waits.length === 0) break;
      this.#now = new Date(Math.min(...waits.map((wait) => wait.getTime())));
    }
    const guesses = this.attack.targets.map((_, target) =>
      this.#devices.reduce((sum, one) => sum + (one.target === target ? one.guessed : 0), 0),
    );
    return { hit, guesses };
  }

  /** Guesses at a device until it, or a budget, says no. Answers until when; null: for good. */
  #guessAsLater(device: Device): Came {
    return this.#guessAs(device, () => ({ isFirst: false, source: this.#nextSource() }));
  }

  #guessAsFirst(device: Device, asLater: Came): Came {
    return this.#guessAs(device, () => (this.#keepsForLater(device, asLater) ? null : { isFirst: true }));
  }

  /** Guesses with what `next` answers, until it answers null. */
  #guessAs(device: Device, next: () => Phone | null): Came {
    const possible = 10 ** device.policy.papDigits;
    while (device.guessed < possible) {
      const phone = next();
      if (phone === null) return null;
      const verdict = this.#enter(device, phone);
      if (verdict.kind === 'accepted') return 'hit';
      if (verdict.kind === 'refused') return 'until' in verdict ? verdict.until : null;
    }
    return null;
  }

  #nextSource(): string {
    return this.attack.sources === 'one' ? 'one' : `source-${(this.#sources += 1)}`;
  }

  /**
   * The guess that blocks the device is left for when later phones cannot go on within the time.
   */
  #keepsForLater({ policy, authentication: { wrongInRow, lockouts } }: Device, later: Came): boolean {
    const blocks = wrongInRow + 1 >= policy.maxAttempts && lockouts + 1 >= policy.maxLockouts;
    if (!blocks || !countsLaterPhonesApart(policy)) return false;
    return later instanceof Date && later < addSeconds(START, this.attack.seconds);
  }

  #enter(device: Device, phone: Phone): Verdict {
    const { policy, authentication } = device;
    const isApart = countsLaterPhonesApart(policy) && !phone.isFirst;
    const locks: LaterPhoneLocks | null = isApart
      ? {
          phone: NO_LOCKS.phone,
          source: device.locks.get(phone.source) ?? NO_LOCKS.source,
          all: device.allLater,
        }
      : null;
    const caller = callerOf(authentication, policy, this.#now, locks);
    const digits = String(device.guessed).padStart(policy.papDigits, '0');
    const applied = applyEntry(caller, digits === device.pap, this.#now);
    if (applied.verdict.kind === 'refused') return applied.verdict;
    const budgets = this.#budgets(device, phone);
    const spent = findSpentBudget(budgets.map((one) => this.#use(one)));
    if (spent !== null) return { kind: 'refused', because: 'budget', until: spent.until };
    device.guessed += 1;
    device.authentication = applied.authentication;
    if (applied.locks !== null && !phone.isFirst) {
      device.locks.set(phone.source, applied.locks.source);
      device.allLater = applied.locks.all;
    }
    if (applied.verdict.kind !== 'accepted') {
      for (const { key } of budgets) this.#madeAt(key).push(this.#now);
      if (phone.isFirst) device.ofFirst.push(this.#now);
    }
    return applied.verdict;
  }

  #budgets({ tenantId, policy, ofFirst }: Device, phone: Phone): BudgetOf[] {
    const { perSourcePerHour, perHour } = this.attack.budgets;
    const day = addSeconds(this.#now, -FIRST_ATTEMPTS_SECONDS);
    const isFirstAttempt = phone.isFirst && ofFirst.filter((at) => at > day).length < policy.maxAttempts;
    const passesTenant = isFirstAttempt && countsLaterPhonesApart(policy);
    // As a first phone, too, an attacker with any number of addresses calls from a new one each
    // time.
    const source = phone.isFirst ? `first ${this.#nextSource()}` : phone.source;
    return [
      { key: 'all', budget: 'installation', limit: perHour, binds: !isFirstAttempt },
      { key: `source ${source}`, budget: 'source', limit: perSourcePerHour, binds: true },
      { key: `tenant ${tenantId}`, budget: 'tenant', limit: policy.guessesPerHour, binds: !passesTenant },
    ];
  }

  /** As the store answers it. */
  #use({ key, budget, limit, binds }: BudgetOf): BudgetUse {
    const since = forgottenUntil(this.#now);
    const made = this.#madeAt(key);
    while (made[0] !== undefined && made[0] <= since) made.shift();
    return {
      budget,
      limit,
      guesses: made.length,
      wrong: made.length,
      spentAt: made.at(-limit) ?? null,
      binds,
    };
  }

  #madeAt(key: string): Date[] {
    const made = this.#made.get(key) ?? [];
    this.#made.set(key, made);
    return made;
  }
}

export const HOUR = GUESS_SECONDS;

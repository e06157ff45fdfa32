import type { DeviceKind } from './device.js';
import { addSeconds } from './time.js';

/**
 * Besides the lock of each device, guesses are limited by where they come from, by whose devices
 * they are at, and in all: an attacker that knows many MACs has nine tries at each, and a budget is
 * what all of them together may cost.
 */
export const BUDGETS = ['source', 'tenant', 'installation'] as const;
export type Budget = (typeof BUDGETS)[number];

/** The hour slides: a guess counts from when it was made until this long after, and no longer. */
export const GUESS_SECONDS = 3600;

/**
 * The first attempts of a day are those of the 24 hours that are just over; their day slides, too.
 */
export const FIRST_ATTEMPTS_SECONDS = 86_400;

/**
 * What is guessed at. PAPs and codes of lines have budgets of their own, so that guesses at what an
 * attacker makes up (any MAC is an unclaimed phone) keep no device from its PAP. Those at decoys
 * count for their source like those at PAPs, so that it tells nothing, and for nothing else.
 */
export const GUESS_POOLS = ['pap', 'code', 'decoy'] as const;
export type GuessPool = (typeof GUESS_POOLS)[number];

export function poolOf(kind: DeviceKind): GuessPool {
  return ({ managed: 'pap', unclaimed: 'code', decoy: 'decoy' } as const)[kind];
}

/**
 * What a home or a company is given of IPv6 is a /56 or a /48 (RIPE-690): a customer has that many
 * /64 to guess from. Each may make so many times the guesses of one source.
 */
export const WIDER_SOURCES = { 56: 2, 48: 4 } as const;

/** Wrong guesses that may be made in an hour. tenant: null for an unclaimed device. */
export interface GuessLimits {
  source: number;
  tenant: number | null;
  installation: number;
  /**
   * Wrong entries a day that the first phone of a device may make even if the installation's budget
   * is spent. 0: none.
   */
  firstAttempts: number;
  /** Whether these may be made even if the tenant's budget is spent. */
  firstAttemptsPastTenant: boolean;
}

/** What the last hour has seen of one budget. */
export interface BudgetUse {
  budget: Budget;
  limit: number;
  /** Guesses that still count: wrong ones, and entries that are being looked at. */
  guesses: number;
  /** Those of them that were wrong. */
  wrong: number;
  /** The `limit`-th newest guess, with which there is no room; null while there are fewer. */
  spentAt: Date | null;
  /**
   * Whether it keeps this entry from being looked at when it is spent; the first attempts of a day
   * pass some.
   */
  binds: boolean;
}

/** Guesses that were made then or before count no longer at `now`. */
export function forgottenUntil(now: Date): Date {
  return addSeconds(now, -GUESS_SECONDS);
}

/** A budget without room, and from when on there is room again. */
export interface SpentBudget {
  budget: Budget;
  until: Date;
  /**
   * Whether it might have room in a moment: some of what fills it is being looked at, and may turn
   * out right.
   */
  isUndecided: boolean;
}

/**
 * Which budget keeps an entry from being looked at; of several, the one that does so for longest.
 * null: there is room for a guess.
 */
export function findSpentBudget(uses: readonly BudgetUse[]): SpentBudget | null {
  const isUndecided = uses.every(
    ({ limit, wrong, spentAt, binds }) => !binds || spentAt === null || wrong < limit,
  );
  let longest: SpentBudget | null = null;
  for (const { budget, spentAt, binds } of uses) {
    if (spentAt === null || !binds) continue;
    const until = addSeconds(spentAt, GUESS_SECONDS);
    if (longest === null || until > longest.until) longest = { budget, until, isUndecided };
  }
  return longest;
}

/** The budgets whose last guess is the next one. */
export function spentByNextGuess(uses: readonly BudgetUse[]): BudgetUse[] {
  return uses.filter(({ guesses, limit }) => guesses + 1 === limit);
}

import { addSeconds } from './time.js';

/**
 * Besides the lock of each device, guesses are limited by where they come from, by whose devices they are at, and in all: who knows many MACs
 * has nine tries at each, and a budget is what all of them together may cost.
 */
export const BUDGETS = ['source', 'tenant', 'installation'] as const;
export type Budget = (typeof BUDGETS)[number];

/** The hour slides: a guess counts from when it was made until this long after, and no longer. */
export const GUESS_SECONDS = 3600;

/** Wrong guesses that may be made in an hour. tenant: null for a device that nobody has claimed. */
export interface GuessLimits {
  source: number;
  tenant: number | null;
  installation: number;
}

/** What the last hour has seen of one budget. */
export interface BudgetUse {
  budget: Budget;
  limit: number;
  /** Wrong guesses that still count. */
  guesses: number;
  /** The `limit`-th newest of them, with which there is no room; null while there are fewer. */
  spentAt: Date | null;
}

/** Guesses that were made then or before count no longer at `now`. */
export function forgottenUntil(now: Date): Date {
  return addSeconds(now, -GUESS_SECONDS);
}

/** A budget without room, and from when on there is room again. */
export interface SpentBudget {
  budget: Budget;
  until: Date;
}

/** Which budget keeps an entry from being looked at; of several, the one that does so for longest. null: there is room for a guess. */
export function findSpentBudget(uses: readonly BudgetUse[]): SpentBudget | null {
  let longest: SpentBudget | null = null;
  for (const { budget, spentAt } of uses) {
    if (spentAt === null) continue;
    const until = addSeconds(spentAt, GUESS_SECONDS);
    if (longest === null || until > longest.until) longest = { budget, until };
  }
  return longest;
}

/** The budgets whose last guess is the next one. */
export function spentByNextGuess(uses: readonly BudgetUse[]): BudgetUse[] {
  return uses.filter(({ guesses, limit }) => guesses + 1 === limit);
}

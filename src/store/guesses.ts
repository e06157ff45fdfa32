import { sql } from 'kysely';
import { type BudgetUse, type GuessLimits, type GuessPool, WIDER_SOURCES } from '../domain/guess-budget.js';
import type { Queryable } from './store.js';

/** An entry of a PAP or of a line's code, which is a guess until it has been found right. */
export interface Guess {
  at: Date;
  /** Where it comes from (`sourceOf`), and the wider prefixes around that (`widerSource`). */
  source: string;
  source56: string | null;
  source48: string | null;
  /** Whose device it is at; null: no tenant's. */
  tenantId: string | null;
  deviceId: string;
  pool: GuessPool;
  /** Whether it is made by the first phone of the device. */
  isFirst: boolean;
}

/** A place in the budgets: until it is decided what was entered, it counts as a guess. */
export type GuessPlace =
  { kind: 'taken'; id: string; uses: BudgetUse[] } | { kind: 'none'; uses: BudgetUse[] };

/** What the hour before a guess leaves of the budgets that it would be counted in. */
export async function readBudgets(db: Queryable, guess: Guess, limits: GuessLimits): Promise<BudgetUse[]> {
  const { rows } = await sql<BudgetRow>`
    select * from dialgate_guess_budgets(${rowOf(guess)}, ${limitsOf(limits)}::jsonb)`.execute(db);
  return rows.map(useFromRow);
}

/**
 * Takes a place in every budget that the guess is counted in, or in none when one that binds is
 * spent. One statement, which is committed with its end: others wait for it inside the database and
 * never for this process. So not within a transaction.
 */
export async function takeGuess(db: Queryable, guess: Guess, limits: GuessLimits): Promise<GuessPlace> {
  const { rows } = await sql<BudgetRow & { taken: string | number | null }>`
    select * from dialgate_take_guess(${rowOf(guess)}, ${limitsOf(limits)}::jsonb)`.execute(db);
  const uses = rows.map(useFromRow);
  const taken = rows[0]?.taken ?? null;
  return taken === null ? { kind: 'none', uses } : { kind: 'taken', id: String(taken), uses };
}

/** What was entered is wrong: the place stays taken for its hour. */
export async function keepGuess(transaction: Queryable, placeId: string): Promise<void> {
  await transaction.updateTable('guesses').set({ decided: true }).where('id', '=', placeId).execute();
}

/** What was entered is right, or was not looked at: it was no guess. */
export async function giveGuessBack(db: Queryable, placeId: string): Promise<void> {
  await db.deleteFrom('guesses').where('id', '=', placeId).execute();
}

interface BudgetRow {
  budget: BudgetUse['budget'];
  most: number;
  guesses: number;
  wrong: number;
  /** Text from a statement that went by way of jsonb. */
  spentAt: Date | null;
  binds: boolean;
}

function useFromRow({ budget, most, guesses, wrong, spentAt, binds }: BudgetRow): BudgetUse {
  return { budget, limit: most, guesses, wrong, spentAt, binds };
}

function rowOf(guess: Guess) {
  const row = {
    at: guess.at,
    source: guess.source,
    source_56: guess.source56,
    source_48: guess.source48,
    tenant_id: guess.tenantId,
    device_id: guess.deviceId,
    pool: guess.pool,
    is_first: guess.isFirst,
  };
  return sql`jsonb_populate_record(null::guesses, ${JSON.stringify(row)}::jsonb)`;
}

function limitsOf({ source, ...limits }: GuessLimits): string {
  const wider = { source56: source * WIDER_SOURCES[56], source48: source * WIDER_SOURCES[48] };
  return JSON.stringify({ source, ...wider, ...limits });
}

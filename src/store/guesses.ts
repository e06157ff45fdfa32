import { type ExpressionBuilder, type SqlBool, type Expression, sql } from 'kysely';
import type { Budget, BudgetUse, GuessLimits } from '../domain/guess-budget.js';
import type { Database } from './schema.js';
import type { Queryable } from './store.js';

/** A wrong entry, of a PAP or of a line's code. */
export interface Guess {
  at: Date;
  /** Who made it (`sourceOf`). */
  source: string;
  /** Whose device it was made at; null: nobody's. */
  tenantId: string | null;
}

/** The key of our lock among PostgreSQL's advisory ones: any number that nobody else takes. */
const LOCK_KEY = 0x67_75_65_73;

/**
 * Keeps every other instance from looking at the budgets until this transaction ends, so that two guesses do not take the last place. Only after
 * the device's row has been locked, always in this order.
 */
export async function holdGuesses(transaction: Queryable): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK_KEY)})`.execute(transaction);
}

/** What the guesses made after `since` leave of the budgets that a guess would be counted in. */
export async function readBudgets(
  db: Queryable,
  { source, tenantId }: Pick<Guess, 'source' | 'tenantId'>,
  limits: GuessLimits,
  since: Date,
): Promise<BudgetUse[]> {
  const use = (budget: Budget, limit: number, counts?: Filter) => readUse(db, budget, limit, since, counts);
  let query = use('installation', limits.installation).unionAll(
    use('source', limits.source, (eb) => eb('source', '=', source)),
  );
  if (tenantId !== null && limits.tenant !== null) {
    query = query.unionAll(use('tenant', limits.tenant, (eb) => eb('tenant_id', '=', tenantId)));
  }
  const rows = await query.execute();
  return rows.map(({ budget, limit, guesses, spent_at }) => ({ budget, limit, guesses, spentAt: spent_at }));
}

type Filter = (eb: ExpressionBuilder<Database, 'guesses'>) => Expression<SqlBool>;

function readUse(db: Queryable, budget: Budget, limit: number, since: Date, counts?: Filter) {
  return db
    .selectFrom('guesses')
    .select([
      sql<Budget>`${budget}::text`.as('budget'),
      sql<number>`${limit}::integer`.as('limit'),
      sql<number>`count(*)::integer`.as('guesses'),
      sql<Date | null>`(array_agg(at order by at desc))[${limit}::integer]`.as('spent_at'),
    ])
    .where('at', '>', since)
    .$if(counts !== undefined, (query) => (counts === undefined ? query : query.where(counts)));
}

/** Counts a guess, and forgets those made at `forgotten` or before. */
export async function insertGuess(transaction: Queryable, guess: Guess, forgotten: Date): Promise<void> {
  await transaction
    .with('old', (db) => db.deleteFrom('guesses').where('at', '<=', forgotten))
    .insertInto('guesses')
    .values({ at: guess.at, source: guess.source, tenant_id: guess.tenantId })
    .execute();
}

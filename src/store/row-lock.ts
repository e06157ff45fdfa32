import type { SelectQueryBuilder } from 'kysely';

/**
 * How a transaction keeps a row until its end. `key share`: no other transaction deletes it, so
 * that what is written now may refer to it. `update`: no other one changes it either, or writes a
 * row that refers to it.
 */
export type RowLock = 'key share' | 'update';

export function locking<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  lock: RowLock | undefined,
): SelectQueryBuilder<DB, TB, O> {
  switch (lock) {
    case 'key share':
      return query.forKeyShare();
    case 'update':
      return query.forUpdate();
    case undefined:
      return query;
  }
}

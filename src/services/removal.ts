import type { Dependents } from '../store/dependents.js';

/**
 * What came of the wish to delete something. It goes at once when nothing depends on it; else only
 * for someone who knows how much does: `expected` of the caller is that number, null for who has
 * not looked.
 */
export type RemovalOutcome =
  | { kind: 'removed' }
  | { kind: 'not-found' }
  /** `isOther`: as many as were expected once, but no longer. */
  | { kind: 'in-use'; dependents: Dependents; isOther: boolean };

/** Why something cannot be deleted with what depends on it; null when it can. */
export function refuseRemoval(
  dependents: Dependents,
  expected: number | null,
): Extract<RemovalOutcome, { kind: 'in-use' }> | null {
  const total = totalOf(dependents);
  if (total === (expected ?? 0)) return null;
  return { kind: 'in-use', dependents, isOther: expected !== null };
}

export function totalOf({ devices, sites, lines, networks }: Dependents): number {
  return devices + sites + lines + networks;
}

import type { Dependents } from '../store/dependents.js';

/**
 * The outcome of a deletion. An object without dependents is deleted at once; one with dependents
 * only where `expected` is their number (null: the caller has not given one).
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

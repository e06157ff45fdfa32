import { isDeepStrictEqual } from 'node:util';

/**
 * A merge patch (RFC 7396) as our schemas read it: absent stays, and null stands in the fields that
 * may be null.
 */
export type Patch<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** The value after a patch. */
export function patched<T>(present: T, patch: T | undefined): T {
  return patch === undefined ? present : patch;
}

/** Which of the fields have another value after a change, for the audit log. */
export function changedFields<K extends string>(
  before: Readonly<Record<K, unknown>>,
  after: Readonly<Record<K, unknown>>,
  fields: readonly K[],
): K[] {
  return fields.filter((field) => !isDeepStrictEqual(before[field], after[field]));
}

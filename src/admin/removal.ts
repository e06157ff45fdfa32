import { z } from 'zod';
import { Problem, notFound } from '../http/problem.js';
import { type RemovalOutcome, totalOf } from '../services/removal.js';
import { queryFlag, queryInteger } from './query-fields.js';

/**
 * What a DELETE takes of something that others depend on: that they are known, by how many they
 * are.
 */
export const REMOVAL_QUERY = z
  .strictObject({
    cascade: queryFlag
      .default(false)
      .describe('Deletes it although others depend on it; `expect` says how many.'),
    expect: queryInteger(0, 999_999_999, 'must be a number')
      .optional()
      .describe('With `cascade`: how many objects are known to depend on it, `dependents.total` of the 409.'),
  })
  .refine(({ cascade, expect }) => !cascade || expect !== undefined, {
    path: ['expect'],
    message: 'is required with cascade=true: how many are known to depend on it',
  })
  .refine(({ cascade, expect }) => cascade || expect === undefined, {
    path: ['cascade'],
    message: 'must be true where a number is expected',
  });

/** @throws Problem 404, or 409 with what depends on it */
export function requireRemoved(outcome: RemovalOutcome, what: string): void {
  if (outcome.kind === 'not-found') throw notFound(what);
  if (outcome.kind === 'in-use') {
    const dependents = { total: totalOf(outcome.dependents), ...outcome.dependents };
    const { total } = dependents;
    const advice = outcome.isOther
      ? `Another number depends on this ${what} than was expected: ${total}.`
      : `This ${what} is in use. ?cascade=true&expect=${total} deletes it all the same.`;
    throw new Problem(409, advice, [], {}, { dependents }, 'in-use');
  }
}

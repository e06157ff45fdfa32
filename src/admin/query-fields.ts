import { z } from 'zod';

/** A number in a query string. */
export const queryInteger = (min: number, max: number, error = `must be a number from ${min} to ${max}`) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.int(error).min(min, error).max(max, error),
  );

const WORDS = new Map<unknown, boolean>([
  ['true', true],
  ['false', false],
]);

/** `true` or `false` in a query string. */
export const queryFlag = z.preprocess(
  (value) => WORDS.get(value) ?? value,
  z.boolean('must be true or false'),
);

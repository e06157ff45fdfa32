import { z } from 'zod';

/** A JSON pointer into the body, or the name of a query parameter; and what is wrong there. */
const PROBLEM_ERROR = z.strictObject({ pointer: z.string(), detail: z.string() });

/**
 * What is wrong with a line of a CSV file; the first line is 1, and `message` follows on the name
 * of the column, where there is one.
 */
export const LINE_ERROR = z.strictObject({
  line: z.int(),
  column: z.string().nullable(),
  message: z.string(),
});
export type LineError = z.infer<typeof LINE_ERROR>;

const DEPENDENTS = z.strictObject({
  total: z.int(),
  devices: z.int(),
  sites: z.int(),
  lines: z.int(),
  networks: z.int(),
});

/** A problem as it is answered (RFC 9457). */
export const PROBLEM_ANSWER = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.union([PROBLEM_ERROR, LINE_ERROR])).optional(),
    /** Of 409 on DELETE: what would go with it, or be left without it. */
    dependents: DEPENDENTS.optional(),
    /** Of 503 of /readyz: what is not right beside what is missing. */
    warnings: z.array(z.string()).optional(),
    /** Of 409 on an order for many devices: how many there are. */
    found: z.int().optional(),
  })
  .meta({ id: 'Problem' });

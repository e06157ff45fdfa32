import { type Request, type RequestHandler, json } from 'express';
import type { z } from 'zod';
import { Problem, type ProblemError, invalid } from './problem.js';

export interface JsonBodyRules {
  types: readonly string[];
  /** The most that a body may have, such as `1mb`. */
  limit: string;
  /** Answers a body that does not fit its schema. */
  status: 400 | 422;
}

export interface JsonBodies {
  /** Parses bodies of these types; those of others are left, and refused by `read`. */
  parse: RequestHandler;
  /**
   * The body, checked against a schema; none is an empty object. What is wrong is reported all at
   * once, each with a pointer. One that was not read, for it says of itself that it is something
   * else or nothing, is refused: its sender expects it to have an effect.
   *
   * @throws Problem
   */
  read: <T>(request: Request, schema: z.ZodType<T>) => T;
}

/** How the JSON bodies of a port are read. */
export function jsonBodies({ types, limit, status }: JsonBodyRules): JsonBodies {
  return {
    parse: json({ type: [...types], limit, strict: false }),
    read: (request, schema) => {
      if (request.body === undefined && hasBody(request))
        throw new Problem(415, `Send ${types.join(' or ')}.`);
      const body: unknown = request.body === undefined ? {} : request.body;
      return check(schema, body, status, (path) => path.map((key) => `/${escapePointer(key)}`).join(''));
    },
  };
}

/** Whether a body came with a request (RFC 9112 6); an empty one is none. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * The query string, checked against a schema. A name that is not known is refused: a misspelt
 * filter must not list everything.
 *
 * @throws Problem
 */
export function readQuery<T>(request: Request, schema: z.ZodType<T>, status: 400 | 422): T {
  return check(schema, request.query, status, (path) => path.join('.'));
}

/**
 * Reported of one request at the most, one for each place: a client that sends a thousand unknown
 * members need not be told of each.
 */
const MAX_ERRORS = 100;

function check<T>(
  schema: z.ZodType<T>,
  input: unknown,
  status: 400 | 422,
  pointer: (path: PropertyKey[]) => string,
): T {
  const result = schema.safeParse(input, {
    error: (issue) => (issue.input === undefined ? 'is required' : undefined),
  });
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue): ProblemError[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: pointer([...issue.path, key]), detail: 'is not known' }))
      : [{ pointer: pointer(issue.path), detail: issue.message }],
  );
  const firsts = new Map(errors.toReversed().map((error) => [error.pointer, error]));
  throw invalid([...firsts.values()].toReversed().slice(0, MAX_ERRORS), status);
}

/** RFC 6901 3. A key that is not known may be of any length. */
function escapePointer(key: PropertyKey): string {
  return String(key).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
}

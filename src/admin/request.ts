import { type Request, json, raw } from 'express';
import { z } from 'zod';
import { Problem, type ProblemError, invalid } from './problem.js';

const BODY_TYPES = ['application/json', 'application/merge-patch+json'];

/** Parses JSON bodies up to 1 MB; other media types are told so by `readBody`. */
export const parseJson = json({ type: BODY_TYPES, limit: '1mb', strict: false });

/** What can be sent where nothing is read: nothing, or an empty object. */
export const NO_BODY = z.strictObject({});

/**
 * The body, checked against a schema; none is an empty object. What is wrong is reported all at
 * once, each with a pointer. One that was not read, for it says of itself that it is something else
 * or nothing, is refused: its sender expects it to have an effect.
 */
export function readBody<T>(request: Request, schema: z.ZodType<T>): T {
  if (request.body === undefined && hasBody(request))
    throw new Problem(415, `Send ${BODY_TYPES.join(' or ')}.`);
  const body: unknown = request.body === undefined ? {} : request.body;
  return check(schema, body, (path) => path.map((key) => `/${escapePointer(key)}`).join(''));
}

/** Whether a body came with a request (RFC 9112 6); an empty one is none. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * The query string, checked against a schema. A name that is not known is refused: a misspelt
 * filter must not list everything.
 */
export function readQuery<T>(request: Request, schema: z.ZodType<T>): T {
  return check(schema, request.query, (path) => path.join('.'));
}

/**
 * Reported of one request at the most, one for each place: who sends a thousand unknown fields need
 * not be told of each.
 */
const MAX_ERRORS = 100;

function check<T>(schema: z.ZodType<T>, input: unknown, pointer: (path: PropertyKey[]) => string): T {
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
  throw invalid([...firsts.values()].toReversed().slice(0, MAX_ERRORS));
}

/** RFC 6901 3. A key that is not known may be of any length. */
function escapePointer(key: PropertyKey): string {
  return String(key).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
}

const MAX_FILE_BYTES = 20_000_000;

/** Takes a file whole, for a byte at its end that is not UTF-8 keeps all of it out. */
export const takeFile = raw({ type: 'text/csv', limit: MAX_FILE_BYTES });

/** The CSV file that a request brings, as it came. @throws Problem 415 for any other type */
export function readFile(request: Request): Buffer {
  const type = request.headers['content-type'] ?? '';
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1]?.toLowerCase() ?? 'utf-8';
  if (!/^text\/csv\s*(?:;|$)/i.test(type))
    throw new Problem(415, 'Send the file as it is: Content-Type: text/csv.');
  if (!['utf-8', 'utf8', 'us-ascii'].includes(charset)) throw new Problem(415, 'The file must be UTF-8.');
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

import { type Request, json } from 'express';
import { z } from 'zod';
import { type Mac, parseMac } from '../domain/mac.js';
import { Problem, type ProblemError, invalid, notFound } from './problem.js';

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

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * An id in the path. What has not the form of one belongs to nothing: 404, and the database is not
 * asked.
 */
export function readId(request: Request, name: string, what: string): string {
  const value = request.params[name];
  if (typeof value !== 'string' || !UUID.test(value)) throw notFound(what);
  return value.toLowerCase();
}

/** The MAC in the path, in any usual spelling. */
export function readMac(request: Request): Mac {
  const text = request.params['mac'];
  const mac = typeof text === 'string' ? parseMac(text) : null;
  if (mac === null)
    throw new Problem(400, 'This is not a MAC address of one device, such as 80:5e:c0:11:22:33.');
  return mac;
}

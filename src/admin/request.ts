import { type Request, raw } from 'express';
import { z } from 'zod';
import { Problem } from '../http/problem.js';
import { jsonBodies } from '../http/request.js';

/** The JSON bodies of the API; a PATCH may say that it merges (RFC 7396). */
export const { parse: parseJson, read: readBody } = jsonBodies({
  types: ['application/json', 'application/merge-patch+json'],
  limit: '1mb',
  status: 422,
});

/** What can be sent where nothing is read: nothing, or an empty object. */
export const NO_BODY = z.strictObject({});

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

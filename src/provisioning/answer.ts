import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { ofStatus } from '../http/problem.js';
import type { RenderedDocument } from '../vendors/vendor.js';

/** An answer to a request as plain data. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | number>>;
  body: Buffer | null;
}

/** RFC 9457. The same bytes for every request of a kind, so that they tell nothing. */
function problem(status: number, headers: Answer['headers'] = {}): Answer {
  const body = Buffer.from(JSON.stringify({ ...ofStatus({ status }), status }));
  return {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
      ...headers,
    },
    body,
  };
}

/** For everything that we do not have: optional files, unknown MACs, malformed ones, nonsense. */
export const NOT_FOUND = problem(404);
/** The database or this process cannot cope just now; phones keep what they have and ask again. */
export const UNAVAILABLE = problem(503, { 'Retry-After': 30 });
/** For a part of a file that it has not got; `contentRange` says how long it is. */
export const rangeNotSatisfiable = (contentRange: string): Answer =>
  problem(416, { 'Content-Range': contentRange });
export const PRECONDITION_FAILED = problem(412);
/** For a source that fetches without a token more often than a site full of phones would. */
export const tooManyFetches = (retryAfterSeconds: number): Answer =>
  problem(429, { 'Retry-After': retryAfterSeconds });
/** For uploads and everything else that is not a fetch; nothing is read and nothing kept. */
export const METHOD_NOT_ALLOWED: Answer = {
  status: 405,
  headers: { Allow: 'GET, HEAD', 'Content-Length': 0, 'Cache-Control': 'no-store' },
  body: null,
};

/**
 * The `Cache-Control` of a document: not stored; stored by the phone alone, which revalidates it;
 * stored by any cache for five minutes.
 */
export type Caching = 'no-store' | 'private, no-cache' | 'public, max-age=300';

/** A document and its digest, ready to be sent any number of times. */
export interface PreparedDocument {
  contentType: string;
  body: Buffer;
  etag: string;
}

export function prepareDocument(document: RenderedDocument): PreparedDocument {
  const body = Buffer.from(document.body);
  // A third faster than SHA-256 where the processor helps neither, and this costs nearly as much as
  // rendering.
  const etag = `"${createHash('sha512').update(body).digest('base64url').slice(0, 27)}"`;
  return { contentType: document.contentType, body, etag };
}

/** A document, or 304 where the phone has exactly this one. */
export function documentAnswer(
  { contentType, body, etag }: PreparedDocument,
  caching: Caching,
  ifNoneMatch: string | null,
): Answer {
  const validators = { ETag: etag, 'Cache-Control': caching };
  if (ifNoneMatch !== null && matches(ifNoneMatch, etag)) {
    return { status: 304, headers: validators, body: null };
  }
  return {
    status: 200,
    headers: { 'Content-Type': contentType, 'Content-Length': body.length, ...validators },
    body,
  };
}

/** RFC 9110, 13.1.2: a list of entity tags, compared weakly, or `*`. */
function matches(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.split(',').some((one) => {
    const tag = one.trim();
    return tag === '*' || tag.replace(/^W\//, '') === etag;
  });
}

/** Writes an answer; a response to HEAD has the same headers and no body. */
export function writeAnswer(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, answer.headers);
  if (answer.body === null) response.end();
  else response.end(answer.body);
}

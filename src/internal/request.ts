import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { sameText } from '../domain/secrets.js';
import { Problem } from '../http/problem.js';
import { jsonBodies } from '../http/request.js';

/** Lets through only requests with the shared token (RFC 6750). */
export function requireToken(token: string): RequestHandler {
  return (request, _response, next) => {
    const brought = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (sameText(brought, token)) return next();
    throw new Problem(
      401,
      'The token is missing or wrong. INTERNAL_TOKEN must be the same on both sides.',
      [],
      { 'WWW-Authenticate': 'Bearer' },
    );
  };
}

const { parse, read } = jsonBodies({ types: ['application/json'], limit: '64kb', status: 400 });
export const parseJson = parse;

/** A handler for a body of this schema; any other is answered 400 with what is wrong where. */
export function withBody<T>(
  schema: z.ZodType<T>,
  handle: (body: T, request: Request, response: Response) => Promise<void>,
): RequestHandler {
  return (request, response) => handle(read(request, schema), request, response);
}

/** A part of the path, decoded; empty when it is absent or has the wrong form, which no row has. */
export function pathPart(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' && value.length <= 512 && !value.includes('\0') ? value : '';
}

import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { sameText } from '../domain/secrets.js';
import { type ProblemError, sendProblem } from './problem.js';

/** Lets through only who brings the shared token (RFC 6750). */
export function requireToken(token: string): RequestHandler {
  return (request, response, next) => {
    const brought = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (sameText(brought, token)) return next();
    response.set('WWW-Authenticate', 'Bearer');
    sendProblem(
      response,
      401,
      'The token is missing or wrong. INTERNAL_TOKEN must be the same on both sides.',
    );
  };
}

/**
 * A handler for a body of this schema; any other is answered 400 with what is wrong where, and
 * never with what was sent.
 */
export function withBody<T>(
  schema: z.ZodType<T>,
  handle: (body: T, request: Request, response: Response) => Promise<void>,
): RequestHandler {
  return async (request, response) => {
    const read = schema.safeParse(request.body);
    if (read.success) await handle(read.data, request, response);
    else sendProblem(response, 400, 'The body is not what belongs here.', problemErrors(read.error));
  };
}

function problemErrors(error: z.ZodError): ProblemError[] {
  return error.issues.map((issue) => ({
    pointer: issue.path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    detail: issue.message,
  }));
}

/** A part of the path, decoded; empty when it is absent or has the wrong form, which no row has. */
export function pathPart(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' && value.length <= 512 && !value.includes('\0') ? value : '';
}

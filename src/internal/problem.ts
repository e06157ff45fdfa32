import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { DatabaseUnavailable } from '../store/database-unavailable.js';

/**
 * One thing that is wrong with a body: a JSON pointer (RFC 6901) to it, and what was expected
 * there.
 */
export interface ProblemError {
  pointer: string;
  detail: string;
}

/** Answers with an RFC 9457 problem. */
export function sendProblem(
  response: Response,
  status: number,
  detail: string,
  errors: readonly ProblemError[] = [],
): void {
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: STATUS_CODES[status] ?? 'Error',
        status,
        detail,
        ...(errors.length > 0 && { errors }),
      }),
    );
}

export const answerUnknownPath: RequestHandler = (_request, response) => {
  sendProblem(response, 404, 'There is nothing at this path.');
};

/** Where what was thrown becomes an answer: the log hears what happened, the client does not. */
export function answerFault(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = clientErrorStatus(error);
    if (status !== null) {
      sendProblem(response, status, CLIENT_ERRORS[status] ?? 'The request cannot be understood.');
      return;
    }
    if (error instanceof DatabaseUnavailable) {
      log.warn({ err: error }, 'the database is unavailable');
      response.set('Retry-After', '5');
      sendProblem(response, 503, 'The database is unavailable at the moment.');
      return;
    }
    log.error(
      { err: error, method: request.method, route: routeOf(request.route) },
      'an internal request failed',
    );
    sendProblem(response, 500, 'Something went wrong here; the log says what.');
  };
}

/** In our words: the body parser's may quote the body, and that may hold keyed digits. */
const CLIENT_ERRORS: Readonly<Record<number, string>> = {
  400: 'The request is not valid: the body must be JSON that arrived whole, the path valid percent-encoding.',
  413: 'The body is too large.',
  415: 'The body must be application/json in UTF-8.',
};

/** What Express and its body parser find wrong with a request carries a status below 500. */
function clientErrorStatus(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : Number.NaN;
  return status >= 400 && status < 500 ? status : null;
}

/** The pattern of the route rather than the path, which names users. */
function routeOf(route: unknown): string {
  return typeof route === 'object' && route !== null && 'path' in route ? String(route.path) : '-';
}

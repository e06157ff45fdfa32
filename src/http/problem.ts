import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { DatabaseUnavailable } from '../store/database-unavailable.js';

/**
 * One thing that is wrong with a request, and where: a JSON pointer (RFC 6901) into its body, or
 * the name of a query parameter.
 */
export interface ProblemError {
  pointer: string;
  detail: string;
}

/**
 * Why a request cannot be answered as asked (RFC 9457); thrown by what reads or carries out the
 * request, and made into an answer by `answerProblems`.
 */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly detail: string,
    readonly errors: readonly object[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
    /** Further members of the answer. */
    readonly members: Readonly<Record<string, unknown>> = {},
    /** The name of its type, where its status does not say it. */
    readonly type: string | null = null,
  ) {
    super(detail);
  }
}

export const notFound = (what: string): Problem => new Problem(404, `There is no such ${what}.`);

/** That members or parameters are wrong, and which. */
export function invalid(errors: readonly ProblemError[], status: 400 | 422 = 422): Problem {
  return new Problem(status, errors.map((error) => `${error.pointer}: ${error.detail}`).join('; '), errors);
}

export const refuseUnknownPath: RequestHandler = () => {
  throw new Problem(404, 'There is nothing at this path.');
};

export interface ProblemAnswers {
  log: Logger;
  /** What the log may hold of a request: paths may name users or hold secrets. */
  logged: (request: Request) => object;
  /** RFC 9457 3.1.1 and 3.1.3. */
  typeOf?: (problem: Problem) => { type: string; title: string };
}

/**
 * The one place where what was thrown becomes an answer: a fault of ours goes to the log, and
 * nothing of it to the client.
 */
export function answerProblems({ log, logged, typeOf = ofStatus }: ProblemAnswers): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const problem = error instanceof Problem ? error : problemOf(error);
    if (error instanceof DatabaseUnavailable) log.warn({ err: error }, 'the database is unavailable');
    else if (!(error instanceof Problem) && problem.status >= 500)
      log.error({ err: error, method: request.method, ...logged(request) }, 'a request failed');
    const { status, detail, errors, headers, members } = problem;
    const listed = errors.length > 0 && { errors };
    response
      .status(status)
      .set(headers)
      .type('application/problem+json')
      .send(JSON.stringify({ ...typeOf(problem), status, detail, ...listed, ...members }));
  };
}

/** Nothing more than the status says (RFC 9457 4.2.1). */
export function ofStatus({ status }: { status: number }): { type: string; title: string } {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error' };
}

/**
 * What Express and the body parser found (errors of http-errors, told by their `type`), in our
 * words. Their own may quote the body.
 */
function problemOf(error: unknown): Problem {
  switch (error instanceof Error && 'type' in error ? error.type : null) {
    case 'entity.parse.failed':
      return new Problem(400, 'The body is not valid JSON.');
    case 'entity.too.large':
      return new Problem(413, 'The body is too large.');
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Problem(415, 'The body must be UTF-8, and plain or compressed by gzip, deflate or br.');
    case 'request.aborted':
    case 'request.size.invalid':
      return new Problem(400, 'The body did not arrive whole.');
    default:
      return otherProblem(error);
  }
}

function otherProblem(error: unknown): Problem {
  if (error instanceof DatabaseUnavailable)
    return new Problem(503, 'The database is unavailable at the moment.', [], { 'Retry-After': '5' });
  if (error instanceof URIError) return new Problem(400, 'The path is not valid percent-encoding.');
  const status = error instanceof Error && 'status' in error ? error.status : null;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem(status, 'The request cannot be read.');
  }
  return new Problem(500, 'Something went wrong here; the log says what.');
}

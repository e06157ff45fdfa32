import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { DatabaseUnavailable } from '../store/database-unavailable.js';
import { loggedPath } from './access-log.js';

/**
 * One thing that is wrong with a request, and where: a JSON pointer (RFC 6901) into its body, or
 * the name of a query parameter.
 */
const PROBLEM_ERROR = z.strictObject({ pointer: z.string(), detail: z.string() });
export type ProblemError = z.infer<typeof PROBLEM_ERROR>;

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
  })
  .meta({ id: 'Problem' });

/** What a problem has beside its text. */
type ProblemMembers = Pick<z.infer<typeof PROBLEM_ANSWER>, 'dependents'>;

/**
 * Why a request cannot be answered as asked; thrown by whatever reads the request, and made into
 * RFC 9457 by `problemHandler`.
 */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly detail: string,
    readonly errors: readonly (ProblemError | LineError)[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
    readonly members: ProblemMembers = {},
  ) {
    super(detail);
  }
}

export const notFound = (what: string): Problem => new Problem(404, `There is no such ${what}.`);

export function invalid(errors: readonly ProblemError[]): Problem {
  return new Problem(422, errors.map((error) => `${error.pointer}: ${error.detail}`).join('; '), errors);
}

export function sendProblem(response: Response, problem: Problem): void {
  response
    .status(problem.status)
    .set(problem.headers)
    .type('application/problem+json')
    .send(JSON.stringify(presentProblem(problem)));
}

function presentProblem({ status, detail, errors, members }: Problem): z.infer<typeof PROBLEM_ANSWER> {
  const title = STATUS_CODES[status] ?? 'Error';
  const listed = errors.length > 0 && { errors: [...errors] };
  return { type: 'about:blank', title, status, detail, ...listed, ...members };
}

export const answerNotFound: RequestHandler = (_request, response) => {
  sendProblem(response, new Problem(404, 'There is nothing at this path.'));
};

/**
 * The one place where a fault becomes an answer: what happened goes to the log, and nothing of it
 * to the client.
 */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const problem = error instanceof Problem ? error : requestProblem(error);
    if (error instanceof DatabaseUnavailable) log.warn({ err: error }, 'the database is unavailable');
    else if (!(error instanceof Problem) && problem.status >= 500)
      log.error(
        { err: error, method: request.method, path: loggedPath(request.originalUrl) },
        'request failed',
      );
    sendProblem(response, problem);
  };
}

/**
 * What Express and the body parser found (errors of http-errors, told by their `type`), in our
 * words. Their own may quote the body.
 */
function requestProblem(error: unknown): Problem {
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

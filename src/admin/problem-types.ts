import { type Problem, ofStatus } from '../http/problem.js';

/** A kind of refusal, as its page explains it (RFC 9457 3.1.1). */
export interface ProblemType {
  status: number;
  title: string;
  /** What it means, and what to do. */
  description: string;
}

/** By the names that their URIs end in. They are stable: clients compare them. */
export const PROBLEM_TYPES = {
  'malformed-request': {
    status: 400,
    title: 'Malformed request',
    description: 'The path, a header or the JSON of the body cannot be read. Mend the request.',
  },
  unauthorized: {
    status: 401,
    title: 'No valid key',
    description:
      'Send an administrator key, as Authorization: Bearer <key>; one that is neither revoked nor expired.',
  },
  forbidden: {
    status: 403,
    title: 'Not with this key',
    description:
      'The role of the key does not include this request, or it is for named tenants and this is about the installation: another key may do it. Or a session was to change something for a page of another origin.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    description: 'There is nothing at this path, no such object, or none that the key has a right to see.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    description: 'The path takes other methods; the header Allow lists them.',
  },
  conflict: {
    status: 409,
    title: 'Conflict',
    description:
      'The request does not go together with what there is: a name or an address is taken, a device is in another state. Read the object again, then decide.',
  },
  'in-use': {
    status: 409,
    title: 'In use',
    description:
      'Others depend on what was to be deleted; dependents says how many. ?cascade=true&expect=<total> deletes it all the same.',
  },
  'precondition-failed': {
    status: 412,
    title: 'Changed meanwhile',
    description: 'The object is not as If-Match wants it. Read it again, and send the ETag of that answer.',
  },
  'content-too-large': {
    status: 413,
    title: 'Too large',
    description: 'The body has more bytes or lines than are taken. Send it in parts.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    description: 'The body is of a type, character set or compression that is not read here.',
  },
  invalid: {
    status: 422,
    title: 'Wrong values',
    description:
      'Members of the body, parameters, or lines of a file have values that they do not take, or are not known. errors names each by its JSON pointer, parameter or line.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    description: 'Too many wrong keys came from the address of the client. Wait for Retry-After seconds.',
  },
  'internal-error': {
    status: 500,
    title: 'Fault of Dialgate',
    description: 'Something went wrong inside; the log says what. The same request may go well later.',
  },
  unavailable: {
    status: 503,
    title: 'Not available at the moment',
    description:
      'The database or an engine is away, or too many streams are open. Ask again after Retry-After seconds.',
  },
} as const satisfies Record<string, ProblemType>;

export type ProblemTypeName = keyof typeof PROBLEM_TYPES;

const NAMES = Object.keys(PROBLEM_TYPES) as ProblemTypeName[];

/** Of several types with one status the first is the general one. */
const OF_STATUS = new Map(
  NAMES.toReversed().map((name): [number, ProblemTypeName] => [PROBLEM_TYPES[name].status, name]),
);

export function isProblemType(name: string): name is ProblemTypeName {
  return Object.hasOwn(PROBLEM_TYPES, name);
}

/**
 * Types and titles of problems. `base` is where the admin port is reached, without a slash; empty:
 * the URIs are paths. What has no type of its own says no more than its status (RFC 9457 4.2.1).
 */
export function typesBelow(base: string): (problem: Problem) => { type: string; title: string } {
  return (problem) => {
    const name = problem.type ?? OF_STATUS.get(problem.status) ?? null;
    if (name === null || !isProblemType(name)) return ofStatus(problem);
    return { type: `${base}/problems/${name}`, title: PROBLEM_TYPES[name].title };
  };
}

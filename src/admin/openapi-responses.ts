import { type Json, referenceTo } from './json-schema.js';
import type { Operation, RefusalStatus } from './operation.js';
import { namesIn } from './path-parameters.js';
import { PROBLEM_TYPES, type ProblemTypeName } from './problem-types.js';

/** Why an operation is refused: the name of each response, and the type of its problem. */
const REFUSALS: Readonly<Record<RefusalStatus, { name: string; type: ProblemTypeName }>> = {
  400: { name: 'BadRequest', type: 'malformed-request' },
  401: { name: 'Unauthorized', type: 'unauthorized' },
  403: { name: 'Forbidden', type: 'forbidden' },
  404: { name: 'NotFound', type: 'not-found' },
  409: { name: 'Conflict', type: 'conflict' },
  412: { name: 'PreconditionFailed', type: 'precondition-failed' },
  413: { name: 'ContentTooLarge', type: 'content-too-large' },
  415: { name: 'UnsupportedMediaType', type: 'unsupported-media-type' },
  422: { name: 'UnprocessableContent', type: 'invalid' },
  429: { name: 'TooManyRequests', type: 'too-many-requests' },
  500: { name: 'InternalError', type: 'internal-error' },
  503: { name: 'Unavailable', type: 'unavailable' },
};

const RETRY_AFTER = {
  'Retry-After': { description: 'In how many seconds to ask again.', schema: { type: 'integer' } },
};

/** `components.responses` of a description: those that its operations refer to. */
export function namedRefusals(operations: readonly Operation[]): Record<string, Json> {
  const used = [...new Set(operations.flatMap(statusesOf))].toSorted((a, b) => a - b);
  return Object.fromEntries(
    used.map((status) => {
      const { name, type } = REFUSALS[status];
      const { title, description } = PROBLEM_TYPES[type];
      const headers = (status === 429 || status === 503) && { headers: RETRY_AFTER };
      const example = { type: `/problems/${type}`, title, status, detail: description };
      const media = { schema: { $ref: referenceTo('Problem') }, example };
      return [name, { description, ...headers, content: { 'application/problem+json': media } }];
    }),
  );
}

/** The refusals that an operation can answer, by status. */
export function refusalsOf(operation: Operation): Record<string, Json> {
  const described = statusesOf(operation).map((status): [string, Json] => [
    String(status),
    { $ref: `#/components/responses/${REFUSALS[status].name}` },
  ]);
  return Object.fromEntries(described);
}

/** What follows from the parts that an operation has, and what it says itself. */
function statusesOf({ method, path, query, may, refuses = [] }: Operation): RefusalStatus[] {
  const reads = method !== 'get';
  const statuses: RefusalStatus[] = [
    400,
    ...(may === 'anyone' ? [] : ([401, 403, 429] as const)),
    ...(namesIn(path).length > 0 ? ([404] as const) : []),
    ...(reads ? ([413, 415] as const) : []),
    ...(reads || query !== undefined ? ([422] as const) : []),
    ...refuses,
    500,
    503,
  ];
  return [...new Set(statuses)].toSorted((a, b) => a - b);
}

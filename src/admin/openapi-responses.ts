import { type Json, referenceTo } from './json-schema.js';
import type { Operation, RefusalStatus } from './operation.js';
import { namesIn } from './path-parameters.js';

/** Why an operation is refused, as a named response each. */
const REFUSALS: Readonly<Record<RefusalStatus, { name: string; description: string }>> = {
  400: { name: 'BadRequest', description: 'The path, a header or the JSON of the body cannot be read.' },
  401: { name: 'Unauthorized', description: 'There is no key with the request, or not one that is valid.' },
  403: { name: 'Forbidden', description: 'The role of the key never may.' },
  404: { name: 'NotFound', description: 'There is no such object, or the key has no right to see it.' },
  409: { name: 'Conflict', description: 'It does not go together with what there is.' },
  412: { name: 'PreconditionFailed', description: 'The object is not as `If-Match` wants it.' },
  413: { name: 'ContentTooLarge', description: 'The body is too large.' },
  415: { name: 'UnsupportedMediaType', description: 'The body is of a type or encoding that is not read.' },
  422: { name: 'UnprocessableContent', description: 'Members or parameters are wrong; `errors` says which.' },
  429: { name: 'TooManyRequests', description: 'Too many wrong keys came from the address of the client.' },
  500: { name: 'InternalError', description: 'A fault of Dialgate; its log says what.' },
  503: { name: 'Unavailable', description: 'The database is away, or too many streams are open.' },
};

const RETRY_AFTER = {
  'Retry-After': { description: 'In how many seconds to ask again.', schema: { type: 'integer' } },
};

/** `components.responses` of a description: those that its operations refer to. */
export function namedRefusals(operations: readonly Operation[]): Record<string, Json> {
  const used = [...new Set(operations.flatMap(statusesOf))].toSorted((a, b) => a - b);
  return Object.fromEntries(
    used.map((status) => {
      const { name, description } = REFUSALS[status];
      const headers = (status === 429 || status === 503) && { headers: RETRY_AFTER };
      const schema = { $ref: referenceTo('Problem') };
      return [name, { description, ...headers, content: { 'application/problem+json': { schema } } }];
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

import type { z } from 'zod';
import { EVENT_STREAM } from './event-stream.js';
import { type Json, NamedSchemas } from './json-schema.js';
import { namedRefusals, refusalsOf } from './openapi-responses.js';
import { ORDERED_JOB, type Operation, type StreamKind, TAGS } from './operation.js';
import { PATH_PARAMETERS, namesIn } from './path-parameters.js';
import { PROBLEM_ANSWER } from './problem.js';
import { SESSION_COOKIE } from './session-cookie.js';

/**
 * OpenAPI 3.1 of operations, made from the very schemas that requests are checked by and answers
 * are typed by. `linkBase` is where the port is reached; empty: where the description was.
 */
export function openapiDocument(operations: readonly Operation[], linkBase = ''): Json {
  const schemas = new NamedSchemas();
  schemas.describe(PROBLEM_ANSWER, 'output');
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: describeOperation(operation, schemas),
    };
  }
  const used = new Set(operations.map(({ tag }) => tag));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Dialgate',
      version: '1',
      summary: 'The administration of a two-factor gate for phone provisioning.',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: linkBase === '' ? '/' : linkBase }],
    tags: Object.entries(TAGS)
      .filter(([name]) => used.has(name as keyof typeof TAGS))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas.definitions,
      responses: namedRefusals(operations),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An administrator key' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description: 'The session of a browser; what changes something must come from the same origin.',
        },
      },
    },
    security: [{ key: [] }, { session: [] }],
  };
}

const DESCRIPTION = `JSON, with \`Authorization: Bearer …\` and an administrator key.
Times are ISO 8601, durations are seconds. Secrets are write-only.
PATCH merges (RFC 7396): a member that is absent stays, null takes away.
Lists are pages: \`cursor\` of one is the parameter \`cursor\` of the next, null at the end.
What is refused is answered as a problem (RFC 9457).`;

const STREAMED: Readonly<Record<StreamKind, string>> = {
  events: 'Of each event: `id`, its position, and `data`, the event as JSON',
  progress: '`data` is the object as JSON each time it has changed, at the end with its results',
};

const LAST_EVENT_ID = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description:
    'Of a stream: the position behind which it goes on; 0: from the beginning; absent: from now on',
  schema: { type: 'string', pattern: String.raw`^\d{1,15}$` },
};

const LOCATION = { Location: { description: 'Where what was made is.', schema: { type: 'string' } } };

const PREFER = {
  name: 'Prefer',
  in: 'header',
  required: false,
  description: '`respond-async`: as a job, where that is possible; the answer is then 202',
  schema: { type: 'string', examples: ['respond-async'] },
};

function accepted(schemas: NamedSchemas): Json {
  const schema = schemas.describe(ORDERED_JOB, 'output');
  return { description: 'A job has been made of it', content: { 'application/json': { schema } } };
}

function describeOperation(operation: Operation, schemas: NamedSchemas): Json {
  const {
    operationId,
    tag,
    summary,
    description,
    method,
    status,
    path,
    query,
    body,
    streams,
    canBeJob,
    may,
  } = operation;
  const parameters = [
    ...pathParameters(path),
    ...queryParameters(query, schemas),
    ...(streams === 'events' ? [LAST_EVENT_ID] : []),
    ...(canBeJob ? [PREFER] : []),
  ];
  const success = successOf(operation, schemas);
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: describeBody(body, schemas) }),
    responses: {
      [status]: status === 201 ? { ...success, headers: LOCATION } : success,
      ...(method === 'put' && { 201: { ...success, headers: LOCATION } }),
      ...(canBeJob && { 202: { ...accepted(schemas), headers: LOCATION } }),
      ...refusalsOf(operation),
    },
    ...(may === 'anyone' && { security: [] }),
  };
}

function describeBody(body: z.ZodType | 'text/csv', schemas: NamedSchemas): Json {
  if (body === 'text/csv') return { required: true, content: { 'text/csv': { schema: { type: 'string' } } } };
  const content = { 'application/json': { schema: schemas.describe(body, 'input') } };
  // A body that is not there is read as an empty object.
  return { required: !body.safeParse({}).success, content };
}

function successOf({ answer, streams }: Operation, schemas: NamedSchemas): Json {
  if (answer === null) return { description: 'Done' };
  const content =
    typeof answer === 'string'
      ? { [answer]: { schema: { type: 'string' } } }
      : { 'application/json': { schema: schemas.describe(answer, 'output') } };
  if (streams === null) return { description: 'Done', content };
  const schema = { type: 'string', description: STREAMED[streams] };
  return { description: 'Done', content: { ...content, [EVENT_STREAM]: { schema } } };
}

function pathParameters(path: string): Json[] {
  return namesIn(path).map((name) => {
    const { description, example } = PATH_PARAMETERS[name];
    return { name, in: 'path', required: true, description, example, schema: { type: 'string' } };
  });
}

function queryParameters(query: z.ZodObject | undefined, schemas: NamedSchemas): Json[] {
  return Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const { description, ...schema } = schemas.describe(field as z.ZodType, 'input');
    return { name, in: 'query', required: false, description, schema };
  });
}

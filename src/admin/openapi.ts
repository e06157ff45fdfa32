import { z } from 'zod';
import { OPERATIONS, type Operation } from './openapi-operations.js';

type Json = Record<string, unknown>;

const PROBLEM = {
  type: 'object',
  description:
    'RFC 9457; `errors` names each thing that is wrong by a JSON pointer or the name of a parameter.',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { pointer: { type: 'string' }, detail: { type: 'string' } } },
    },
  },
};

const FAULT = {
  description: 'What is wrong, or went wrong',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** OpenAPI 3.1 of the administration port, made from the very schemas that requests are checked by. */
export function openapiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describeOperation(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Dialgate',
      version: '1',
      description: 'The administration of a two-factor gate for phone provisioning. Secrets are write-only.',
    },
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An administrator key' } },
    },
    security: [{ key: [] }],
  };
}

export function describeOperation({
  path,
  summary,
  query,
  body,
  status = 200,
  answer,
  isOpen,
}: Operation): Json {
  const parameters = [...pathParameters(path), ...queryParameters(query)];
  return {
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: { required: true, content: contentOf(body) } }),
    responses: { [status]: successOf(answer), default: FAULT },
    ...(isOpen === true && { security: [] }),
  };
}

function contentOf(body: z.ZodType | 'text/csv'): Json {
  return body === 'text/csv'
    ? { 'text/csv': { schema: { type: 'string' } } }
    : { 'application/json': { schema: schemaOf(body) } };
}

function successOf(answer: Operation['answer']): Json {
  if (answer === null) return { description: 'Done' };
  const isText = answer !== undefined;
  return {
    description: 'Done',
    content: { [answer ?? 'application/json']: { schema: { type: isText ? 'string' : 'object' } } },
  };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject | undefined): Json[] {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: schemaOf(schema as z.ZodType),
  }));
}

/** As it is sent: what a schema reads it into is our own affair. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return described;
}

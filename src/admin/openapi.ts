import type { z } from 'zod';
import { ANSWERS } from './answers.js';
import { describeAnswers, describeInput, type Json, referenceTo } from './json-schema.js';
import { OPERATIONS, type Operation } from './openapi-operations.js';

const FAULT = {
  description: 'What is wrong, or went wrong',
  content: { 'application/problem+json': { schema: { $ref: referenceTo('Problem') } } },
};

/** OpenAPI 3.1 of the administration port, made from the very schemas that requests are checked by and answers are typed by. */
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
      schemas: describeAnswers(ANSWERS),
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
    : { 'application/json': { schema: describeInput(body) } };
}

function successOf(answer: Operation['answer']): Json {
  if (answer === null) return { description: 'Done' };
  const content = answer.includes('/')
    ? { [answer]: { schema: { type: 'string' } } }
    : {
        'application/json': {
          schema: answer === 'Json' ? { type: 'object' } : { $ref: referenceTo(answer) },
        },
      };
  return { description: 'Done', content };
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
    schema: describeInput(schema as z.ZodType),
  }));
}

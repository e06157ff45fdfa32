import type { z } from 'zod';
import { ANSWERS } from './answers.js';
import { describeAnswers, describeInput, type Json, referenceTo } from './json-schema.js';
import { OPERATIONS, type Operation } from './openapi-operations.js';

const FAULT = {
  description: 'What is wrong, or went wrong',
  content: { 'application/problem+json': { schema: { $ref: referenceTo('Problem') } } },
};

/**
 * OpenAPI 3.1 of the administration port, made from the very schemas that requests are checked by
 * and answers are typed by.
 */
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

const STREAM = {
  'text/event-stream': {
    schema: {
      type: 'string',
      description: 'Of each event: `id`, its position, and `data`, the event as JSON',
    },
  },
};

const LAST_EVENT_ID = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description:
    'Of a stream: the position behind which it goes on; 0: from the beginning; absent: from now on',
  schema: { type: 'string', pattern: String.raw`^\d{1,15}$` },
};

export function describeOperation({
  path,
  summary,
  query,
  body,
  isBodyOptional = false,
  status = 200,
  answer,
  isStreamed = false,
  isOpen,
}: Operation): Json {
  const parameters = [
    ...pathParameters(path),
    ...queryParameters(query),
    ...(isStreamed ? [LAST_EVENT_ID] : []),
  ];
  return {
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: { required: !isBodyOptional, content: contentOf(body) } }),
    responses: { [status]: successOf(answer, isStreamed), default: FAULT },
    ...(isOpen === true && { security: [] }),
  };
}

function contentOf(body: z.ZodType | 'text/csv'): Json {
  return body === 'text/csv'
    ? { 'text/csv': { schema: { type: 'string' } } }
    : { 'application/json': { schema: describeInput(body) } };
}

function successOf(answer: Operation['answer'], isStreamed: boolean): Json {
  if (answer === null) return { description: 'Done' };
  const content = answer.includes('/')
    ? { [answer]: { schema: { type: 'string' } } }
    : {
        'application/json': {
          schema: answer === 'Json' ? { type: 'object' } : { $ref: referenceTo(answer) },
        },
      };
  return { description: 'Done', content: isStreamed ? { ...content, ...STREAM } : content };
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

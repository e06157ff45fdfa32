/** Holds what the API answers against what /openapi.json says that it answers. */
import assert from 'node:assert/strict';
import { z } from 'zod';
import { openapiDocument } from '../../src/admin/openapi.js';
import { OPERATIONS } from '../../src/admin/operations.js';

interface Response {
  content?: Record<string, { schema: object }>;
}

interface Described {
  responses: Record<string, Response | { $ref: string }>;
}

interface Description {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, object>; responses: Record<string, Response> };
}

const { paths, components } = openapiDocument(OPERATIONS) as unknown as Description;
// What is named comes before what is a parameter, as it is mounted.
const templates = Object.keys(paths)
  .toSorted()
  .map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
const schemas = new Map<string, z.ZodType>();

/**
 * @throws AssertionError when the answer is not one that is described: a status, a type or a body.
 */
export function assertDescribed(
  method: string,
  url: string,
  status: number,
  type: string,
  body: unknown,
): void {
  const pathname = new URL(url).pathname.replace(/(?<=.)\/$/, '');
  const path = templates.find(({ pattern }) => pattern.test(pathname))?.path;
  const responses = path === undefined ? undefined : paths[path]?.[method.toLowerCase()]?.responses;
  const what = `${method} ${path ?? pathname} → ${status}`;
  assert.ok(responses === undefined || responses[status] !== undefined, `${what} is described`);
  // What is at no path, or cannot be asked by this method, is answered like every other problem.
  const response = resolved(responses?.[status] ?? { $ref: '#/components/responses/NotFound' });
  if (response.content === undefined) return assert.equal(body, null, `${what} is answered with nothing`);
  const media = type.split(';')[0] ?? '';
  const schema = response.content[media]?.schema;
  assert.ok(schema !== undefined, `${what}: ${media} is described`);
  const { error } = reader(schema).safeParse(body);
  assert.equal(error, undefined, `${what} is not as /openapi.json says: ${error?.message ?? ''}`);
}

function resolved(response: Response | { $ref: string }): Response {
  if (!('$ref' in response)) return response;
  const named = components.responses[response.$ref.replace('#/components/responses/', '')];
  assert.ok(named !== undefined, `${response.$ref} is defined`);
  return named;
}

function reader(schema: object): z.ZodType {
  // zod reads patterns without the flag that JSON Schema means them with, and cannot read those
  // that need it.
  const text = JSON.stringify({ ...schema, $defs: components.schemas })
    .replaceAll('#/components/schemas/', '#/$defs/')
    .replaceAll(/"pattern":"[^"]*\\\\p\{[^"]*"/g, '"description":""');
  const known = schemas.get(text);
  if (known !== undefined) return known;
  const made = z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
  schemas.set(text, made);
  return made;
}

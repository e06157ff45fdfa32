/** The description of the admin port as linters and generators read it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { openapiDocument } from '../../../src/admin/openapi.js';
import { OPERATIONS } from '../../../src/admin/operations.js';

interface Parameter {
  name: string;
  in: string;
  description?: string;
  schema: { type?: string };
}

interface Described {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: { $ref?: string } }> };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: { $ref?: string } }> }>;
}

const document = openapiDocument(OPERATIONS);
const { schemas } = document['components'] as {
  schemas: Record<string, { examples?: unknown[] }>;
};
const operations = Object.values(document['paths'] as Record<string, Record<string, Described>>).flatMap(
  (methods) => Object.values(methods),
);

describe('the description of the API', () => {
  it('passes the recommended rules of Redocly without a warning', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const source = JSON.stringify(document);
    const found = await lintFromString({ source, absoluteRef: '/openapi.json', config });
    const said = found.map(
      ({ severity, ruleId, message, location: [at] }) => `${severity} ${ruleId}: ${message} ${at?.pointer}`,
    );
    assert.deepEqual(said, []);
  });

  it('is found wanting by those rules when something is', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const source = JSON.stringify({ ...document, tags: [{ name: 'Tenants' }] });
    const found = await lintFromString({ source, absoluteRef: '/openapi.json', config });
    assert.deepEqual([...new Set(found.map(({ ruleId }) => ruleId))], ['tag-description']);
  });

  it('calls each operation a verb and its object, once', () => {
    const ids = operations.map(({ operationId }) => operationId);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[a-z]+[A-Z][A-Za-z]+$/);
  });

  it('says of each parameter what it does, and that limits are integers', () => {
    const parameters = operations.flatMap(({ parameters: own = [] }) => own);
    const silent = parameters.filter(({ description }) => (description ?? '').length < 10);
    assert.deepEqual(
      silent.map(({ name }) => name),
      [],
    );
    const limits = parameters.filter(({ name }) => name === 'limit');
    assert.deepEqual([...new Set(limits.map(({ schema }) => schema.type))], ['integer']);
  });

  it('names each body and answer, and has an example of each body', () => {
    const named = ({ $ref = '' }: { $ref?: string }): string =>
      /^#\/components\/schemas\/(\w+)$/.exec($ref)?.[1] ?? '';
    for (const { operationId, requestBody, responses } of operations) {
      const body = requestBody?.content['application/json']?.schema;
      if (body !== undefined) {
        const examples = schemas[named(body)]?.examples ?? [];
        assert.ok(examples.length > 0, `the body of ${operationId} has an example`);
      }
      const answer = (responses['200'] ?? responses['201'])?.content?.['application/json']?.schema;
      if (answer !== undefined && operationId !== 'getOpenapi')
        assert.ok(named(answer) in schemas, `the answer of ${operationId} has a name`);
    }
  });
});

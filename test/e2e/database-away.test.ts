/** What the three ports answer while the database hangs or is gone. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { z } from 'zod';
import { OPERATIONS } from '../../src/admin/operations.js';
import { makeTokenId, openMasterKey } from '../../src/domain/secrets.js';
import { freePort } from '../support/free-port.js';
import { Gate } from '../support/gate.js';
import { type Postgres, startPostgres } from '../support/postgres.js';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';

const MASTER_KEY = 'the master key of this test, long enough';
const INTERNAL_TOKEN = 'a-token-of-this-test-long-enough';
const SOON = { within: 120_000 };

describe('while the database is away', async () => {
  const postgres: Postgres = await startPostgres();
  const skip = postgres.kind === 'unavailable' ? postgres.reason : false;
  let gate: Gate;
  let service: Service;
  let tenantId: string;
  let internalPort: number;
  before(async () => {
    if (postgres.kind === 'unavailable') return;
    const url = new URL(await postgres.createDatabase());
    gate = await Gate.to(url.hostname, Number(url.port));
    url.port = String(gate.port);
    internalPort = await freePort();
    const internal = { INTERNAL_PORT: String(internalPort), INTERNAL_TOKEN };
    service = await Service.launch({ env: { DATABASE_URL: url.href, MASTER_KEY, ...internal } });
    ({ id: tenantId } = await service.api.need('POST', '/tenants', { name: 'Example Ltd' }));
    await service.api.need('POST', '/devices', { mac: '805ec0aabb07', vendor: 'yealink', tenantId });
  });
  after(async () => {
    if (postgres.kind === 'unavailable') return;
    await service.kill();
    await gate.close();
    await postgres.stop();
  });

  for (const way of ['hang', 'cut'] as const) {
    it(
      `every port answers 503 and when to come again, and nothing of the inside (${way})`,
      { skip },
      async () => {
        gate[way]();
        const key = service.adminKey;
        const asked: [string, RequestInit][] = [
          [`${service.facts.adminUrl}/api/v1/tenants`, { headers: { authorization: `Bearer ${key}` } }],
          [`${service.facts.adminUrl}/api/v1/events`, { headers: { authorization: `Bearer ${key}` } }],
          [
            `${service.facts.adminUrl}/api/v1/devices`,
            { headers: { authorization: 'Bearer of-somebody-else' } },
          ],
          [
            `${service.facts.adminUrl}/api/v1/tenants/${tenantId}`,
            {
              method: 'PATCH',
              body: '{"name":"Other"}',
              headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
            },
          ],
          [`${service.facts.adminUrl}/readyz`, {}],
          [`${service.facts.provisioningUrl}/805ec0aabb07.cfg`, {}],
          [
            `http://127.0.0.1:${internalPort}/v1/accounts/${makeTokenId(openMasterKey(MASTER_KEY))}`,
            { headers: { authorization: `Bearer ${INTERNAL_TOKEN}` } },
          ],
        ];
        await Promise.all(
          asked.map(async ([url, init]) => {
            const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(SOON.within) });
            const body = await answer.text();
            assert.equal(answer.status, 503, `${url}: ${body}`);
            assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/, url);
            assert.doesNotMatch(
              body,
              /postgres|ECONN|127\.0\.0\.1|timeout|node_modules|select|connection/i,
              url,
            );
          }),
        );
        gate.mend();
        await until(async () => (await service.api.get(`/tenants/${tenantId}`)).status === 200, SOON);
        assert.equal((await service.api.get(`/tenants/${tenantId}`)).body.name, 'Example Ltd');
      },
    );
  }

  it('every operation of the API answers 503 and when to come again', { skip }, async () => {
    gate.cut();
    const asked = OPERATIONS.filter(
      // What runs can be told without the database, and that it is away; and so can the name of a
      // key that needs none, and that it came with no session.
      ({ may, operationId }) =>
        may !== 'anyone' && !['getInstallation', 'getSession', 'signOut'].includes(operationId),
    );
    const answers = await Promise.all(
      asked.map(async ({ method, path, operationId, body }) => {
        const url = path.replace('{mac}', '80:5e:c0:aa:bb:07').replaceAll(/\{\w+\}/g, tenantId);
        const type = body === 'text/csv' ? body : 'application/json';
        const content = body === 'text/csv' ? 'mac,vendor\n805ec0aabb08,yealink\n' : exampleOf(body ?? null);
        const query = body === 'text/csv' ? `?tenantId=${tenantId}` : '';
        const answer = await fetch(`${service.facts.adminUrl}${url}${query}`, {
          method: method.toUpperCase(),
          headers: { authorization: `Bearer ${service.adminKey}`, 'content-type': type },
          ...(method !== 'get' && { body: content }),
          signal: AbortSignal.timeout(SOON.within),
        });
        await answer.arrayBuffer();
        return [operationId, answer.status, /^\d+$/.test(answer.headers.get('retry-after') ?? '')];
      }),
    );
    gate.mend();
    assert.ok(answers.length > 30);
    assert.deepEqual(
      answers,
      asked.map(({ operationId }) => [operationId, 503, true]),
    );
  });
});

/** What the description of the API has as an example of a body. */
function exampleOf(body: z.ZodType | null): string {
  const [example] = (body?.meta()?.['examples'] ?? []) as unknown[];
  return JSON.stringify(example ?? {});
}

/** What the admin port says of itself: links behind a proxy, types of problems, the installation. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Service } from '../support/service.js';

const ADMIN_URL = 'https://dialgate.example/gate';
const MASTER_KEY = 'a-master-key-that-is-not-told';

describe('the admin port behind a proxy', () => {
  let service: Service;
  before(async () => {
    service = await Service.launch({
      env: { ADMIN_URL: `${ADMIN_URL}/`, MASTER_KEY, PUBLIC_URL: 'http://phones.example' },
    });
  });
  after(() => service.kill());

  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${service.facts.adminUrl}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${service.adminKey}`, 'content-type': 'application/json' },
    });

  it('says in links where administrators find it', async () => {
    const made = await ask('/api/v1/tenants', { method: 'POST', body: '{"name":"Example Ltd"}' });
    const { id } = (await made.json()) as { id: string };
    assert.equal(made.headers.get('location'), `${ADMIN_URL}/api/v1/tenants/${id}`);
    const { servers } = (await (await ask('/openapi.json')).json()) as { servers: unknown };
    assert.deepEqual(servers, [{ url: ADMIN_URL }]);
  });

  it('has a page for the type of each problem', async () => {
    const refusals: [path: string, init: RequestInit, name: string][] = [
      ['/api/v1/nothing', {}, 'not-found'],
      ['/nothing', {}, 'not-found'],
      ['/api/v1/tenants', { method: 'PUT' }, 'method-not-allowed'],
      ['/api/v1/tenants', { method: 'POST', body: '{}' }, 'invalid'],
      ['/api/v1/tenants', { method: 'POST', body: '{' }, 'malformed-request'],
      ['/api/v1/devices/80', {}, 'malformed-request'],
      ['/api/v1/devices?nothing=1', {}, 'invalid'],
    ];
    for (const [path, init, name] of refusals) {
      const answer = await ask(path, init);
      const { type, title, status } = (await answer.json()) as {
        type: string;
        title: string;
        status: number;
      };
      assert.equal(type, `${ADMIN_URL}/problems/${name}`, path);
      assert.equal(status, answer.status);
      const page = await ask(type.slice(ADMIN_URL.length));
      assert.equal(page.status, 200);
      assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
      assert.ok((await page.text()).includes(`<h1>${title}</h1>`), name);
    }
    assert.equal((await ask('/problems/nothing')).status, 404);
  });

  it('tells what runs, how it is set and what is not right, and no secret', async () => {
    const text = await (await ask('/api/v1/installation')).text();
    assert.ok(!text.includes(MASTER_KEY) && !text.includes(service.adminKey));
    const told = JSON.parse(text) as {
      version: string;
      ports: Record<string, number>;
      engines: Record<string, string>;
      health: { ready: boolean };
      adminUrl: string;
      warnings: string[];
      settings: { name: string; value: string; source: string }[];
    };
    assert.match(told.version, /^\d+\.\d+\.\d+/);
    assert.equal(told.ports['admin'], Number(new URL(service.facts.adminUrl).port));
    for (const port of Object.values(told.ports)) assert.ok(port > 0);
    assert.match(told.engines['database'] ?? '', /PGlite/);
    assert.equal(told.health.ready, true);
    assert.equal(told.adminUrl, ADMIN_URL);
    assert.deepEqual(told.settings.find(({ name }) => name === 'PUBLIC_URL')?.value, 'http://phones.example');
    assert.deepEqual(
      told.warnings.map((warning) => /^[A-Z_]+/.exec(warning)?.[0]),
      ['EMERGENCY_ROUTE', 'PUBLIC_URL', 'DATABASE_URL'],
    );
    const ready = (await (await ask('/readyz')).json()) as { warnings: string[] };
    assert.deepEqual(ready.warnings, told.warnings);
    for (const warning of told.warnings)
      assert.ok(service.log.includes(JSON.stringify(warning)), 'it is said at the start');
  });
});

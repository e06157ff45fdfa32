import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { sql } from 'kysely';
import { findWarnings } from '../../src/services/warnings.js';
import { saveSipApplication } from '../../src/store/sip-applications.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import {
  ADMIN_KEY,
  type Admin,
  type Json,
  NOW,
  expectProblem,
  expectStatus,
  makeTenant,
  onAdminApp,
} from './admin-server.js';

onAdminApp('only a key opens the API, and one that is deleted no more', async (admin) => {
  const withKey = (key: string, path = '/tenants') =>
    admin.ask('GET', path, undefined, { authorization: `Bearer ${key}` });
  const created = await admin.post('/api-keys', { name: 'Alice' });
  assert.equal(created.status, 201);
  const { id, key, ...rest } = created.body;
  assert.match(key, /^dg_[a-z2-7]{40}$/);
  const described = {
    name: 'Alice',
    role: 'admin',
    tenantIds: [],
    expiresAt: null,
    lastUsedAt: null,
    createdAt: '2026-11-22T12:00:00.000Z',
  };
  assert.deepEqual(rest, described);
  assert.equal((await withKey(key)).status, 200);

  const { items } = await expectStatus(admin.get('/api-keys'), 200);
  assert.deepEqual(items, [{ ...described, id, lastUsedAt: '2026-11-22T12:00:00.000Z' }]);
  const stored = await admin.context.store.db.selectFrom('apiKeys').selectAll().execute();
  assert.ok(!JSON.stringify(stored).includes(key));

  assert.equal((await admin.delete(`/api-keys/${id}`)).status, 204);
  await expectProblem(admin.delete(`/api-keys/${id}`), 404);
  const refused = withKey(key);
  await expectProblem(refused, 401);
  assert.match(
    (await refused).headers.get('www-authenticate') ?? '',
    /^Bearer realm=.*error="invalid_token"/,
  );

  for (const authorization of [
    '',
    'Bearer',
    `Basic ${ADMIN_KEY}`,
    ADMIN_KEY,
    `Bearer ${ADMIN_KEY}x`,
    `Bearer ${'k'.repeat(9000)}`,
  ]) {
    for (const path of ['/tenants', '/nothing', '/devices/x']) {
      await expectProblem(admin.ask('GET', path, undefined, { authorization }), 401);
    }
  }
  assert.ok(!admin.logged().includes(key) && !admin.logged().includes(ADMIN_KEY));
  for (const name of ['', ' ', 'phone', 'unknown', 'system', 'ADMIN_KEY', 'x'.repeat(101), 1]) {
    assert.deepEqual(await expectProblem(admin.post('/api-keys', { name }), 422), ['/name']);
  }
});

onAdminApp('a body that cannot be read is a problem and nothing more', async (admin) => {
  const send = (body: string, headers: Record<string, string> = {}) =>
    admin.ask('POST', '/tenants', body, headers);
  await expectProblem(send('{"name": "secret-'), 400);
  await expectProblem(send('{"name": "x"}', { 'content-type': 'text/plain' }), 415);
  await expectProblem(send('{"name": "x"}', { 'content-type': 'application/json; charset=koi8-r' }), 415);
  await expectProblem(send('{"name": "x"}', { 'content-encoding': 'zip' }), 415);
  await expectProblem(send('{"name": "x"}', { 'content-encoding': 'gzip' }), 400);
  await expectProblem(send(`{"name": "${'x'.repeat(1_100_000)}"}`), 413);
  await expectProblem(send('['.repeat(500_000)), 400);
  for (const body of ['null', '[]', '"x"', '7', '[{"name":"x"}]']) await expectProblem(send(body), 422);
  assert.deepEqual(await expectProblem(send('{}'), 422), ['/name']);
  assert.deepEqual(await expectProblem(send('{"name":"x","__proto__":{"a":1}}'), 422), ['/__proto__']);
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`unknown${index}`, 1]));
  assert.equal((await expectProblem(send(JSON.stringify({ name: 'x', ...many })), 422)).length, 100);
  for (const name of ['', 'a\u0000b', 'a\nb', '\ud800', '\uffff', 'x'.repeat(201), 1, {}, []]) {
    assert.deepEqual(await expectProblem(send(JSON.stringify({ name })), 422), ['/name']);
  }
  assert.ok(!admin.logged().includes('secret-'));
  assert.deepEqual((await expectStatus(admin.get('/tenants'), 200)).items, []);
  assert.equal((await expectStatus(send('{"name":"Ünïcode 電話"}'), 201)).name, 'Ünïcode 電話');
});

onAdminApp('a path or method that is not there is told apart', async (admin) => {
  const id = await makeTenant(admin);
  await expectStatus(admin.get('/tenants/'), 200);
  await expectStatus(admin.get(`/tenants/${id}/`), 200);
  const head = await admin.ask('HEAD', `/tenants/${id}`);
  assert.deepEqual([head.status, head.body], [200, null]);
  const allowed: [string, string][] = [
    ['/tenants', 'GET, HEAD, POST'],
    [`/tenants/${id}`, 'GET, HEAD, PATCH, DELETE'],
    [`/tenants/${id}/lines`, 'GET, HEAD, POST'],
    ['/devices/80:5e:c0:11:22:33', 'GET, HEAD, PATCH, DELETE'],
    ['/events', 'GET, HEAD'],
    ['/api-keys', 'GET, HEAD, POST'],
  ];
  for (const [path, allow] of allowed) {
    const answer = admin.ask('PUT', path, {});
    await expectProblem(answer, 405);
    assert.equal((await answer).headers.get('allow'), allow);
  }
  for (const path of ['', '/', '/nothing', '/tenants/x/y/z', `/tenants/${id}/nothing`]) {
    await expectProblem(admin.get(path), 404);
  }
  await expectProblem(admin.get('/tenants/%E0%A4%A'), 400);
  await expectProblem(admin.get('/devices/%00'), 400);
  await expectProblem(admin.get(`/tenants/${'a'.repeat(8000)}`), 404);
  await expectStatus(admin.get('/devices?q=%E0%A4%A'), 200);
});

onAdminApp('headers beyond measure are refused and survived', async (admin) => {
  const answer = await raw(admin, '/healthz', { 'x-long': 'x'.repeat(100_000) });
  assert.equal(answer.statusCode, 431);
  assert.equal((await raw(admin, '/healthz')).statusCode, 200);
});

onAdminApp(
  'the portal opens without a key: its pages, its files, and nothing that runs elsewhere',
  async (admin) => {
    const browser = { Accept: 'text/html,*/*;q=0.8', 'Accept-Encoding': 'br' };
    for (const path of ['/', '/devices/80:5e:c0:00:00:01', '/audit?type=pap.wrong']) {
      const answer = await fetch(admin.url + path, { headers: browser });
      const page = await answer.text();
      assert.equal(answer.status, 200, path);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
      assert.equal(answer.headers.get('cache-control'), 'no-cache');
      assert.match(answer.headers.get('content-security-policy') ?? '', /script-src 'self';/);
      assert.doesNotMatch(answer.headers.get('content-security-policy') ?? '', /unsafe|https?:/);
      assert.doesNotMatch(page, /<script(?![^>]*src=)|<style|style=/);
      const [, script = ''] = /src="([^"]+\.js)"/.exec(page) ?? [];
      const file = await fetch(admin.url + script, { headers: { 'Accept-Encoding': 'br' } });
      assert.equal(file.headers.get('content-encoding'), 'br');
      assert.match(file.headers.get('cache-control') ?? '', /immutable/);
      assert.ok(!(await file.text()).includes(ADMIN_KEY));
    }
    await expectStatus(fetch(`${admin.url}/assets/nothing.js`, { headers: browser }), 404);
    await expectStatus(fetch(`${admin.url}/devices`), 404);
    assert.equal((await raw(admin, '/', {}, 'POST')).statusCode, 404);
  },
);

onAdminApp(
  'every answer forbids to keep, frame and guess it, and says nothing of what made it',
  async (admin) => {
    for (const path of ['/', '/healthz', '/nothing', '/api/v1/tenants']) {
      const { headers } = await fetch(admin.url + path);
      assert.equal(headers.get('cache-control'), path === '/' ? 'no-cache' : 'no-store');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(
        headers.get('content-security-policy') ?? '',
        /default-src 'none'.*frame-ancestors 'none'/,
      );
      assert.equal(headers.get('x-powered-by'), null);
    }
  },
);

onAdminApp(
  'ready is who has a database, a provisioning port, and a SIP application with both engines',
  async (admin) => {
    const ready = async (): Promise<[number, Json]> => {
      const answer = await fetch(`${admin.url}/readyz`);
      const body: Json = await answer.json();
      return [answer.status, body.errors?.map((error: { pointer: string }) => error.pointer) ?? body.status];
    };
    const report = (sipServer: boolean, mediaServer: boolean, seenAt = NOW) =>
      saveSipApplication(admin.context.store.db, { id: 'a', sipServer, mediaServer, seenAt }, new Date(0));
    assert.deepEqual(await ready(), [503, ['sipServer', 'mediaServer']]);
    await report(true, false);
    assert.deepEqual(await ready(), [503, ['mediaServer']]);
    await report(true, true);
    assert.deepEqual(await ready(), [200, 'ready']);
    admin.provisioningIsUp = false;
    assert.deepEqual(await ready(), [503, ['provisioning']]);
    admin.provisioningIsUp = true;
    admin.turnClock(new Date(NOW.getTime() + 9_999));
    assert.deepEqual(await ready(), [200, 'ready']);
    admin.turnClock(new Date(NOW.getTime() + 10_000));
    assert.deepEqual(await ready(), [503, ['sipServer', 'mediaServer']]);
    assert.deepEqual(await (await fetch(`${admin.url}/healthz`)).json(), { status: 'ok' });
  },
);

onAdminApp('what is not right and keeps no phone out is among the warnings of /readyz', async (admin) => {
  const { context } = admin;
  const missing = await fetch(`${admin.url}/readyz`);
  assert.equal(missing.status, 503);
  assert.equal(((await missing.json()) as Json).warnings.length, 2, 'beside what is missing');
  const report = { id: 'a', sipServer: true, mediaServer: true, seenAt: NOW };
  await saveSipApplication(context.store.db, report, new Date(0));
  const answer = await fetch(`${admin.url}/readyz`);
  assert.equal(answer.status, 200);
  const { warnings }: Json = await answer.json();
  assert.deepEqual(
    warnings.map((warning: string) => /^[A-Z_]+/.exec(warning)?.[0]),
    ['EMERGENCY_ROUTE', 'PUBLIC_URL'],
  );

  const set = (publicUrl: string, route: string[]) => ({
    ...context.installation,
    publicUrl,
    emergency: { route, numbers: ['112'] },
  });
  const find = async (
    publicUrl: string,
    hasAdminKey: boolean,
    isSealRefused = false,
    dataDir: string | null = null,
    isInProduction = false,
  ): Promise<string> => {
    const installation = set(publicUrl, ['sip:gateway.example']);
    const known = {
      hasAdminKey,
      dataDir,
      isInProduction,
      isSealRefused: () => isSealRefused,
      clockReport: () => null,
    };
    return (await findWarnings({ ...context, installation }, known)).join('\n');
  };
  const good = 'https://phones.example';
  assert.equal(await find(good, true), '');
  assert.match(await find(good, false), /^ADMIN_KEY .* no administrator key/);
  await expectStatus(admin.post('/api-keys', { name: 'crm' }), 201);
  assert.equal(await find(good, false), '', 'a key of the database is one');
  assert.match(await find(good, true, true), /dialgate audit verify/);
  const folder = temporaryFolder('warned-of');
  chmodSync(folder, 0o700);
  assert.doesNotMatch(await find(good, true, false, folder), /DATA_DIR/);
  chmodSync(folder, 0o770);
  assert.match(await find(good, true, false, folder), /^DATA_DIR/m);
  for (const url of [
    'http://127.0.0.1:8080',
    'http://localhost:8080',
    'http://[::1]:8080',
    'https://127.1.2.3',
  ])
    assert.match(await find(url, true), /^PUBLIC_URL is on loopback/, url);
  assert.match(await find('http://phones.example', true), /^PUBLIC_URL is plain HTTP/);
  const own = temporaryFolder('embedded');
  chmodSync(own, 0o700);
  assert.match(await find(good, true, false, own), /^DATABASE_URL is not set: the embedded database/);
  assert.doesNotMatch(await find('http://127.0.0.1:8080', true, false, own), /DATABASE_URL/, 'a trial');
  assert.match(await find('http://127.0.0.1:8080', true, false, own, true), /DATABASE_URL/);
});

onAdminApp(
  'a database that does not answer makes not ready in a second, and alive all the same',
  async (admin) => {
    const answer = await admin.context.store.transaction(async (db) => {
      await sql`lock table sip_applications in access exclusive mode`.execute(db);
      assert.equal((await fetch(`${admin.url}/healthz`)).status, 200);
      return fetch(`${admin.url}/readyz`, { signal: AbortSignal.timeout(60_000) });
    });
    const body: Json = await answer.json();
    assert.equal(answer.status, 503);
    assert.deepEqual(
      body.errors.map((error: { pointer: string }) => error.pointer),
      ['database', 'sipServer', 'mediaServer'],
    );
  },
);

onAdminApp(
  'a request is one line of the log, without its query and what could be a secret',
  async (admin) => {
    await admin.get('/devices?q=zzzz');
    await fetch(`${admin.url}/abcdefghijklmnopqrstuvwxyz234567/y000000000000.boot`);
    const lines = admin
      .logged()
      .trim()
      .split('\n')
      .map((line): Json => JSON.parse(line));
    const [first, second] = lines.filter(({ msg }) => msg === 'request');
    assert.deepEqual(
      [first.method, first.path, first.status, first.actor, first.address],
      ['GET', '/api/v1/devices', 200, 'ADMIN_KEY', '127.0.0.1'],
    );
    assert.deepEqual([second.path, second.status], ['/***/y000000000000.boot', 404]);
  },
);

async function raw(admin: Admin, path: string, headers = {}, method = 'GET'): Promise<IncomingMessage> {
  const asked = request(admin.url + path, { headers, method, agent: false });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'close');
  return answer;
}

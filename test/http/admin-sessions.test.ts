import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import express from 'express';
import { locateClient } from '../../src/admin/actor.js';
import { setSessionCookie } from '../../src/admin/session-cookie.js';
import { parsePrefix } from '../../src/domain/prefix.js';
import { SESSION_IDLE_SECONDS, SESSION_SECONDS, Sessions } from '../../src/services/keys/sessions.js';
import { addSeconds } from '../../src/domain/time.js';
import {
  ADMIN_KEY,
  type Admin,
  type Answer,
  NOW,
  expectProblem,
  expectStatus,
  onAdminApp,
} from './admin-server.js';

/** Signs in as a browser does; answers the `Set-Cookie` header. */
async function signIn(admin: Admin, key: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await asBrowser(admin, 'POST', '/session', null, { key }, headers);
  assert.deepEqual([answer.status, answer.body], [204, null]);
  return answer.headers.get('set-cookie') ?? '';
}

/** Asks with the cookie of a session alone, as a page of the admin port itself. */
function asBrowser(
  admin: Admin,
  method: string,
  path: string,
  cookie: string | null,
  body?: unknown,
  headers: Record<string, string> = { origin: admin.url },
): Promise<Answer> {
  const sent = cookie === null ? {} : { cookie: cookie.split(';')[0] ?? '' };
  return admin.ask(method, path, body, { authorization: '', ...sent, ...headers });
}

onAdminApp('a browser signs in with a key and out again', async (admin) => {
  const cookie = await signIn(admin, ADMIN_KEY);
  assert.match(cookie, /^dialgate_session=[a-z2-7]{44}; Path=\/; HttpOnly; SameSite=Strict$/);
  assert.deepEqual(await expectStatus(asBrowser(admin, 'GET', '/session', cookie), 200), {
    name: 'ADMIN_KEY',
    role: 'admin',
    tenantIds: [],
  });
  await expectStatus(asBrowser(admin, 'POST', '/tenants', cookie, { name: 'A' }), 201);
  await expectProblem(asBrowser(admin, 'DELETE', '/session', cookie, undefined, {}), 403);
  const out = await asBrowser(admin, 'DELETE', '/session', cookie);
  assert.equal(out.status, 204);
  assert.match(out.headers.get('set-cookie') ?? '', /^dialgate_session=; .*Expires=Thu, 01 Jan 1970/);
  await expectProblem(asBrowser(admin, 'GET', '/session', cookie), 401);
  await expectProblem(asBrowser(admin, 'POST', '/tenants', cookie, { name: 'A' }), 401);

  // A program has a key and no session; it may ask what the key is.
  assert.equal((await expectStatus(admin.get('/session'), 200)).name, 'ADMIN_KEY');
  await expectProblem(admin.delete('/session'), 404);
  await expectProblem(asBrowser(admin, 'GET', '/session', null), 401);
  for (const wrong of ['dialgate_session=', 'dialgate_session=x', `dialgate_session=${'a'.repeat(44)}`])
    await expectProblem(asBrowser(admin, 'GET', '/session', wrong), 401);
  assert.deepEqual(await expectProblem(asBrowser(admin, 'POST', '/session', null, {}), 422), ['/key']);
  assert.deepEqual(
    await expectProblem(asBrowser(admin, 'POST', '/session', null, { key: ADMIN_KEY, more: 1 }), 422),
    ['/more'],
  );
  await admin.auditLog.sealer.catchUp();
  const { items } = await expectStatus(admin.get('/events?type=session.started&type=session.ended'), 200);
  assert.deepEqual(
    items.map(({ type, actor, address }: Record<string, unknown>) => [type, actor, address]),
    [
      ['session.started', 'ADMIN_KEY', '127.0.0.1'],
      ['session.ended', 'ADMIN_KEY', '127.0.0.1'],
    ],
  );
  assert.ok(!admin.logged().includes(cookie.slice(20, 40)));
});

onAdminApp('what a session changes must come from the same origin', async (admin) => {
  const cookie = await signIn(admin, ADMIN_KEY);
  const { host } = new URL(admin.url);
  const create = (headers: Record<string, string>) =>
    asBrowser(admin, 'POST', '/tenants', cookie, { name: 'A' }, headers);
  for (const headers of [
    { origin: admin.url },
    { origin: admin.url, 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-origin' },
    // A proxy speaks TLS for us.
    { origin: `https://${host}`, 'sec-fetch-site': 'same-origin' },
  ])
    await expectStatus(create(headers), 201);
  for (const headers of [
    {},
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `${admin.url}0` },
    { origin: `http://${host}.evil.example` },
    { origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: admin.url, 'sec-fetch-site': 'cross-site' },
  ]) {
    await expectProblem(create(headers), 403);
    const answer = await asBrowser(admin, 'GET', '/tenants', cookie, undefined, headers);
    assert.equal(answer.status, 200, 'reading changes nothing');
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
  }
  // Nor can a page of another origin sign its visitor in.
  await expectProblem(
    asBrowser(admin, 'POST', '/session', null, { key: ADMIN_KEY }, { origin: 'https://evil.example' }),
    403,
  );
  // A program says no origin, and brings no cookie.
  await signIn(admin, ADMIN_KEY, {});
  const preflight = await admin.ask('OPTIONS', '/tenants', undefined, { origin: 'https://evil.example' });
  assert.equal(preflight.headers.get('access-control-allow-origin'), null);
});

onAdminApp('a session ends when it is idle, at its end, and with its key', async (admin) => {
  const isOpen = async (cookie: string) => {
    const { status } = await asBrowser(admin, 'GET', '/session', cookie);
    assert.ok(status === 200 || status === 401);
    return status === 200;
  };
  const idle = await signIn(admin, ADMIN_KEY);
  const used = await signIn(admin, ADMIN_KEY);
  let passed = 0;
  for (; passed < SESSION_SECONDS - SESSION_IDLE_SECONDS; passed += SESSION_IDLE_SECONDS - 60) {
    admin.turnClock(addSeconds(NOW, passed));
    assert.ok(await isOpen(used));
  }
  assert.ok(!(await isOpen(idle)));
  admin.turnClock(addSeconds(NOW, SESSION_SECONDS - 60));
  await isOpen(used);
  admin.turnClock(addSeconds(NOW, SESSION_SECONDS));
  assert.ok(!(await isOpen(used)));

  const made = await expectStatus(admin.post('/api-keys', { name: 'Alice', role: 'operator' }), 201);
  const first = await signIn(admin, made.key);
  assert.equal((await asBrowser(admin, 'GET', '/session', first)).body.role, 'operator');
  const rotated = await expectStatus(admin.post(`/api-keys/${made.id}/rotate`, { overlapSeconds: 600 }), 200);
  const second = await signIn(admin, rotated.key);
  assert.ok((await isOpen(first)) && (await isOpen(second)));
  admin.turnClock(addSeconds(NOW, SESSION_SECONDS + 600));
  assert.ok(!(await isOpen(first)), 'its secret is not valid any more');
  assert.ok(await isOpen(second));
  assert.equal((await admin.delete(`/api-keys/${made.id}`)).status, 204);
  assert.ok(!(await isOpen(second)));

  const expiresAt = addSeconds(NOW, SESSION_SECONDS + 1000).toISOString();
  const brief = await expectStatus(admin.post('/api-keys', { name: 'Bob', role: 'auditor', expiresAt }), 201);
  const briefly = await signIn(admin, brief.key);
  assert.ok(await isOpen(briefly));
  admin.turnClock(new Date(expiresAt));
  assert.ok(!(await isOpen(briefly)));
});

onAdminApp('sessions hold for all instances, those of ADMIN_KEY while it is the same', async (admin) => {
  const cookie = await signIn(admin, ADMIN_KEY);
  const token = /=(\w+)/.exec(cookie)?.[1] ?? '';
  const another = (bootstrapKey: string | null) => new Sessions(admin.context, bootstrapKey);
  assert.equal((await another(ADMIN_KEY).identify(token, false))?.name, 'ADMIN_KEY');
  assert.equal(await another(`${ADMIN_KEY}x`).identify(token, false), null);
  assert.equal(await another(null).identify(token, false), null);

  const { id, key } = await expectStatus(admin.post('/api-keys', { name: 'Alice' }), 201);
  const many = await Promise.all(Array.from({ length: 5 }, () => signIn(admin, key)));
  const { store } = admin.context;
  const rows = await store.db.selectFrom('sessions').selectAll().where('keyId', '=', id).execute();
  assert.equal(rows.length, 5);
  for (const text of [token, ...many.map((one) => one.slice(17, 61))])
    assert.ok(!JSON.stringify(rows).includes(text));
  // A browser has one session: signing in again ends the one that it had.
  await asBrowser(admin, 'POST', '/session', many[0] ?? '', { key });
  await expectProblem(asBrowser(admin, 'GET', '/session', many[0] ?? ''), 401);
});

onAdminApp('a session ends its stream of events', async (admin) => {
  const cookie = await signIn(admin, ADMIN_KEY);
  const stream = await fetch(`${admin.url}/api/v1/events`, {
    headers: { accept: 'text/event-stream', cookie: cookie.split(';')[0] ?? '' },
    signal: AbortSignal.timeout(60_000),
  });
  assert.equal(stream.status, 200);
  assert.equal((await asBrowser(admin, 'DELETE', '/session', cookie)).status, 204);
  for await (const _ of stream.body ?? []) continue;
});

test('the cookie is for TLS alone where the client speaks TLS', async () => {
  const cookieFor = async (proxies: string[], headers: Record<string, string>, linkBase: string) => {
    const app = express();
    app.use(locateClient(proxies.flatMap((text) => parsePrefix(text) ?? [])));
    app.get('/', (request, response) => {
      setSessionCookie(request, response, 'token', linkBase);
      response.end();
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers });
    server.close();
    return answer.headers.get('set-cookie') ?? '';
  };
  const tls = { 'x-forwarded-proto': 'https' };
  assert.match(await cookieFor(['127.0.0.1'], tls, ''), /Secure/);
  assert.match(await cookieFor([], {}, 'https://admin.example'), /Secure/);
  assert.doesNotMatch(await cookieFor([], tls, 'http://admin.example'), /Secure/);
  assert.doesNotMatch(await cookieFor(['127.0.0.1'], { 'x-forwarded-proto': 'http' }, ''), /Secure/);
});

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { sql } from 'kysely';
import { addSeconds } from '../../src/domain/time.js';
import { KeyTrials } from '../../src/services/keys/key-trials.js';
import { hashApiKey } from '../../src/domain/secrets.js';
import { ADMIN_KEY, type Admin, type Json, NOW, expectStatus, onAdminApp } from './admin-server.js';

interface Refused {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

/** Asks with a key from an address of the loopback network. */
function askFrom(
  admin: Admin,
  localAddress: string,
  key: string,
  headers: Record<string, string> = {},
): Promise<Refused> {
  return new Promise((resolve, reject) => {
    request(
      `${admin.url}/api/v1/tenants`,
      { localAddress, agent: false, headers: { authorization: `Bearer ${key}`, ...headers } },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
      },
    )
      .once('error', reject)
      .end();
  });
}

async function rejections(admin: Admin): Promise<Json[]> {
  await admin.auditLog.sealer.catchUp();
  return (await expectStatus(admin.get('/events?type=key.rejected'), 200)).items;
}

onAdminApp('twenty wrong keys a minute are looked at, from each address', async (admin) => {
  const wrong = (index: number, from = '127.0.0.9', headers = {}) =>
    askFrom(admin, from, `dg_wrong${index}`, headers);
  for (let index = 1; index <= 20; index += 1) {
    const { status, headers } = await wrong(index);
    assert.equal(status, 401);
    assert.equal(headers['ratelimit-policy'], '"wrong-keys";q=20;w=60');
    assert.equal(headers['ratelimit'], `"wrong-keys";r=${20 - index};t=60`);
  }
  admin.turnClock(addSeconds(NOW, 15));
  // Whatever a client says of its address, unless a trusted proxy says it.
  for (const headers of [{}, { 'x-forwarded-for': '192.0.2.9' }, { forwarded: 'for=192.0.2.9' }]) {
    const limited = await wrong(21, '127.0.0.9', headers);
    assert.equal(limited.status, 429);
    assert.equal(limited.headers['retry-after'], '45');
    assert.equal(limited.headers['ratelimit'], '"wrong-keys";r=0;t=45');
  }
  // Signing in tries a key as well.
  const { key } = await expectStatus(admin.post('/api-keys', { name: 'Alice' }), 201);
  assert.equal((await askFrom(admin, '127.0.0.9', key)).status, 429);
  assert.equal((await askFrom(admin, '127.0.0.8', key)).status, 200);
  assert.equal((await wrong(22, '127.0.0.8')).status, 401);
  admin.turnClock(addSeconds(NOW, 60));
  assert.equal((await askFrom(admin, '127.0.0.9', key)).status, 200);
  assert.equal((await wrong(23)).status, 401);

  const written = await rejections(admin);
  assert.deepEqual(
    written.map(({ address, actor, tenantId, data }) => [address, actor, tenantId, data]),
    ['127.0.0.9', '127.0.0.8', '127.0.0.9'].map((address) => [address, 'unknown', null, {}]),
  );
  const metrics = await admin.metrics.read();
  assert.match(metrics, /^dialgate_keys_rejected_total\{outcome="wrong"\} 22$/m);
  assert.match(metrics, /^dialgate_keys_rejected_total\{outcome="limited"\} 4$/m);
});

onAdminApp('a wrong key shuts out no right one that its address is known for', async (admin) => {
  const { key, id } = await expectStatus(admin.post('/api-keys', { name: 'Alice' }), 201);
  const answers = await Promise.all(Array.from({ length: 50 }, () => askFrom(admin, '127.0.0.7', key)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]), 'fifty at once');
  const guesses = await Promise.all(
    Array.from({ length: 60 }, (_, index) => askFrom(admin, '127.0.0.7', `dg_guess${index}`)),
  );
  const refused = guesses.filter(({ status }) => status === 429);
  assert.equal(refused.length, 40, 'of sixty guesses at once twenty are looked at');
  assert.equal((await askFrom(admin, '127.0.0.7', key)).status, 200);
  assert.equal((await askFrom(admin, '127.0.0.7', ADMIN_KEY)).status, 429);
  assert.equal((await askFrom(admin, '127.0.0.6', ADMIN_KEY)).status, 200);
  await expectStatus(admin.delete(`/api-keys/${id}`), 204);
  assert.equal((await askFrom(admin, '127.0.0.7', key)).status, 429, 'it is one of the wrong ones now');
});

onAdminApp('the same wrong key at once is as many wrong keys', async (admin) => {
  const answers = await Promise.all(
    Array.from({ length: 45 }, () => askFrom(admin, '127.0.0.5', 'dg_wrong')),
  );
  assert.equal(answers.filter(({ status }) => status === 401).length, 20);
  assert.equal(answers.filter(({ status }) => status === 429).length, 25);
  assert.equal((await rejections(admin)).length, 1);
});

onAdminApp('signing in tries a key', async (admin) => {
  const signIn = (key: string) => admin.ask('POST', '/session', { key }, { authorization: '' });
  for (let index = 0; index < 20; index += 1) assert.equal((await signIn(`dg_wrong${index}`)).status, 401);
  const limited = await signIn('dg_wrong');
  assert.equal(limited.status, 429);
  assert.equal(limited.headers.get('retry-after'), '60');
});

onAdminApp('the addresses of IPv6 are counted by their /64, and the events are bounded', async (admin) => {
  const trials = new KeyTrials(admin.context, null, () => {});
  const kindsFrom = async (addresses: string[]) => {
    const kinds: string[] = [];
    for (const address of addresses) kinds.push((await trials.try('dg_wrong', address)).kind);
    return new Set(kinds);
  };
  const inOne = Array.from({ length: 20 }, (_, index) => `2001:db8::${index.toString(16)}`);
  assert.deepEqual(await kindsFrom(inOne), new Set(['wrong']));
  assert.deepEqual(await kindsFrom(['2001:db8::ffff']), new Set(['limited']));
  const inMany = Array.from({ length: 150 }, (_, index) => `2001:db8:1:${index.toString(16)}::1`);
  assert.deepEqual(await kindsFrom(inMany), new Set(['wrong']));
  assert.equal((await rejections(admin)).length, 100);
});

onAdminApp('a key says when it was used last, and a request writes nothing', async (admin) => {
  const { key, id } = await expectStatus(admin.post('/api-keys', { name: 'Alice' }), 201);
  const lastUsed = async () => (await expectStatus(admin.get(`/api-keys/${id}`), 200)).lastUsedAt;
  assert.equal(await lastUsed(), null);
  const use = () => askFrom(admin, '127.0.0.1', key);
  await use();
  assert.equal(await lastUsed(), NOW.toISOString());
  const versionOf = async () => {
    const { rows } = await sql<{ version: string }>`
      select xmin::text as version from api_keys where id = ${id}`.execute(admin.context.store.db);
    return rows[0]?.version;
  };
  const version = await versionOf();
  admin.turnClock(addSeconds(NOW, 59));
  await use();
  assert.equal(await versionOf(), version);
  admin.turnClock(addSeconds(NOW, 60));
  await use();
  assert.equal(await lastUsed(), addSeconds(NOW, 60).toISOString());
});

onAdminApp('a key is rotated: the former secret stays as long as it is said', async (admin) => {
  const made = await expectStatus(
    admin.post('/api-keys', { name: 'Alice', role: 'support', expiresAt: '2027-01-01T00:00:00+01:00' }),
    201,
  );
  assert.equal(made.expiresAt, '2026-12-31T23:00:00.000Z');
  const rotate = (body?: object) => expectStatus(admin.post(`/api-keys/${made.id}/rotate`, body), 200);
  const statusOf = async (key: string) => (await askFrom(admin, '127.0.0.1', key)).status;
  const second = await rotate({ overlapSeconds: 3600 });
  assert.deepEqual([second.id, second.role, second.name], [made.id, 'support', 'Alice']);
  assert.equal(second.formerUntil, addSeconds(NOW, 3600).toISOString());
  assert.deepEqual([await statusOf(made.key), await statusOf(second.key)], [200, 200]);
  admin.turnClock(addSeconds(NOW, 3600));
  assert.deepEqual([await statusOf(made.key), await statusOf(second.key)], [401, 200]);
  const third = await rotate();
  assert.deepEqual([await statusOf(second.key), await statusOf(third.key)], [401, 200]);
  for (const overlapSeconds of [-1, 1.5, 2_592_001, '60'])
    assert.equal((await admin.post(`/api-keys/${made.id}/rotate`, { overlapSeconds })).status, 422);
  admin.turnClock(new Date('2026-12-31T23:00:00Z'));
  assert.equal(await statusOf(third.key), 401);
  const { store } = admin.context;
  const stored = JSON.stringify(await store.db.selectFrom('apiKeys').selectAll().execute());
  assert.ok(stored.includes(hashApiKey(third.key)) && !stored.includes(third.key));
});

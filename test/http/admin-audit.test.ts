import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { API } from '../../src/admin/operation.js';
import { OPERATIONS } from '../../src/admin/operations.js';
import { ADMIN_KEY, type Admin, type Json, eventsOf, onAdminApp } from './admin-server.js';
import { CHANGES, CODE, FILE, LINE, type Made, OTHER_CODE } from './audited-changes.js';
import { queueDelivery } from './role-keys.js';

onAdminApp(
  'every change that an administrator makes is in the audit log, by his name, and no secret is',
  async (admin) => {
    const made: Made = {
      tenant: '',
      other: '',
      site: '',
      line: '',
      network: '',
      key: '',
      webhook: '',
      delivery: '',
    };
    const secrets = [
      LINE.password,
      'another line password',
      'a phone password',
      'route-password',
      'url-secret',
      CODE,
      OTHER_CODE,
      ADMIN_KEY,
    ];
    let seen: Json[] = [];
    for (const { what, make, writes, says } of CHANGES) {
      const answer = await send(admin, ...make(made));
      if (what in made) made[what as keyof Made] = answer.id;
      if (what === 'webhook') {
        made.delivery = randomUUID();
        await queueDelivery(admin, made.webhook, made.delivery);
      }
      secrets.push(...secretsIn(answer));
      const events = await eventsOf(admin, 'limit=500');
      const written = events.slice(seen.length).filter(({ type }) => type !== 'pap.revealed');
      seen = events;
      assert.deepEqual(
        written.map(({ type }) => type),
        writes,
        what,
      );
      for (const { actor, address } of written)
        assert.deepEqual([actor, address], ['ADMIN_KEY', '127.0.0.1'], what);
      if (says !== undefined) assert.deepEqual({ ...written[0].data, ...says }, written[0].data, what);
    }
    const text = JSON.stringify(seen);
    assert.ok(secrets.length > 9, 'PAPs and a key were answered');
    for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} is in an event`);
  },
);

async function send(admin: Admin, method: string, path: string, body?: unknown): Promise<Json> {
  const headers = body === FILE ? { 'content-type': 'text/csv' } : {};
  const answer = await admin.ask(method, path, body, headers);
  assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body ?? {};
}

/** PAPs and keys, wherever they stand in an answer. */
function secretsIn(answer: Json): string[] {
  return Object.entries(answer ?? {}).flatMap(([key, value]) => {
    if (typeof value === 'object') return secretsIn(value);
    return typeof value === 'string' && ['pap', 'key', 'secret'].includes(key) ? [value] : [];
  });
}

/**
 * What a key cannot end (admin-sessions.test.ts), what is done to each device by itself
 * (admin-jobs.test.ts), and what computes without a change.
 */
const NOT_HERE = new Set(['signOut', 'orderForDevices', 'cancelJob', 'draftGuessRisk']);

test('the list of changes has every call that can change something', () => {
  const sent = CHANGES.map(({ make }) =>
    make({
      tenant: 'x',
      other: 'x',
      site: 'x',
      line: 'x',
      network: 'x',
      key: 'x',
      webhook: 'x',
      delivery: 'x',
    }),
  ).map(([method, path]) => {
    const pattern = path.replace(/\?.*/, '').replaceAll(/\/(x|80:[^/]*)(?=\/|$)/g, '/{}');
    return `${method} ${API}${pattern}`;
  });
  const changing = OPERATIONS.filter(
    ({ method, operationId }) => method !== 'get' && !NOT_HERE.has(operationId),
  ).map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
  assert.deepEqual([...new Set(sent)].toSorted(), changing.toSorted());
});

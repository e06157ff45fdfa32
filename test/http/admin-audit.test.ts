import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API } from '../../src/admin/operation.js';
import { OPERATIONS } from '../../src/admin/operations.js';
import { ADMIN_KEY, type Admin, type Json, MAC, eventsOf, onAdminApp } from './admin-server.js';

const FILE = 'mac,vendor\n80:5e:c0:44:55:66,yealink\n';
const LINE = { label: '101', sipUser: '101', password: 'the line password', registrar: 'pbx.example' };
const CODE = '918273';
const OTHER_CODE = '645546';

interface Change {
  what: string;
  make: (made: Made) => [method: string, path: string, body?: unknown];
  /** The events that it writes, apart from PAPs that the answer reveals. */
  writes: string[];
  /** What the first of them says; further members do not matter. */
  says?: object;
}

/** Ids of what was made before. */
type Made = Record<'tenant' | 'other' | 'site' | 'line' | 'network' | 'key' | 'webhook', string>;

/** Every call that changes something, once at the least. */
const CHANGES: Change[] = [
  {
    what: 'tenant',
    make: () => ['POST', '/tenants', { name: 'Example Ltd', policy: { maxAttempts: 5 } }],
    writes: ['tenant.created'],
    says: { name: 'Example Ltd', policy: { maxAttempts: 5 } },
  },
  { what: 'other', make: () => ['POST', '/tenants', { name: 'Other' }], writes: ['tenant.created'] },
  {
    what: 'tenant changed',
    make: ({ tenant }) => [
      'PATCH',
      `/tenants/${tenant}`,
      { name: 'Example Inc', policy: { maxAttempts: null, strict: true } },
    ],
    writes: ['tenant.updated'],
    says: {
      name: 'Example Inc',
      changed: ['name', 'policy'],
      policy: { strict: { from: false, to: true }, maxAttempts: { from: 5, to: 3 } },
    },
  },
  {
    what: 'tenant as it was',
    make: ({ tenant }) => ['PATCH', `/tenants/${tenant}`, { name: 'Example Inc' }],
    writes: [],
  },
  {
    what: 'site',
    make: ({ tenant }) => ['POST', `/tenants/${tenant}/sites`, { name: 'Berlin' }],
    writes: ['site.created'],
    says: { name: 'Berlin' },
  },
  {
    what: 'site changed',
    make: ({ tenant, site }) => [
      'PATCH',
      `/tenants/${tenant}/sites/${site}`,
      { emergencyRoute: 'sip:user:route-password@gateway.example' },
    ],
    writes: ['site.updated'],
    says: { name: 'Berlin', changed: ['emergencyRoute'] },
  },
  {
    what: 'line',
    make: ({ tenant }) => ['POST', `/tenants/${tenant}/lines`, { ...LINE, provisioningCode: CODE }],
    writes: ['line.created'],
    says: { name: '101' },
  },
  {
    what: 'line changed',
    make: ({ tenant, line }) => [
      'PATCH',
      `/tenants/${tenant}/lines/${line}`,
      { password: 'another line password', provisioningCode: OTHER_CODE },
    ],
    writes: ['line.updated'],
    says: { name: '101', changed: ['provisioningCode', 'password'] },
  },
  {
    what: 'network',
    make: ({ tenant }) => ['POST', `/tenants/${tenant}/networks`, { cidr: '192.0.2.0/24' }],
    writes: ['network.opened'],
    says: { prefix: '192.0.2.0/24' },
  },
  {
    what: 'device',
    make: ({ tenant, line }) => [
      'POST',
      '/devices',
      { mac: MAC, vendor: 'yealink', tenantId: tenant, lines: [line] },
    ],
    writes: ['device.created'],
  },
  {
    what: 'device changed',
    make: () => [
      'PATCH',
      `/devices/${MAC}`,
      { label: 'Anna', settings: { raw: { yealink: { 'phone.password': 'a phone password' } } } },
    ],
    writes: ['device.updated'],
    says: { changed: ['label', 'settings'] },
  },
  {
    what: 'reset',
    make: () => ['POST', `/devices/${MAC}/reset-authentication`],
    writes: ['authentication.reset'],
  },
  {
    what: 'suspended',
    make: () => ['POST', `/devices/${MAC}/suspend-authentication`],
    writes: ['authentication.suspended'],
  },
  {
    what: 'suspension ended',
    make: () => ['POST', `/devices/${MAC}/end-suspension`],
    writes: ['authentication.resumed'],
  },
  {
    what: 'authorized',
    make: () => ['POST', `/devices/${MAC}/authorize-provisioning`],
    writes: ['provisioning.authorized'],
  },
  // Changes nothing; that the phone is told is written when it is.
  { what: 'resync', make: () => ['POST', `/devices/${MAC}/resync`], writes: [] },
  {
    what: 'to autoprov',
    make: () => ['POST', `/devices/${MAC}/reset-to-autoprov`],
    writes: ['device.reset_to_autoprov'],
  },
  {
    what: 'file',
    make: ({ tenant }) => ['POST', `/devices.csv?tenantId=${tenant}`, FILE],
    writes: ['device.created'],
  },
  {
    what: 'key',
    make: () => ['POST', '/api-keys', { name: 'crm' }],
    writes: ['api_key.created'],
    says: { name: 'crm' },
  },
  {
    what: 'key rotated',
    make: ({ key }) => ['POST', `/api-keys/${key}/rotate`],
    writes: ['api_key.rotated'],
  },
  {
    what: 'webhook',
    make: () => ['POST', '/webhooks', { url: 'https://192.0.2.1/', types: ['device.created'] }],
    writes: ['webhook.created'],
  },
  {
    what: 'webhook changed',
    make: ({ webhook }) => ['PATCH', `/webhooks/${webhook}`, { types: ['device.updated'] }],
    writes: ['webhook.updated'],
    says: { changed: ['types'] },
  },
  {
    what: 'webhook rotated',
    make: ({ webhook }) => ['POST', `/webhooks/${webhook}/rotate-secret`],
    writes: ['webhook.updated'],
    says: { changed: ['secret'] },
  },
  {
    what: 'webhook deleted',
    make: ({ webhook }) => ['DELETE', `/webhooks/${webhook}`],
    writes: ['webhook.deleted'],
  },
  { what: 'session', make: () => ['POST', '/session', { key: ADMIN_KEY }], writes: ['session.started'] },
  {
    what: 'key deleted',
    make: ({ key }) => ['DELETE', `/api-keys/${key}`],
    writes: ['api_key.deleted'],
    says: { name: 'crm' },
  },
  { what: 'device deleted', make: () => ['DELETE', `/devices/${MAC}`], writes: ['device.deleted'] },
  {
    what: 'network deleted',
    make: ({ tenant, network }) => ['DELETE', `/tenants/${tenant}/networks/${network}`],
    writes: ['network.closed'],
  },
  {
    what: 'line deleted',
    make: ({ tenant, line }) => ['DELETE', `/tenants/${tenant}/lines/${line}`],
    writes: ['line.deleted'],
  },
  {
    what: 'site deleted',
    make: ({ tenant, site }) => ['DELETE', `/tenants/${tenant}/sites/${site}`],
    writes: ['site.deleted'],
  },
  {
    what: 'tenant deleted',
    make: ({ tenant }) => ['DELETE', `/tenants/${tenant}?cascade=true&expect=1`],
    writes: ['device.deleted', 'tenant.deleted'],
  },
];

onAdminApp(
  'every change that an administrator makes is in the audit log, by his name, and no secret is',
  async (admin) => {
    const made: Made = { tenant: '', other: '', site: '', line: '', network: '', key: '', webhook: '' };
    const secrets = [
      LINE.password,
      'another line password',
      'a phone password',
      'route-password',
      CODE,
      OTHER_CODE,
      ADMIN_KEY,
    ];
    let seen: Json[] = [];
    for (const { what, make, writes, says } of CHANGES) {
      const answer = await send(admin, ...make(made));
      if (what in made) made[what as keyof Made] = answer.id;
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
 * (admin-jobs.test.ts), and what changes nothing that is kept.
 */
const NOT_HERE = new Set([
  'signOut',
  'orderForDevices',
  'cancelJob',
  'replayDeadDeliveries',
  'replayDelivery',
  'verifyAuditLog',
  'draftGuessRisk',
]);

test('the list above has every call that can change something', () => {
  const sent = CHANGES.map(({ make }) =>
    make({ tenant: 'x', other: 'x', site: 'x', line: 'x', network: 'x', key: 'x', webhook: 'x' }),
  ).map(([method, path]) => {
    const pattern = path.replace(/\?.*/, '').replaceAll(/\/(x|80:[^/]*)(?=\/|$)/g, '/{}');
    return `${method} ${API}${pattern}`;
  });
  const changing = OPERATIONS.filter(
    ({ method, operationId }) => method !== 'get' && !NOT_HERE.has(operationId),
  ).map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
  assert.deepEqual([...new Set(sent)].toSorted(), changing.toSorted());
});

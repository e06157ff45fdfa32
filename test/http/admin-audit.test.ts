import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Router } from 'express';
import { createAdminApp } from '../../src/admin/app.js';
import { Metrics } from '../../src/admin/metrics/metrics.js';
import { OwnTemplates } from '../../src/configuration/own-templates.js';
import { AuditSealer } from '../../src/services/audit/audit-seal.js';
import { EventFeed } from '../../src/services/audit/event-feed.js';
import { CountsReader } from '../../src/services/counts.js';
import { checkReadiness } from '../../src/services/readiness.js';
import { findWarnings } from '../../src/services/warnings.js';
import { WriteCheck } from '../../src/services/write-check.js';
import { makeContext } from '../support/fixture.js';
import { SILENT, pgliteStore } from '../support/store.js';
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
type Made = Record<'tenant' | 'other' | 'site' | 'line' | 'network' | 'key', string>;

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
    const made: Made = { tenant: '', other: '', site: '', line: '', network: '', key: '' };
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
    return typeof value === 'string' && ['pap', 'key'].includes(key) ? [value] : [];
  });
}

test('the list above has every call that can change something', async () => {
  const context = makeContext(await pgliteStore());
  const app = createAdminApp({
    templates: new OwnTemplates(new Map(), SILENT),
    context,
    bootstrapKey: ADMIN_KEY,
    facts: () => ({
      adminUrl: null,
      provisioningUrl: null,
      sip: '',
      database: '',
      sipServer: null,
      mediaServer: null,
    }),
    readiness: () =>
      checkReadiness(context, {
        provisioningIsUp: null,
        writes: new WriteCheck(context, null),
        findWarnings: () =>
          findWarnings(context, {
            hasAdminKey: true,
            dataDir: null,
            isSealRefused: () => false,
            clockReport: () => null,
          }),
      }),
    metrics: new Metrics(await CountsReader.start(context), context.log),
    auditLog: { sealer: new AuditSealer(context), feed: new EventFeed(context.store.db) },
  });
  const sent = CHANGES.map(({ make }) =>
    make({ tenant: 'x', other: 'x', site: 'x', line: 'x', network: 'x', key: 'x' }),
  );
  const called = new Set(
    sent.map(
      ([method, path]) =>
        `${method} ${path.replaceAll(/\/(x|80:[^/]*)(?=\/|$)/g, '/:id').replace(/\?.*/, '')}`,
    ),
  );
  assert.equal(called.size, changingRoutes(app.router).length, 'a call was added or is gone');
});

/**
 * Of a router and those in it. Where they are mounted Express does not tell, so they can only be
 * counted.
 */
function changingRoutes(router: Router): string[] {
  return router.stack.flatMap(({ route, handle }) => {
    if (route === undefined) return 'stack' in handle ? changingRoutes(handle as unknown as Router) : [];
    const methods = route.stack
      .map(({ method }) => method)
      .filter((method) => /^(post|put|patch|delete)$/.test(method ?? ''));
    return methods.map((method) => `${method} ${route.path}`);
  });
}

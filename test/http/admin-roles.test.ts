/**
 * Who may ask what: every operation of the admin port × every role × objects of the key's own
 * tenant and of a foreign one. The table stands here once more, so that a route that is added, or
 * opened to another role, is so on purpose.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Operation } from '../../src/admin/operation.js';
import { OPERATIONS } from '../../src/admin/operations.js';
import { ROLES } from '../../src/domain/role.js';
import { type Admin, type Json, expectStatus, onAdminApp } from './admin-server.js';
import { type Objects, askAs, makeKey, makeObjects } from './role-keys.js';

const ALL = ['admin', 'operator', 'support', 'auditor'];
const NOT_AUDITOR = ['admin', 'operator', 'support'];
const OPERATOR = ['admin', 'operator'];
const ADMIN = ['admin'];

/** By operationId: the roles that may ask it at all. */
const MAY: Record<string, readonly string[] | 'anyone'> = {
  getDocs: 'anyone',
  getHealth: 'anyone',
  getMetrics: 'anyone',
  getOpenapi: 'anyone',
  getProblemType: 'anyone',
  getReadiness: 'anyone',
  signIn: 'anyone',

  getSession: ALL,
  signOut: ALL,
  listEvents: ALL,
  exportEventsAsCsv: ALL,
  exportEventsAsLines: ALL,

  cancelJob: NOT_AUDITOR,
  endSuspension: NOT_AUDITOR,
  countDevices: NOT_AUDITOR,
  getDevice: NOT_AUDITOR,
  getDeviceConfiguration: NOT_AUDITOR,
  getJob: NOT_AUDITOR,
  getLine: NOT_AUDITOR,
  getNetwork: NOT_AUDITOR,
  getSite: NOT_AUDITOR,
  getTenant: NOT_AUDITOR,
  listDevices: NOT_AUDITOR,
  listJobs: NOT_AUDITOR,
  listLines: NOT_AUDITOR,
  listNetworks: NOT_AUDITOR,
  listSites: NOT_AUDITOR,
  listTenants: NOT_AUDITOR,
  orderForDevices: NOT_AUDITOR,
  resyncDevice: NOT_AUDITOR,
  suspendAuthentication: NOT_AUDITOR,

  authorizeProvisioning: OPERATOR,
  createDevice: OPERATOR,
  createLine: OPERATOR,
  createNetwork: OPERATOR,
  createSite: OPERATOR,
  deleteDevice: OPERATOR,
  deleteLine: OPERATOR,
  deleteNetwork: OPERATOR,
  deleteSite: OPERATOR,
  exportDevices: OPERATOR,
  getGuessRisk: OPERATOR,
  draftGuessRisk: OPERATOR,
  importDevices: OPERATOR,
  listUnknownDevices: OPERATOR,
  resetAuthentication: OPERATOR,
  resetToAutoprov: OPERATOR,
  updateDevice: OPERATOR,
  updateLine: OPERATOR,
  updateSite: OPERATOR,

  getAuditSeal: ['admin', 'auditor'],
  verifyAuditLog: ['admin', 'auditor'],

  createApiKey: ADMIN,
  createTenant: ADMIN,
  deleteApiKey: ADMIN,
  deleteTenant: ADMIN,
  getApiKey: ADMIN,
  getInstallation: ADMIN,
  listApiKeys: ADMIN,
  rotateApiKey: ADMIN,
  updateTenant: ADMIN,

  createWebhook: ADMIN,
  deleteWebhook: ADMIN,
  getWebhook: ADMIN,
  listDeliveries: ADMIN,
  listWebhooks: ADMIN,
  replayDeadDeliveries: ADMIN,
  replayDelivery: ADMIN,
  rotateWebhookSecret: ADMIN,
  updateWebhook: ADMIN,
};

/** Those that a key for named tenants cannot ask, whatever its role. */
const OF_INSTALLATION = new Set(['createTenant', 'getAuditSeal', 'getInstallation', 'verifyAuditLog']);

/** Deletions last, and what others depend on behind these. */
const LAST = [
  'deleteDevice',
  'deleteNetwork',
  'deleteLine',
  'deleteSite',
  'deleteApiKey',
  'deleteWebhook',
  'deleteTenant',
];

test('every operation has its roles in this table', () => {
  const actual = OPERATIONS.map(({ operationId, may }) => [operationId, may === 'anyone' ? may : [...may]]);
  const known = Object.entries(MAY).map(([operationId, may]) => [operationId, may]);
  assert.deepEqual(Object.fromEntries(actual), Object.fromEntries(known));
});

/** Asks an operation about these objects, with what is enough to be carried out or nearly so. */
function ask(admin: Admin, key: string, { method, path, operationId }: Operation, objects: Objects) {
  const filled = path.replace(/^\/api\/v1/, '').replaceAll(/\{(\w+)\}/g, (_, name) => objects[name] ?? name);
  const body = operationId === 'importDevices' ? 'mac,vendor\n' : BODIES[operationId]?.(objects);
  const type = operationId === 'importDevices' ? { 'content-type': 'text/csv' } : {};
  return askAs(admin, key, method.toUpperCase(), filled, body, type);
}

const BODIES: Record<string, (objects: Objects) => object> = {
  createApiKey: ({ tenantId }) => ({ name: 'made', role: 'auditor', tenantIds: [tenantId] }),
  createWebhook: ({ tenantId }) => ({ url: 'https://made.example/', types: ['pap.wrong'], tenantId }),
  createTenant: () => ({ name: 'made' }),
  draftGuessRisk: ({ tenantId }) => ({ tenantId, policy: {} }),
  orderForDevices: ({ mac }) => ({ action: 'resync', macs: [mac] }),
  createSite: () => ({ name: `made ${randomBytes(4).toString('hex')}` }),
  createNetwork: () => ({ cidr: `198.51.100.${randomBytes(1).readUInt8()}` }),
};

onAdminApp('a key does what its role may, to its own tenants alone', async (admin) => {
  const operations = OPERATIONS.filter(({ may }) => may !== 'anyone').toSorted(
    (a, b) => LAST.indexOf(a.operationId) - LAST.indexOf(b.operationId),
  );
  for (const role of ROLES) {
    const own = await makeObjects(admin, `own-${role}`);
    const foreign = await makeObjects(admin, 'foreign');
    const key = await makeKey(admin, role, [own['tenantId'] ?? '']);
    const before = await snapshot(admin, foreign);
    const aimedAt = operations.map((operation) => ask(admin, key, operation, foreign));
    for (const [index, operation] of operations.entries()) {
      const { operationId, path } = operation;
      const what = `${role}: ${operationId}`;
      const isRole = MAY[operationId]?.includes(role) === true && !OF_INSTALLATION.has(operationId);
      const aimed = await aimedAt[index]!;
      const about = await ask(admin, key, operation, own);
      // A key has no session to end.
      if (operationId === 'signOut') continue;
      if (!isRole) {
        assert.deepEqual([aimed.status, about.status], [403, 403], what);
        continue;
      }
      if (path.includes('{')) assert.equal(aimed.status, 404, `${what} of another tenant`);
      assert.ok(![401, 403, 404].includes(about.status), `${what}: ${about.status}`);
      assert.ok(about.status < 500, what);
      const told = JSON.stringify([aimed.body, about.body]);
      for (const [name, id] of Object.entries(foreign))
        if (operationId !== 'createApiKey') assert.ok(!told.includes(id), `${what} tells a ${name}`);
      assert.ok(!told.includes('foreign'), `${what} tells of a foreign object`);
      if (role === 'support') assert.doesNotMatch(told, /secret|"pap":|provisioningCode|"raw"/, what);
    }
    assert.deepEqual(await snapshot(admin, foreign), before, `${role} changed nothing of the other tenant`);
    await expectStatus(admin.delete(`/tenants/${foreign['tenantId']}?cascade=true&expect=4`), 204);
  }
});

onAdminApp('a key orders for many devices what it may do to one, and cancels that alone', async (admin) => {
  const own = await makeObjects(admin, 'own');
  const tenantIds = [own['tenantId'] ?? ''];
  const support = await makeKey(admin, 'support', tenantIds);
  const operator = await makeKey(admin, 'operator', tenantIds);
  const order = (key: string, body: object) => askAs(admin, key, 'POST', '/devices/actions', body);
  const macs = [own['mac']];
  for (const [action, more] of [
    ['reset-authentication', { expect: 1 }],
    ['delete', { expect: 1 }],
    ['authorize-provisioning', {}],
    ['assign-site', { parameters: { siteId: null } }],
    ['set-settings', { parameters: { settings: null } }],
  ] as const) {
    assert.equal((await order(support, { action, macs, ...more })).status, 403, action);
    const { jobId } = await expectStatus(order(operator, { action, macs, ...more }), 202);
    const cancel = (key: string) => askAs(admin, key, 'DELETE', `/jobs/${jobId}`);
    assert.equal((await cancel(support)).status, 403, action);
    assert.equal((await cancel(operator)).status, 204);
  }
  for (const action of ['suspend-authentication', 'end-suspension', 'resync']) {
    const { jobId } = await expectStatus(order(support, { action, macs }), 202);
    assert.equal((await askAs(admin, support, 'DELETE', `/jobs/${jobId}`)).status, 204);
  }
});

/** All that there is of a tenant, as it is. */
async function snapshot(admin: Admin, { tenantId, mac, keyId, webhookId }: Objects): Promise<Json> {
  const below = `/tenants/${tenantId}`;
  const paths = [below, `${below}/sites`, `${below}/lines`, `${below}/networks`, `/devices/${mac}`];
  const answers = [
    ...paths,
    `/api-keys/${keyId}`,
    `/webhooks/${webhookId}`,
    `/webhooks/${webhookId}/deliveries`,
  ].map((path) => expectStatus(admin.get(path), 200));
  return Promise.all(answers);
}

import assert from 'node:assert/strict';
import { unseal } from '../../src/domain/secrets.js';
import {
  type Admin,
  expectProblem,
  expectStatus,
  makeDevice,
  makeLine,
  makeTenant,
  onAdminApp,
  statusesOf,
} from './admin-server.js';
import { lineIds } from '../support/admin-api.js';

const BERLIN = {
  name: 'Berlin',
  timezone: 'Europe/Berlin',
  language: 'de',
  emergencyRoute: ['sip:berlin.example'],
  emergencyNumbers: ['112', '110'],
  emergencyCallerNumber: '+4930123456',
};

onAdminApp('a site is made, read, patched and deleted', async (admin) => {
  const tenantId = await makeTenant(admin);
  const sites = `/tenants/${tenantId}/sites`;
  const created = await admin.post(sites, BERLIN);
  assert.equal(created.status, 201);
  const { id } = created.body;
  assert.equal(created.headers.get('location'), `/api/v1${sites}/${id}`);
  assert.deepEqual(created.body, {
    id,
    tenantId,
    ...BERLIN,
    settings: {},
    createdAt: '2026-11-22T12:00:00.000Z',
  });
  assert.deepEqual(await expectStatus(admin.get(`${sites}/${id}`), 200), created.body);
  assert.deepEqual((await expectStatus(admin.get(sites), 200)).items, [created.body]);

  const patched = await expectStatus(admin.patch(`${sites}/${id}`, { language: null, name: 'HQ' }), 200);
  assert.deepEqual(patched, { ...created.body, language: null, name: 'HQ' });

  assert.equal((await admin.delete(`${sites}/${id}`)).status, 204);
  await expectProblem(admin.get(`${sites}/${id}`), 404);
  await expectProblem(admin.delete(`${sites}/${id}`), 404);
});

onAdminApp('a name belongs to one site of a tenant, and to one of another tenant too', async (admin) => {
  const [first, second] = [await makeTenant(admin), await makeTenant(admin)];
  await expectStatus(admin.post(`/tenants/${first}/sites`, { name: 'Berlin' }), 201);
  await expectStatus(admin.post(`/tenants/${second}/sites`, { name: 'Berlin' }), 201);
  assert.deepEqual(await expectProblem(admin.post(`/tenants/${first}/sites`, { name: 'Berlin' }), 409), [
    '/name',
  ]);
  const { id } = await expectStatus(admin.post(`/tenants/${first}/sites`, { name: 'Bonn' }), 201);
  await expectProblem(admin.patch(`/tenants/${first}/sites/${id}`, { name: 'Berlin' }), 409);
  await expectStatus(admin.patch(`/tenants/${first}/sites/${id}`, { name: 'Bonn' }), 200);
});

onAdminApp('of two sites made at once under one name there is one', async (admin) => {
  const tenantId = await makeTenant(admin);
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => admin.post(`/tenants/${tenantId}/sites`, { name: 'Berlin' })),
  );
  assert.deepEqual(statusesOf(answers), [201, 409, 409, 409, 409, 409]);
});

onAdminApp('a site of another tenant is not there', async (admin) => {
  const [owner, stranger] = [await makeTenant(admin), await makeTenant(admin)];
  const { id } = await expectStatus(admin.post(`/tenants/${owner}/sites`, BERLIN), 201);
  await expectProblem(admin.get(`/tenants/${stranger}/sites/${id}`), 404);
  await expectProblem(admin.patch(`/tenants/${stranger}/sites/${id}`, { name: 'x' }), 404);
  await expectProblem(admin.delete(`/tenants/${stranger}/sites/${id}`), 404);
  assert.deepEqual((await expectStatus(admin.get(`/tenants/${stranger}/sites`), 200)).items, []);
  await expectStatus(admin.get(`/tenants/${owner}/sites/${id}`), 200);
});

onAdminApp('the devices of a deleted site stay, without one', async (admin) => {
  const tenantId = await makeTenant(admin);
  const { id: siteId } = await expectStatus(admin.post(`/tenants/${tenantId}/sites`, BERLIN), 201);
  const { mac } = await makeDevice(admin, tenantId, { siteId });
  assert.equal(
    (await admin.delete(`/tenants/${tenantId}/sites/${siteId}?cascade=true&expect=1`)).status,
    204,
  );
  assert.equal((await expectStatus(admin.get(`/devices/${mac}`), 200)).siteId, null);
});

onAdminApp('what a site cannot be is said with a pointer each', async (admin) => {
  const sites = `/tenants/${await makeTenant(admin)}/sites`;
  const wrong = {
    name: ' ',
    timezone: 'Europe/Nowhere',
    language: 'german language',
    emergencyRoute: 'pbx',
    emergencyNumbers: ['1', 'help'],
    emergencyCallerNumber: 'sip:pbx.example',
    colour: 'red',
  };
  assert.deepEqual((await expectProblem(admin.post(sites, wrong), 422)).toSorted(), [
    '/colour',
    '/emergencyCallerNumber',
    '/emergencyNumbers/0',
    '/emergencyNumbers/1',
    '/emergencyRoute',
    '/language',
    '/name',
    '/timezone',
  ]);
  assert.deepEqual(await expectProblem(admin.post(sites, {}), 422), ['/name']);
});

onAdminApp('a line is made with a code of six digits, and its password is never answered', async (admin) => {
  const tenantId = await makeTenant(admin);
  const lines = `/tenants/${tenantId}/lines`;
  const created = await admin.post(lines, {
    label: 'Reception',
    sipUser: '101',
    password: 'line-password-1',
    registrar: 'pbx.example:5070',
  });
  assert.equal(created.status, 201);
  const { id, provisioningCode } = created.body;
  assert.match(provisioningCode, /^\d{6}$/);
  assert.equal(created.headers.get('location'), `/api/v1${lines}/${id}`);
  assert.deepEqual(created.body, {
    id,
    tenantId,
    label: 'Reception',
    displayName: null,
    sipUser: '101',
    authUser: null,
    registrar: 'pbx.example:5070',
    outboundProxy: null,
    transport: 'udp',
    provisioningCode,
    codeUse: 'reusable',
    codeUsedAt: null,
    devices: [],
    createdAt: '2026-11-22T12:00:00.000Z',
  });
  assert.deepEqual(await expectStatus(admin.get(`${lines}/${id}`), 200), created.body);
  assert.deepEqual((await expectStatus(admin.get(lines), 200)).items, [created.body]);
  assert.equal(await storedPassword(admin, id), 'line-password-1');
});

onAdminApp('a patch changes what it names, the password too', async (admin) => {
  const tenantId = await makeTenant(admin);
  const line = await makeLine(admin, tenantId, { authUser: 'auth-101', provisioningCode: '4711' });
  const path = `/tenants/${tenantId}/lines/${line.id}`;
  const renamed = await expectStatus(
    admin.patch(path, { label: '102', authUser: null, transport: 'tls' }),
    200,
  );
  assert.deepEqual(renamed, { ...line, label: '102', authUser: null, transport: 'tls' });
  assert.equal(await storedPassword(admin, line.id), 'line-password-1');
  await expectStatus(admin.patch(path, { password: 'line-password-2' }), 200);
  assert.equal(await storedPassword(admin, line.id), 'line-password-2');
  assert.doesNotMatch(admin.logged(), /line-password/);
});

onAdminApp('a provisioning code is unique over all tenants', async (admin) => {
  const [first, second] = [await makeTenant(admin), await makeTenant(admin)];
  await makeLine(admin, first, { provisioningCode: '471100' });
  const other = await makeLine(admin, second, { provisioningCode: '471101' });
  const taken = { label: 'x', sipUser: 'x', password: 'x', registrar: 'x', provisioningCode: '471100' };
  assert.deepEqual(await expectProblem(admin.post(`/tenants/${second}/lines`, taken), 409), [
    '/provisioningCode',
  ]);
  const path = `/tenants/${second}/lines/${other.id}`;
  await expectProblem(admin.patch(path, { provisioningCode: '471100', label: 'lost' }), 409);
  assert.deepEqual(await expectStatus(admin.get(path), 200), other);
  await expectStatus(admin.patch(path, { provisioningCode: '471101' }), 200);
});

onAdminApp('of several lines that want one code at once, one gets it', async (admin) => {
  const tenantId = await makeTenant(admin);
  const lines = await Promise.all(Array.from({ length: 4 }, () => makeLine(admin, tenantId)));
  const answers = await Promise.all(
    lines.map(({ id }) => admin.patch(`/tenants/${tenantId}/lines/${id}`, { provisioningCode: '12345678' })),
  );
  assert.deepEqual(statusesOf(answers), [200, 409, 409, 409]);
});

onAdminApp('a line of another tenant is not there, and a deleted one leaves its devices', async (admin) => {
  const [owner, stranger] = [await makeTenant(admin), await makeTenant(admin)];
  const [first, second] = [await makeLine(admin, owner), await makeLine(admin, owner)];
  await expectProblem(admin.get(`/tenants/${stranger}/lines/${first.id}`), 404);
  await expectProblem(admin.patch(`/tenants/${stranger}/lines/${first.id}`, { label: 'x' }), 404);
  await expectProblem(admin.delete(`/tenants/${stranger}/lines/${first.id}`), 404);

  const { mac } = await makeDevice(admin, owner, { lines: [first.id, second.id] });
  assert.equal((await admin.delete(`/tenants/${owner}/lines/${first.id}?cascade=true&expect=1`)).status, 204);
  await expectProblem(admin.get(`/tenants/${owner}/lines/${first.id}`), 404);
  assert.deepEqual(lineIds(await expectStatus(admin.get(`/devices/${mac}`), 200)), [second.id]);
});

onAdminApp('what a line cannot be is said with a pointer each', async (admin) => {
  const lines = `/tenants/${await makeTenant(admin)}/lines`;
  assert.deepEqual((await expectProblem(admin.post(lines, {}), 422)).toSorted(), [
    '/label',
    '/password',
    '/registrar',
    '/sipUser',
  ]);
  const wrong = {
    label: 'x'.repeat(101),
    displayName: 'two\nlines',
    sipUser: ' 101',
    authUser: 5,
    password: '',
    registrar: 'sip:pbx.example',
    outboundProxy: 'proxy.example:70000',
    transport: 'ws',
    provisioningCode: '123',
  };
  const pointers = await expectProblem(admin.post(lines, wrong), 422);
  assert.deepEqual(new Set(pointers), new Set(Object.keys(wrong).map((name) => `/${name}`)));
  const { body } = await admin.post(lines, { ...wrong, password: ' secret-with-blanks ' });
  assert.doesNotMatch(JSON.stringify(body), /secret-with-blanks/);
});

async function storedPassword(admin: Admin, lineId: string): Promise<string> {
  const { passwordSealed: sealed } = await admin.context.store.db
    .selectFrom('lines')
    .select('passwordSealed')
    .where('id', '=', lineId)
    .executeTakeFirstOrThrow();
  return unseal(admin.context.masterKey, lineId, sealed);
}

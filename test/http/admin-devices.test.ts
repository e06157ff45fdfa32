import assert from 'node:assert/strict';
import {
  MAC,
  eventsOf,
  expectProblem,
  expectStatus,
  makeDevice,
  makeLine,
  makeTenant,
  onAdminApp,
  statusesOf,
} from './admin-server.js';
import { lineIds } from '../support/admin-api.js';

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

onAdminApp('a new device needs authentication and has a PAP', async (admin) => {
  const tenantId = await makeTenant(admin, { policy: { firstSyncSeconds: 3600 } });
  const created = await admin.post('/devices', { mac: '80-5E-C0-11-22-33', vendor: 'yealink', tenantId });
  assert.equal(created.status, 201);
  assert.equal(created.headers.get('location'), `/api/v1/devices/${MAC}`);
  const { id, pap } = created.body;
  assert.match(pap, /^\d{6}$/);
  assert.deepEqual(created.body, {
    id,
    mac: MAC,
    kind: 'managed',
    vendor: 'yealink',
    model: null,
    label: null,
    serialNumber: null,
    tenantId,
    tenantName: 'Example Ltd',
    siteId: null,
    siteName: null,
    lines: [],
    settings: {},
    state: 'needed',
    displayText: 'Authentication needed',
    papValid: true,
    pap,
    failedUntil: null,
    suspendedUntil: null,
    firstSyncUntil: '2026-11-22T13:00:00.000Z',
    attention: null,
    authenticatedBy: null,
    registered: false,
    resync: null,
    progress: {
      createdAt: '2026-11-22T12:00:00.000Z',
      contactedAt: null,
      minimalAt: null,
      registeredAt: null,
      calledAt: null,
      authenticatedAt: null,
      fullAt: null,
    },
    stuck: null,
    createdAt: '2026-11-22T12:00:00.000Z',
    lastProvisionedAt: null,
    lastSeenAt: null,
    lastSeenAddress: null,
  });
  const { pap: _pap, ...shown } = created.body;
  assert.deepEqual((await expectStatus(admin.get('/devices'), 200)).items, [shown]);
  assert.deepEqual((await expectStatus(admin.get('/devices?reveal=pap'), 200)).items, [created.body]);
});

onAdminApp('a MAC is read in every usual spelling, and is taken in every other one', async (admin) => {
  const tenantId = await makeTenant(admin);
  const { id } = await makeDevice(admin, tenantId);
  const spellings = [
    '805ec0112233',
    '805EC0112233',
    '80:5E:C0:11:22:33',
    '80-5e-c0-11-22-33',
    '805e.c011.2233',
    '805E-C011-2233',
    '805ec0-112233',
  ];
  for (const mac of spellings) {
    assert.equal((await expectStatus(admin.get(`/devices/${mac}`), 200)).id, id, mac);
    assert.deepEqual(await expectProblem(admin.post('/devices', { mac, vendor: 'snom', tenantId }), 409), [
      '/mac',
    ]);
  }
  for (const mac of [
    '',
    '80:5e:c0:11:22',
    '80:5e:c0:11:22:3g',
    '01:00:5e:00:00:01',
    '00:00:00:00:00:00',
    7,
    null,
  ]) {
    assert.deepEqual(await expectProblem(admin.post('/devices', { mac, vendor: 'snom', tenantId }), 422), [
      '/mac',
    ]);
  }
  await expectProblem(admin.get('/devices/80:5e:c0:11:22'), 400);
  await expectProblem(admin.get('/devices/80:5e:c0:11:22:34'), 404);
});

onAdminApp('of several devices made at once with one MAC there is one', async (admin) => {
  const tenantId = await makeTenant(admin);
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => admin.post('/devices', { mac: MAC, vendor: 'snom', tenantId })),
  );
  assert.deepEqual(statusesOf(answers), [201, 409, 409, 409, 409]);
});

onAdminApp('a device takes site and lines of its own tenant only', async (admin) => {
  const [tenantId, stranger] = [await makeTenant(admin), await makeTenant(admin)];
  const { id: siteId } = await expectStatus(admin.post(`/tenants/${tenantId}/sites`, { name: 'A' }), 201);
  const { id: strangersSite } = await expectStatus(
    admin.post(`/tenants/${stranger}/sites`, { name: 'A' }),
    201,
  );
  const [first, second] = [await makeLine(admin, tenantId), await makeLine(admin, tenantId)];
  const strangersLine = await makeLine(admin, stranger);
  const make = (fields: object) => admin.post('/devices', { mac: MAC, vendor: 'snom', tenantId, ...fields });

  assert.deepEqual(await expectProblem(make({ tenantId: UNKNOWN_ID }), 422), ['/tenantId']);
  assert.deepEqual(await expectProblem(make({ tenantId: 'x' }), 422), ['/tenantId']);
  assert.deepEqual(await expectProblem(make({ siteId: strangersSite }), 422), ['/siteId']);
  assert.deepEqual(await expectProblem(make({ siteId: UNKNOWN_ID }), 422), ['/siteId']);
  assert.deepEqual(await expectProblem(make({ lines: [first.id, strangersLine.id, UNKNOWN_ID] }), 422), [
    '/lines/1',
    '/lines/2',
  ]);
  assert.deepEqual(await expectProblem(make({ lines: [first.id, first.id.toUpperCase()] }), 422), [
    '/lines/1',
  ]);
  assert.deepEqual(await expectProblem(make({ lines: ['x'] }), 422), ['/lines/0']);

  const { pap: _pap, ...device } = await expectStatus(make({ siteId, lines: [second.id, first.id] }), 201);
  assert.deepEqual(lineIds(device), [second.id, first.id]);
  const path = `/devices/${MAC}`;
  assert.deepEqual(await expectProblem(admin.patch(path, { lines: [strangersLine.id] }), 422), ['/lines/0']);
  assert.deepEqual(await expectProblem(admin.patch(path, { siteId: strangersSite }), 422), ['/siteId']);
  assert.deepEqual(await expectStatus(admin.get(path), 200), device);
});

onAdminApp('a patch changes what it names, and settings member by member', async (admin) => {
  const tenantId = await makeTenant(admin);
  const line = await makeLine(admin, tenantId);
  const settings = { language: 'de', serverTrust: { verify: true, caUrl: 'https://ca.example/ca.pem' } };
  const fields = { label: 'Desk', model: 'T46U', lines: [line.id], settings };
  const { pap: _pap, ...device } = await makeDevice(admin, tenantId, fields);
  const path = `/devices/${MAC}`;

  const change = { language: null, serverTrust: { verify: false }, keys: [] };
  const patch = { label: null, vendor: 'snom', settings: change };
  const patched = await expectStatus(admin.patch(path, patch), 200);
  const merged = { serverTrust: { verify: false, caUrl: 'https://ca.example/ca.pem' }, keys: [] };
  assert.deepEqual(patched, { ...device, label: null, vendor: 'snom', settings: merged });
  const emptied = await expectStatus(admin.patch(path, { lines: null, settings: null, model: null }), 200);
  assert.deepEqual(emptied, { ...patched, lines: [], settings: {}, model: null });

  // What it is already may be said again.
  const same = { mac: '805EC0112233', tenantId: tenantId.toUpperCase() };
  assert.deepEqual(await expectStatus(admin.patch(path, same), 200), emptied);
  assert.deepEqual(await expectProblem(admin.patch(path, { mac: '80:5e:c0:11:22:34' }), 409), ['/mac']);
  const other = await makeTenant(admin);
  assert.deepEqual(await expectProblem(admin.patch(path, { tenantId: other }), 409), ['/tenantId']);
  assert.deepEqual(await expectProblem(admin.patch(path, { state: 'successful' }), 422), ['/state']);
  assert.deepEqual(await expectProblem(admin.patch(path, { pap: '123456' }), 422), ['/pap']);

  const updates = await eventsOf(admin, 'type=device.updated');
  assert.deepEqual(
    updates.map(({ data }) => data.changed),
    [
      ['vendor', 'label', 'settings'],
      ['model', 'lines', 'settings'],
    ],
  );
});

onAdminApp('settings that are nested without end, or hide a prototype, are refused', async (admin) => {
  const tenantId = await makeTenant(admin);
  await makeDevice(admin, tenantId);
  const path = `/devices/${MAC}`;
  const tricky = '{"settings":{"__proto__":{"x":1},"constructor":{"y":1}}}';
  assert.deepEqual(await expectProblem(admin.ask('PATCH', path, tricky), 422), [
    '/settings/__proto__',
    '/settings/constructor',
  ]);
  const deepText = `{"settings":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;
  assert.deepEqual(await expectProblem(admin.ask('PATCH', path, deepText), 422), ['/settings/a']);
  assert.deepEqual((await expectStatus(admin.get(path), 200)).settings, {});
});

onAdminApp('a device that is deleted and made again is another one', async (admin) => {
  const tenantId = await makeTenant(admin);
  const before = await makeDevice(admin, tenantId);
  assert.equal((await admin.delete(`/devices/${MAC}`)).status, 204);
  await expectProblem(admin.get(`/devices/${MAC}`), 404);
  await expectProblem(admin.delete(`/devices/${MAC}`), 404);
  await expectProblem(admin.patch(`/devices/${MAC}`, { label: 'x' }), 404);
  const after = await makeDevice(admin, tenantId);
  assert.notEqual(after.id, before.id);
  const types = (await eventsOf(admin, `mac=${MAC}`)).map(({ type }) => type);
  assert.deepEqual(types, [
    'device.created',
    'pap.revealed',
    'device.deleted',
    'device.created',
    'pap.revealed',
  ]);
});

onAdminApp('what a device cannot be is said with a pointer each', async (admin) => {
  assert.deepEqual((await expectProblem(admin.post('/devices', {}), 422)).toSorted(), [
    '/mac',
    '/tenantId',
    '/vendor',
  ]);
  const wrong = {
    mac: [],
    vendor: 'nokia',
    tenantId: 1,
    siteId: {},
    label: 1,
    model: '\u0000',
    lines: 'x',
    owner: 1,
  };
  const pointers = await expectProblem(admin.post('/devices', wrong), 422);
  assert.deepEqual(new Set(pointers), new Set(Object.keys(wrong).map((name) => `/${name}`)));
});

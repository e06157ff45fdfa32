import assert from 'node:assert/strict';
import { eventsOf, expectProblem, expectStatus, makeDevice, makeTenant, onAdminApp } from './admin-server.js';

const DEFAULTS = {
  secondFactor: 'pap',
  strict: false,
  enforce: true,
  maxAttempts: 3,
  lockoutSeconds: 1800,
  maxLockouts: 3,
  suspensionSeconds: 1800,
  temporaryNetworkSeconds: 28_800,
  temporaryNetworkMaxSeconds: 604_800,
  temporaryNetworkMaxDevices: 200,
  firstSyncSeconds: 2_592_000,
  inactiveSeconds: 5_184_000,
  papDigits: 6,
  papLifetimeSeconds: null,
  onLostConfiguration: 'manual',
  lockoutScope: 'device',
  guessesPerHour: 300,
};
const TEN_YEARS = 315_360_000;
const UNKNOWN = '/tenants/00000000-0000-4000-8000-000000000000';

onAdminApp('a tenant is answered whole, with every default of its policy', async (admin) => {
  const created = await admin.post('/tenants', { name: 'Example Ltd' });
  assert.equal(created.status, 201);
  const { id } = created.body;
  assert.equal(created.headers.get('location'), `/api/v1/tenants/${id}`);
  assert.deepEqual(created.body, {
    id,
    name: 'Example Ltd',
    policy: DEFAULTS,
    emergencyRoute: null,
    emergencyNumbers: null,
    emergencyCallerNumber: null,
    resyncRoute: null,
    language: null,
    settings: {},
    createdAt: '2026-11-22T12:00:00.000Z',
  });
  assert.deepEqual(await expectStatus(admin.get(`/tenants/${id}`), 200), created.body);
  assert.deepEqual(await expectStatus(admin.get('/tenants'), 200), { items: [created.body], cursor: null });
});

onAdminApp('a patch sets what it names, and null takes it back to the default', async (admin) => {
  const id = await makeTenant(admin, {
    policy: { maxAttempts: 5, papDigits: 8 },
    emergencyRoute: 'sip:gateway.example',
    emergencyNumbers: ['112'],
  });
  const patched = await expectStatus(
    admin.patch(`/tenants/${id}`, { policy: { maxAttempts: null, strict: true }, emergencyNumbers: null }),
    200,
  );
  assert.deepEqual(patched.policy, { ...DEFAULTS, papDigits: 8, strict: true });
  assert.equal(patched.emergencyRoute, 'sip:gateway.example');
  assert.equal(patched.emergencyNumbers, null);
  assert.equal(patched.name, 'Example Ltd');

  const mediaType = { 'content-type': 'application/merge-patch+json' };
  const reset = await expectStatus(admin.ask('PATCH', `/tenants/${id}`, { policy: null }, mediaType), 200);
  assert.deepEqual(reset.policy, DEFAULTS);
  assert.deepEqual(await expectStatus(admin.patch(`/tenants/${id}`, {}), 200), reset);
  assert.deepEqual(await expectProblem(admin.patch(`/tenants/${id}`, { name: null }), 422), ['/name']);
});

onAdminApp('an emergency route is answered as it was given, one or several', async (admin) => {
  const id = await makeTenant(admin, { emergencyRoute: 'sip:+49301234@[2001:db8::1]:5070;transport=tcp' });
  const one = await expectStatus(admin.get(`/tenants/${id}`), 200);
  assert.equal(one.emergencyRoute, 'sip:+49301234@[2001:db8::1]:5070;transport=tcp');
  const routes = ['sip:first.example', 'sips:second.example:5061'];
  const several = await expectStatus(admin.patch(`/tenants/${id}`, { emergencyRoute: routes }), 200);
  assert.deepEqual(several.emergencyRoute, routes);
});

onAdminApp('who calls for help, and where resyncs go, is set and taken back', async (admin) => {
  const wish = { emergencyCallerNumber: 'sip:+4930123@pbx.example', resyncRoute: 'sip:pbx.example:5070' };
  const id = await makeTenant(admin, wish);
  const { emergencyCallerNumber, resyncRoute } = await expectStatus(admin.get(`/tenants/${id}`), 200);
  assert.deepEqual({ emergencyCallerNumber, resyncRoute }, wish);
  const none = { emergencyCallerNumber: null, resyncRoute: null };
  const patched = await expectStatus(admin.patch(`/tenants/${id}`, none), 200);
  assert.deepEqual([patched.emergencyCallerNumber, patched.resyncRoute], [null, null]);
  const wrong = { emergencyCallerNumber: 'call me', resyncRoute: 'pbx' };
  assert.deepEqual((await expectProblem(admin.patch(`/tenants/${id}`, wrong), 422)).toSorted(), [
    '/emergencyCallerNumber',
    '/resyncRoute',
  ]);
  for (const emergencyRoute of ['', 'gateway.example', 'tel:112', 'sip:', 'sip:a b', 'sip:<x>', [], 7]) {
    const pointers = await expectProblem(admin.patch(`/tenants/${id}`, { emergencyRoute }), 422);
    assert.deepEqual(pointers, ['/emergencyRoute'], JSON.stringify(emergencyRoute));
  }
  const second = admin.patch(`/tenants/${id}`, { emergencyRoute: ['sip:first.example', 'second'] });
  assert.deepEqual(await expectProblem(second, 422), ['/emergencyRoute/1']);
});

onAdminApp('every number of a policy has its range, and both its ends are in it', async (admin) => {
  const id = await makeTenant(admin);
  const ranges: Record<string, [number, number]> = {
    maxAttempts: [1, 1000],
    maxLockouts: [1, 1000],
    temporaryNetworkMaxDevices: [1, 1000],
    guessesPerHour: [1, 1000],
    papDigits: [6, 10],
    lockoutSeconds: [1, TEN_YEARS],
    suspensionSeconds: [1, TEN_YEARS],
    temporaryNetworkSeconds: [1, TEN_YEARS],
    temporaryNetworkMaxSeconds: [1, TEN_YEARS],
    firstSyncSeconds: [1, TEN_YEARS],
    inactiveSeconds: [1, TEN_YEARS],
    papLifetimeSeconds: [1, TEN_YEARS],
  };
  for (const end of [0, 1] as const) {
    const policy = Object.fromEntries(Object.entries(ranges).map(([name, range]) => [name, range[end]]));
    const { policy: stored } = await expectStatus(admin.patch(`/tenants/${id}`, { policy }), 200);
    assert.deepEqual({ ...stored, ...policy }, stored);
    const outside = Object.fromEntries(
      Object.entries(ranges).map(([name, range]) => [name, range[end] + (end === 0 ? -1 : 1)]),
    );
    const pointers = await expectProblem(admin.patch(`/tenants/${id}`, { policy: outside }), 422);
    assert.deepEqual(
      pointers.toSorted(),
      Object.keys(ranges)
        .map((name) => `/policy/${name}`)
        .toSorted(),
    );
  }
  const wrong = {
    maxAttempts: 2.5,
    papDigits: '6',
    strict: 'yes',
    enforce: 0,
    secondFactor: 'sms',
    onLostConfiguration: 'x',
    lockoutScope: [],
  };
  const pointers = await expectProblem(admin.patch(`/tenants/${id}`, { policy: wrong }), 422);
  assert.deepEqual(
    pointers.toSorted(),
    Object.keys(wrong)
      .map((name) => `/policy/${name}`)
      .toSorted(),
  );
  const misspelt = admin.patch(`/tenants/${id}`, { policy: { 'max/Attempts~': 3 } });
  assert.deepEqual(await expectProblem(misspelt, 422), ['/policy/max~1Attempts~0']);
});

onAdminApp(
  'a tenant is deleted with all it has, and the audit log says which devices that were',
  async (admin) => {
    const id = await makeTenant(admin);
    const other = await makeTenant(admin, { name: 'Other' });
    await makeDevice(admin, id, { mac: '80:5e:c0:00:00:01' });
    await makeDevice(admin, id, { mac: '80:5e:c0:00:00:02' });
    await makeDevice(admin, other, { mac: '80:5e:c0:00:00:03' });
    await expectStatus(admin.post(`/tenants/${id}/sites`, { name: 'Berlin' }), 201);

    assert.equal((await admin.delete(`/tenants/${id}?cascade=true&expect=3`)).status, 204);
    await expectProblem(admin.get(`/tenants/${id}`), 404);
    await expectProblem(admin.get(`/tenants/${id}/sites`), 404);
    await expectProblem(admin.get('/devices/80:5e:c0:00:00:01'), 404);
    await expectStatus(admin.get('/devices/80:5e:c0:00:00:03'), 200);
    const deleted = await eventsOf(admin, `type=device.deleted&tenantId=${id}`);
    assert.deepEqual(deleted.map(({ mac }): string => mac).toSorted(), [
      '80:5e:c0:00:00:01',
      '80:5e:c0:00:00:02',
    ]);
    assert.deepEqual(new Set(deleted.map(({ actor }) => actor)), new Set(['ADMIN_KEY']));
    await expectProblem(admin.delete(`/tenants/${id}`), 404);
  },
);

onAdminApp('a tenant that is not there is a 404 by every method', async (admin) => {
  for (const path of [UNKNOWN, '/tenants/1', '/tenants/not-an-id']) {
    await expectProblem(admin.get(path), 404);
    await expectProblem(admin.patch(path, { name: 'x' }), 404);
    await expectProblem(admin.delete(path), 404);
    await expectProblem(admin.get(`${path}/sites`), 404);
    await expectProblem(admin.post(`${path}/sites`, { name: 'x' }), 404);
    await expectProblem(admin.get(`${path}/lines`), 404);
  }
});

import assert from 'node:assert/strict';
import {
  MAC,
  eventsOf,
  expectProblem,
  expectStatus,
  makeDevice,
  makeTenant,
  onAdminApp,
} from './admin-server.js';

onAdminApp('a suspension lasts as long as the request says, and can be ended', async (admin) => {
  await makeDevice(admin, await makeTenant(admin));
  const path = `/devices/${MAC}`;
  const suspended = await expectStatus(admin.post(`${path}/suspend-authentication`, { seconds: 60 }), 200);
  assert.equal(suspended.suspendedUntil, '2026-11-22T12:01:00.000Z');
  const ended = await expectStatus(admin.post(`${path}/end-suspension`), 200);
  assert.deepEqual([ended.suspendedUntil, ended.state], [null, 'needed']);
  await expectStatus(admin.post(`${path}/end-suspension`, {}), 200);
  const events = await eventsOf(admin, 'type=authentication.resumed');
  assert.deepEqual(
    events.map(({ mac, actor }) => [mac, actor]),
    [[MAC, 'ADMIN_KEY']],
    'ended once',
  );
  await expectProblem(admin.post('/devices/80:5e:c0:00:00:99/end-suspension'), 404);
  for (const seconds of [0, -1, 1.5, '60', null, 1e12])
    assert.deepEqual(await expectProblem(admin.post(`${path}/suspend-authentication`, { seconds }), 422), [
      '/seconds',
    ]);
});

onAdminApp('a body that an action does not know is refused, and nothing is done', async (admin) => {
  const tenantId = await makeTenant(admin);
  const { pap } = await makeDevice(admin, tenantId);
  const path = `/devices/${MAC}`;
  const before = (await eventsOf(admin, 'limit=500')).length;
  for (const action of [
    'reset-authentication',
    'suspend-authentication',
    'end-suspension',
    'authorize-provisioning',
    'reset-to-autoprov',
    'resync',
  ]) {
    const ask = (body: unknown, headers = {}) => admin.ask('POST', `${path}/${action}`, body, headers);
    assert.deepEqual(await expectProblem(ask({ minutes: 5 }), 422), ['/minutes'], action);
    await expectProblem(ask([]), 422);
    await expectProblem(ask(null), 422);
    await expectProblem(ask('seconds=5', { 'content-type': 'application/x-www-form-urlencoded' }), 415);
    await expectProblem(ask('{"seconds":', { 'content-type': 'application/json' }), 400);
  }
  for (const [method, at] of [
    ['DELETE', path],
    ['DELETE', `/tenants/${tenantId}`],
  ] as const)
    assert.deepEqual(await expectProblem(admin.ask(method, at, { cascade: true }), 422), ['/cascade']);
  assert.equal((await eventsOf(admin, 'limit=500')).length, before);
  assert.equal((await expectStatus(admin.get(`${path}?reveal=pap`), 200)).pap, pap);
});

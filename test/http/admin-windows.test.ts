/** "Authorize provisioning", as an administrator's program sees it. */
import assert from 'node:assert/strict';
import { DEFAULT_POLICY, SECOND_FACTORS } from '../../src/domain/policy.js';
import { addSeconds } from '../../src/domain/time.js';
import {
  type Admin,
  type Json,
  MAC,
  NOW,
  eventsOf,
  expectProblem,
  expectStatus,
  makeDevice,
  makeTenant,
  onAdminApp,
} from './admin-server.js';

const UNTIL = addSeconds(NOW, DEFAULT_POLICY.firstSyncSeconds);

async function show(admin: Admin): Promise<Json> {
  const { displayText, firstSyncUntil, papValid } = await expectStatus(admin.get(`/devices/${MAC}`), 200);
  return { displayText, firstSyncUntil, hasPap: papValid };
}

onAdminApp('"first sync until" is answered, under every policy', async (admin) => {
  for (const [at, secondFactor] of SECOND_FACTORS.entries()) {
    const tenantId = await makeTenant(admin, { policy: { secondFactor, firstSyncSeconds: 60 } });
    const device = await makeDevice(admin, tenantId, { mac: `80:5e:c0:00:00:0${at}` });
    assert.equal(device.firstSyncUntil, addSeconds(NOW, 60).toISOString(), secondFactor);
  }
});

onAdminApp('a device that waits for approval says so from the moment its window is closed', async (admin) => {
  const policy = { secondFactor: 'pap+window' };
  await makeDevice(admin, await makeTenant(admin, { policy }));
  const seen: Json[] = [];
  for (const milliseconds of [-1, 0, 1]) {
    admin.turnClock(new Date(UNTIL.getTime() + milliseconds));
    seen.push(await show(admin));
  }
  const shown = { firstSyncUntil: UNTIL.toISOString(), hasPap: true };
  assert.deepEqual(seen, [
    { ...shown, displayText: 'Authentication needed' },
    { ...shown, displayText: 'Authorize provisioning!' },
    { ...shown, displayText: 'Authorize provisioning!' },
  ]);
});

onAdminApp(
  'where only the window counts, a device has no PAP, and shows no text of ours while it is open',
  async (admin) => {
    const tenantId = await makeTenant(admin, { policy: { secondFactor: 'window' } });
    await makeDevice(admin, tenantId);
    const shown = { firstSyncUntil: UNTIL.toISOString(), hasPap: false };
    assert.deepEqual(await show(admin), { ...shown, displayText: null });
    admin.turnClock(UNTIL);
    assert.deepEqual(await show(admin), { ...shown, displayText: 'Authorize provisioning!' });
    const [listed] = (await expectStatus(admin.get('/devices'), 200)).items;
    assert.equal(listed.displayText, 'Authorize provisioning!');

    await expectStatus(admin.patch(`/tenants/${tenantId}`, { policy: { secondFactor: 'pap' } }), 200);
    assert.deepEqual(await show(admin), { ...shown, hasPap: true, displayText: 'Authentication needed' });
  },
);

onAdminApp('authorizing answers the device with its new "first sync until"', async (admin) => {
  await makeDevice(admin, await makeTenant(admin, { policy: { secondFactor: 'window' } }));
  const later = addSeconds(UNTIL, 86_400);
  admin.turnClock(later);
  const device = await expectStatus(admin.post('/devices/805ec0112233/authorize-provisioning'), 200);
  const firstSyncUntil = addSeconds(later, DEFAULT_POLICY.firstSyncSeconds).toISOString();
  assert.deepEqual(
    [device.firstSyncUntil, device.displayText, device.attention],
    [firstSyncUntil, null, null],
  );
  assert.deepEqual(await expectStatus(admin.get(`/devices/${MAC}`), 200), device);
  const authorized = await eventsOf(admin, 'type=provisioning.authorized');
  assert.deepEqual(
    authorized.map(({ mac, actor, data }) => ({ mac, actor, data })),
    [{ mac: MAC, actor: 'ADMIN_KEY', data: { firstSyncUntil } }],
  );
});

onAdminApp('only a device that there is can be authorized', async (admin) => {
  await expectProblem(admin.post(`/devices/${MAC}/authorize-provisioning`), 404);
  await makeDevice(admin, await makeTenant(admin));
  await expectProblem(admin.get(`/devices/${MAC}/authorize-provisioning`), 405);
});

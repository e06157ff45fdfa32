import assert from 'node:assert/strict';
import { addSeconds } from '../../src/domain/time.js';
import {
  type Admin,
  NOW,
  expectProblem,
  expectStatus,
  makeDevice,
  makeTenant,
  onAdminApp,
} from './admin-server.js';

const NOBODY = '00000000-0000-4000-8000-000000000000';

async function makeDevices(admin: Admin, tenantId: string, from: number, count: number): Promise<void> {
  for (let index = from; index < from + count; index += 1) {
    await makeDevice(admin, tenantId, { mac: `80:5e:c0:00:00:${index.toString(16).padStart(2, '0')}` });
  }
}

onAdminApp('the guess risk is nothing while nothing waits', async (admin) => {
  const risk = await expectStatus(admin.get('/security/guess-risk'), 200);
  assert.deepEqual(risk.perYear, { oneSource: 0, anySource: 0 });
  assert.equal(risk.waitingDevices, 0);
  assert.deepEqual(risk.guessesPerYear, { oneSource: 0, anySource: 0 });
  assert.deepEqual(risk.budgetPerYear, { oneSource: 525_600, anySource: 8_760_000 });
  assert.ok(risk.assumptions.length > 0);
});

onAdminApp('the guess risk follows from the settings and the devices that wait', async (admin) => {
  const standard = await makeTenant(admin);
  const careful = await makeTenant(admin, { policy: { papDigits: 8, lockoutScope: 'device-and-source' } });
  const open = await makeTenant(admin, { policy: { secondFactor: 'window' } });
  await makeDevices(admin, standard, 0, 2);
  await makeDevices(admin, careful, 2, 1);
  await makeDevices(admin, open, 3, 1);

  const risk = await expectStatus(admin.get('/security/guess-risk'), 200);
  assert.equal(risk.waitingDevices, 3);
  assert.deepEqual(risk.budgets, { perSourcePerHour: 30, perHour: 1000 });
  assert.deepEqual(risk.guessesPerYear, { oneSource: 54, anySource: 54 });
  const expected = 1 - (1 - 9e-6) ** 2 * (1 - 36e-8);
  for (const chance of [risk.perYear.oneSource, risk.perYear.anySource]) {
    assert.ok(Math.abs(chance / expected - 1) < 1e-9, `${chance} is not ${expected}`);
  }
  const group = risk.groups.find(({ tenantId }: { tenantId: string }) => tenantId === careful);
  assert.deepEqual(group, {
    tenantId: careful,
    papDigits: 8,
    waitingDevices: 1,
    maxAttempts: 3,
    maxLockouts: 3,
    lockoutSeconds: 1800,
    lockoutScope: 'device-and-source',
    guessesPerHour: 300,
    papLifetimeSeconds: null,
    guessesPerDevice: { oneSource: 36, anySource: 36 },
    chancePerDevice: { oneSource: 36e-8, anySource: 36e-8 },
    guessesPerYear: { oneSource: 36, anySource: 36 },
  });

  const one = await expectStatus(admin.get(`/security/guess-risk?tenantId=${careful}`), 200);
  assert.deepEqual([one.waitingDevices, one.groups], [1, [group]]);
  assert.ok(Math.abs(one.perYear.anySource / 36e-8 - 1) < 1e-9);
});

onAdminApp('a PAP counts by the digits it has, until it has lapsed', async (admin) => {
  const tenantId = await makeTenant(admin);
  await makeDevices(admin, tenantId, 0, 1);
  await expectStatus(
    admin.patch(`/tenants/${tenantId}`, { policy: { papDigits: 10, papLifetimeSeconds: 86_400 } }),
    200,
  );
  const waiting = async (milliseconds: number) => {
    admin.turnClock(new Date(addSeconds(NOW, 86_400).getTime() + milliseconds));
    return expectStatus(admin.get('/security/guess-risk'), 200);
  };
  const before = await waiting(-1);
  assert.deepEqual([before.waitingDevices, before.groups[0].papDigits], [1, 6]);
  for (const milliseconds of [0, 1]) {
    const after = await waiting(milliseconds);
    assert.deepEqual([after.waitingDevices, after.perYear.anySource], [0, 0]);
  }
});

onAdminApp('the guess risk of a policy that is not saved is told, and nothing is written', async (admin) => {
  const tenantId = await makeTenant(admin);
  await makeDevices(admin, tenantId, 0, 2);
  const now = await expectStatus(admin.get(`/security/guess-risk?tenantId=${tenantId}`), 200);
  const draft = async (policy: object) =>
    expectStatus(admin.post('/security/guess-risk', { tenantId, policy }), 200);
  assert.deepEqual(await draft({}), now);
  assert.deepEqual(await draft({ maxAttempts: null }), now);
  const laxer = await draft({ maxAttempts: 6 });
  assert.equal(laxer.groups[0].maxAttempts, 6);
  assert.ok(laxer.perYear.anySource > now.perYear.anySource);
  assert.deepEqual(await expectStatus(admin.get(`/security/guess-risk?tenantId=${tenantId}`), 200), now);
});

onAdminApp('a question about the guess risk that makes no sense is told so', async (admin) => {
  await expectProblem(admin.get(`/security/guess-risk?tenantId=${NOBODY}`), 404);
  assert.deepEqual(await expectProblem(admin.get('/security/guess-risk?tenantId=x'), 422), ['tenantId']);
  assert.deepEqual(await expectProblem(admin.get('/security/guess-risk?tenant=x'), 422), ['tenant']);
  assert.deepEqual(await expectProblem(admin.post('/security/guess-risk', {}), 422), ['/policy']);
  const unknown = { tenantId: NOBODY, policy: {} };
  await expectProblem(admin.post('/security/guess-risk', unknown), 404);
  const tooMany = { policy: { maxAttempts: 0 } };
  assert.deepEqual(await expectProblem(admin.post('/security/guess-risk', tooMany), 422), [
    '/policy/maxAttempts',
  ]);
  await expectProblem(admin.patch('/security/guess-risk', {}), 405);
  const answer = await fetch(`${admin.url}/api/v1/security/guess-risk`);
  assert.equal(answer.status, 401);
  await answer.body?.cancel();
});

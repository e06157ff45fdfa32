import assert from 'node:assert/strict';
import { type Authentication, succeed } from '../../src/domain/authentication.js';
import type { Mac } from '../../src/domain/mac.js';
import { addSeconds } from '../../src/domain/time.js';
import { findDeviceByMac, saveAuthentication } from '../../src/store/devices.js';
import { saveContacts } from '../../src/store/registrations.js';
import { findToken, insertToken } from '../../src/store/tokens.js';
import {
  type Admin,
  type Json,
  MAC,
  NOW,
  eventsOf,
  expectProblem,
  expectStatus,
  makeDevice,
  makeLine,
  makeTenant,
  onAdminApp,
} from './admin-server.js';

const UNTIL = addSeconds(NOW, 1800);
const FAILED = { state: 'failed', failedUntil: UNTIL, lockouts: 1 } as const;

onAdminApp(
  'a lock is over at its time, to the millisecond, for the device and for the filter',
  async (admin) => {
    await makeDevice(admin, await makeTenant(admin));
    await change(admin, FAILED);
    const seen = async (ms: number): Promise<unknown> => {
      admin.turnClock(new Date(UNTIL.getTime() + ms));
      const { state, displayText, failedUntil } = await expectStatus(admin.get(`/devices/${MAC}`), 200);
      const listed = { needed: await count(admin, 'needed'), failed: await count(admin, 'failed') };
      return { state, displayText, failedUntil, ...listed };
    };
    assert.deepEqual(await seen(-1), {
      state: 'failed',
      displayText: 'Authentication failed',
      failedUntil: UNTIL.toISOString(),
      needed: 0,
      failed: 1,
    });
    const over = {
      state: 'needed',
      displayText: 'Authentication needed',
      failedUntil: null,
      needed: 1,
      failed: 0,
    };
    assert.deepEqual(await seen(0), over);
    assert.deepEqual(await seen(1), over);
  },
);

onAdminApp('a PAP is answered as long as it can be used', async (admin) => {
  const tenantId = await makeTenant(admin, { policy: { papDigits: 10 } });
  const { pap } = await makeDevice(admin, tenantId);
  assert.match(pap, /^\d{10}$/);
  await expectStatus(admin.patch(`/tenants/${tenantId}`, { policy: { papLifetimeSeconds: 60 } }), 200);
  admin.turnClock(new Date(NOW.getTime() + 59_999));
  const shown = async () => expectStatus(admin.get(`/devices/${MAC}?reveal=pap`), 200);
  assert.deepEqual([(await shown()).pap, (await shown()).papValid], [pap, true]);
  admin.turnClock(new Date(NOW.getTime() + 60_000));
  assert.deepEqual([(await shown()).pap, (await shown()).papValid], [null, false]);

  const device = await expectStatus(admin.post(`/devices/${MAC}/reset-authentication`), 200);
  assert.match(device.pap, /^\d{10}$/);
  assert.notEqual(device.pap, pap);
});

onAdminApp('a device that several phones claim is suspended only by force', async (admin) => {
  await makeDevice(admin, await makeTenant(admin));
  const path = `/devices/${MAC}/suspend-authentication`;
  await admin.context.store.db.updateTable('devices').set({ attention: 'contested' }).execute();
  const refused = await admin.post(path, { seconds: 60 });
  assert.equal(refused.status, 409);
  assert.match(refused.body.detail, /Several phones claim this device/);
  assert.deepEqual(refused.body.errors[0].pointer, '/force');
  assert.equal((await admin.post(path, { force: false })).status, 409);
  assert.equal((await admin.get(`/devices/${MAC}`)).body.suspendedUntil, null);
  assert.equal((await admin.post(path, { force: 'yes' })).status, 422);
  const suspended = await expectStatus(admin.post(path, { seconds: 60, force: true }), 200);
  assert.notEqual(suspended.suspendedUntil, null);

  await expectStatus(admin.patch(`/devices/${MAC}`, { attention: null }), 200);
  await expectStatus(admin.post(path), 200);
});

onAdminApp('whoever is shown a PAP is in the audit log, without the PAP', async (admin) => {
  const tenantId = await makeTenant(admin);
  const { key } = await expectStatus(admin.post('/api-keys', { name: 'Alice' }), 201);
  const papOf = async (mac: string): Promise<string> => (await makeDevice(admin, tenantId, { mac })).pap;
  const paps = [await papOf('80:5e:c0:00:00:01'), await papOf('80:5e:c0:00:00:02')];
  await makeDevice(admin, tenantId, { mac: MAC });
  await change(admin, succeedNow);
  const before = (await eventsOf(admin, 'type=pap.revealed')).length;

  const asAlice = { authorization: `Bearer ${key}` };
  const { items } = await expectStatus(admin.ask('GET', '/devices?reveal=pap', undefined, asAlice), 200);
  const shown = items.map((device: Json): unknown => device.pap);
  assert.deepEqual(new Set(shown), new Set([...paps, null]));
  const revealed = (await eventsOf(admin, 'type=pap.revealed')).slice(before);
  assert.deepEqual(
    revealed
      .map(({ mac, actor, tenantId: of, address }) => ({ mac, actor, of, address }))
      .toSorted((a, b) => a.mac.localeCompare(b.mac)),
    ['80:5e:c0:00:00:01', '80:5e:c0:00:00:02'].map((mac) => ({
      mac,
      actor: 'Alice',
      of: tenantId,
      address: '127.0.0.1',
    })),
  );
  const written = JSON.stringify(await eventsOf(admin, 'limit=500')) + admin.logged();
  for (const secret of [...paps, key]) assert.ok(!written.includes(secret));
});

onAdminApp(
  'a PAP is shown where it is made and to who asks for it; a look shows none and writes nothing',
  async (admin) => {
    const tenantId = await makeTenant(admin);
    const { pap } = await makeDevice(admin, tenantId);
    await makeDevice(admin, tenantId, { mac: '80:5e:c0:00:00:01' });
    const path = `/devices/${MAC}`;
    const before = (await eventsOf(admin, 'limit=500')).length;
    const looks: Json[] = [];
    for (let look = 0; look < 3; look += 1) {
      looks.push(await expectStatus(admin.get(path), 200));
      looks.push(...(await expectStatus(admin.get('/devices?state=needed'), 200)).items);
    }
    assert.equal((await eventsOf(admin, 'limit=500')).length, before);
    looks.push(
      await expectStatus(admin.patch(path, { label: 'x' }), 200),
      await expectStatus(admin.post(`${path}/resync`), 200),
      await expectStatus(admin.post(`${path}/suspend-authentication`), 200),
      await expectStatus(admin.post(`${path}/end-suspension`), 200),
      await expectStatus(admin.post(`${path}/authorize-provisioning`), 200),
    );
    for (const look of looks) assert.deepEqual([look.papValid, 'pap' in look], [true, false]);
    assert.equal((await eventsOf(admin, 'type=pap.revealed')).length, 2, 'those of the creations');

    assert.equal((await expectStatus(admin.get(`${path}?reveal=pap`), 200)).pap, pap);
    assert.equal((await expectStatus(admin.get('/devices?reveal=pap'), 200)).items.length, 2);
    const reset = await expectStatus(admin.post(`${path}/reset-authentication`), 200);
    assert.match(reset.pap, /^\d{6}$/);
    assert.equal((await eventsOf(admin, 'type=pap.revealed')).length, 2 + 1 + 2 + 1);
    for (const query of ['reveal=yes', 'reveal=', 'show=pap'])
      assert.deepEqual(await expectProblem(admin.get(`${path}?${query}`), 422), [query.split('=')[0]]);
  },
);

onAdminApp('a device that proved itself shows no text of ours and has no PAP', async (admin) => {
  const tenantId = await makeTenant(admin);
  const line = await makeLine(admin, tenantId);
  await makeDevice(admin, tenantId, { lines: [line.id] });
  await change(admin, succeedNow);
  const device = await expectStatus(admin.get(`/devices/${MAC}?reveal=pap`), 200);
  assert.deepEqual(
    [device.state, device.displayText, device.pap, device.authenticatedBy],
    ['successful', null, null, 'pap'],
  );
});

onAdminApp('a reset leads out of every state, with a new PAP and without the old tokens', async (admin) => {
  const { pap } = await makeDevice(admin, await makeTenant(admin));
  await giveToken(admin, 'aaaaaaaaaaaa');
  await change(admin, { state: 'blocked', lockouts: 3, suspendedUntil: UNTIL });
  assert.equal(await count(admin, 'blocked'), 1);

  const device = await expectStatus(admin.post(`/devices/805ec0112233/reset-authentication`), 200);
  assert.deepEqual([device.state, device.suspendedUntil, device.failedUntil], ['needed', null, null]);
  assert.match(device.pap, /^\d{6}$/);
  assert.notEqual(device.pap, pap);
  assert.deepEqual(await expectStatus(admin.get(`/devices/${MAC}?reveal=pap`), 200), device);
  assert.equal((await findToken(admin.context.store.db, 'aaaaaaaaaaaa'))?.state, 'revoked');
  const [event] = await eventsOf(admin, 'type=authentication.reset');
  assert.deepEqual([event.mac, event.actor], [MAC, 'ADMIN_KEY']);
});

onAdminApp('a device that proved itself and has no line says so until it is given one', async (admin) => {
  const tenantId = await makeTenant(admin);
  const line = await makeLine(admin, tenantId);
  await makeDevice(admin, tenantId, { lines: [line.id] });
  const path = `/devices/${MAC}`;
  const seen = async (): Promise<unknown[]> => {
    const { attention, displayText } = await expectStatus(admin.get(path), 200);
    return [attention, displayText];
  };
  await expectStatus(admin.patch(path, { lines: [] }), 200);
  assert.deepEqual(await seen(), [null, 'Authentication needed'], 'not yet');
  await change(admin, succeedNow);
  assert.deepEqual(await seen(), ['no-line', 'No line assigned']);
  await expectStatus(admin.patch(path, { attention: null }), 200);
  assert.deepEqual(await seen(), ['no-line', 'No line assigned'], 'only a line helps');
  await giveToken(admin, 'aaaaaaaaaaaa', NOW);
  const open = () => admin.context.store.db.selectFrom('resyncs').select('reason').execute();
  assert.deepEqual(await open(), []);
  await expectStatus(admin.patch(path, { lines: [line.id] }), 200);
  assert.deepEqual(await seen(), [null, null]);
  assert.deepEqual(await open(), [{ reason: 'lines' }], 'its phone is told');
  await expectStatus(admin.delete(`/tenants/${tenantId}/lines/${line.id}?cascade=true&expect=1`), 204);
  assert.deepEqual(await seen(), ['no-line', 'No line assigned']);
});

onAdminApp('a suspension is answered until it is over', async (admin) => {
  await makeDevice(admin, await makeTenant(admin, { policy: { suspensionSeconds: 10 } }));
  const device = await expectStatus(admin.post(`/devices/${MAC}/suspend-authentication`), 200);
  assert.deepEqual([device.state, device.suspendedUntil], ['needed', '2026-11-22T12:00:10.000Z']);
  admin.turnClock(addSeconds(NOW, 10));
  assert.equal((await expectStatus(admin.get(`/devices/${MAC}`), 200)).suspendedUntil, null);
  assert.equal((await eventsOf(admin, 'type=authentication.suspended')).length, 1);
});

onAdminApp('a device is registered while one of its phones is, and is asked to fetch', async (admin) => {
  await makeDevice(admin, await makeTenant(admin));
  await giveToken(admin, 'aaaaaaaaaaaa');
  const { db } = admin.context.store;
  const found = await findDeviceByMac(db, MAC as Mac);
  assert.ok(found);
  const registration = {
    tokenId: 'aaaaaaaaaaaa',
    deviceId: found.id,
    path: null,
    protocol: 'udp',
    sourceAddress: '192.0.2.9',
    sourcePort: 5060,
    callId: 'x',
    cseq: 1,
    userAgent: null,
    registeredAt: NOW,
  };
  const contact = { contact: 'sip:aaaaaaaaaaaa@192.0.2.9:5060', expiresAt: addSeconds(NOW, 60) };
  await saveContacts(db, registration, [contact], 1);
  const device = await expectStatus(admin.post(`/devices/${MAC}/resync`), 200);
  assert.equal(device.registered, true);
  const queued = await db.selectFrom('resyncs').select(['deviceId', 'reason']).execute();
  assert.deepEqual(queued, [{ deviceId: found.id, reason: 'requested' }]);
  admin.turnClock(addSeconds(NOW, 60));
  assert.equal((await expectStatus(admin.get(`/devices/${MAC}`), 200)).registered, false);
});

onAdminApp('an action on what is not there is a 404, and by another method a 405', async (admin) => {
  for (const action of ['reset-authentication', 'suspend-authentication', 'resync']) {
    await expectProblem(admin.post(`/devices/${MAC}/${action}`), 404);
    await expectProblem(admin.post(`/devices/zz/${action}`), 400);
    const answer = admin.get(`/devices/${MAC}/${action}`);
    await expectProblem(answer, 405);
    assert.equal((await answer).headers.get('allow'), 'POST');
  }
  await expectProblem(admin.post(`/devices/${MAC}/explode`), 404);
});

const succeedNow = (authentication: Authentication): Authentication => succeed(authentication, 'pap');

/** Brings the device into a state as a call would. */
async function change(
  admin: Admin,
  to: Partial<Authentication> | ((authentication: Authentication) => Authentication),
): Promise<void> {
  const { db } = admin.context.store;
  const device = await findDeviceByMac(db, MAC as Mac);
  assert.ok(device);
  const { authentication } = device;
  const changed = typeof to === 'function' ? to(authentication) : { ...authentication, ...to };
  await saveAuthentication(db, device.id, changed, NOW);
}

async function giveToken(admin: Admin, id: string, fullServedAt: Date | null = null): Promise<void> {
  const { db } = admin.context.store;
  const device = await findDeviceByMac(db, MAC as Mac);
  assert.ok(device);
  await insertToken(db, {
    id,
    deviceId: device.id,
    state: 'proven',
    used: true,
    issuedTo: null,
    lastFetchAddress: null,
    fullServedAt,
    fullServedUnder: null,
    createdAt: NOW,
    lastUsedAt: NOW,
    releasedAt: NOW,
    keyVersion: 1,
  });
}

async function count(admin: Admin, state: string): Promise<number> {
  return (await expectStatus(admin.get(`/devices?state=${state}`), 200)).items.length;
}

/** Unclaimed devices, as an administrator sees, adopts and resets them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { unclaimedAuthentication } from '../../src/domain/authentication.js';
import type { DeviceKind } from '../../src/domain/device.js';
import { parseMac } from '../../src/domain/mac.js';
import { completePolicy } from '../../src/domain/policy.js';
import { issueToken } from '../../src/services/fetch/issue-token.js';
import { insertDevice } from '../../src/store/devices.js';
import { findToken } from '../../src/store/tokens.js';
import {
  type Admin,
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
import { lineIds } from '../support/admin-api.js';

/** A phone that came by itself, with the token that it got; answers the token's id. */
async function arrive(admin: Admin, kind: DeviceKind = 'unclaimed'): Promise<string> {
  const mac = parseMac(MAC);
  assert.ok(mac !== null);
  const { store, masterKey } = admin.context;
  const device = {
    id: randomUUID(),
    mac,
    kind,
    vendor: 'yealink' as const,
    model: null,
    label: null,
    serialNumber: null,
    tenantId: null,
    siteId: null,
    settings: {},
    authentication: unclaimedAuthentication(completePolicy({}), NOW),
    attention: null,
    firstSyncUntil: null,
    firstSyncedAt: null,
    windowClaimedBy: null,
    lastProvisionedAt: null,
    lastSeenAt: null,
    lastSeenAddress: null,
    keyVersion: masterKey.version,
    createdAt: NOW,
  };
  assert.equal(await insertDevice(store.db, device), true);
  const issue = { address: '192.0.2.10', masterKey, now: NOW };
  return (await store.transaction((transaction) => issueToken(transaction, device, issue))).id;
}

const PATH = `/devices/${MAC}`;

onAdminApp('an unclaimed device has neither tenant nor PAP, and says what it is', async (admin) => {
  await arrive(admin);
  const device = await expectStatus(admin.get(PATH), 200);
  assert.deepEqual(
    [device.kind, device.tenantId, device.papValid, device.state],
    ['unclaimed', null, false, 'needed'],
  );
  assert.equal(
    (await makeDevice(admin, await makeTenant(admin), { mac: '80:5e:c0:00:00:01' })).kind,
    'managed',
  );
});

onAdminApp('an administrator gives an unclaimed device a tenant, and lines with it', async (admin) => {
  const token = await arrive(admin);
  const tenantId = await makeTenant(admin, { policy: { papDigits: 8 } });
  const line = await makeLine(admin, tenantId);
  const adopted = await expectStatus(admin.patch(PATH, { tenantId, lines: [line.id] }), 200);
  assert.deepEqual(
    [adopted.kind, adopted.tenantId, adopted.state, lineIds(adopted)],
    ['managed', tenantId, 'needed', [line.id]],
  );
  assert.equal(adopted.papValid, true);
  assert.match((await expectStatus(admin.get(`${PATH}?reveal=pap`), 200)).pap, /^\d{8}$/);
  assert.notEqual(adopted.firstSyncUntil, null);
  assert.equal((await findToken(admin.context.store.db, token))?.state, 'bootstrap', 'its phone can call');
  const [updated] = await eventsOf(admin, `type=device.updated&tenantId=${tenantId}`);
  assert.deepEqual(updated.data.changed, ['tenantId', 'lines']);
});

onAdminApp('the tenant of a device never changes, except by deleting the device', async (admin) => {
  await arrive(admin);
  const [owner, stranger] = [await makeTenant(admin), await makeTenant(admin)];
  await expectStatus(admin.patch(PATH, { tenantId: owner }), 200);
  assert.deepEqual(await expectProblem(admin.patch(PATH, { tenantId: stranger }), 409), ['/tenantId']);
  await expectStatus(admin.post(`${PATH}/reset-to-autoprov`), 200);
  assert.deepEqual(await expectProblem(admin.patch(PATH, { tenantId: stranger }), 409), ['/tenantId']);
  assert.equal((await expectStatus(admin.get(PATH), 200)).tenantId, owner);
  assert.equal((await admin.delete(PATH)).status, 204);
  assert.equal((await makeDevice(admin, stranger)).tenantId, stranger);
});

onAdminApp('lines are those of the device’s own tenant, and the answer says whose', async (admin) => {
  await arrive(admin);
  const [owner, stranger] = [await makeTenant(admin), await makeTenant(admin)];
  const [own, foreign] = [await makeLine(admin, owner), await makeLine(admin, stranger)];
  const refused = await admin.patch(PATH, { tenantId: owner, lines: [own.id, foreign.id] });
  assert.equal(refused.status, 422);
  assert.deepEqual(refused.body.errors, [
    {
      pointer: '/lines/1',
      detail: `is not the id of a line of tenant ${owner}; a device takes lines of its own tenant only`,
    },
  ]);
  const homeless = await admin.patch(PATH, { lines: [own.id] });
  assert.equal(homeless.status, 422);
  assert.match(homeless.body.detail, /give it a tenant as well/);
  assert.deepEqual(await expectProblem(admin.patch(PATH, { tenantId: randomUUID() }), 422), ['/tenantId']);
  assert.equal((await expectStatus(admin.get(PATH), 200)).tenantId, null, 'nothing was changed');
});

onAdminApp(
  'what is known of an unclaimed device can be written down, which claims nothing',
  async (admin) => {
    await arrive(admin);
    const labelled = await expectStatus(admin.patch(PATH, { label: 'in the hall', model: 'T46S' }), 200);
    assert.deepEqual([labelled.kind, labelled.label, labelled.papValid], ['unclaimed', 'in the hall', false]);
  },
);

onAdminApp(
  'a device is made in the place of an unclaimed one that is nobody’s, or of a decoy',
  async (admin) => {
    const tenantId = await makeTenant(admin);
    for (const kind of ['unclaimed', 'decoy'] as const) {
      const token = await arrive(admin, kind);
      const made = await makeDevice(admin, tenantId);
      assert.deepEqual([made.kind, made.tenantId, made.state], ['managed', tenantId, 'needed']);
      assert.match(made.pap, /^\d{6}$/);
      assert.equal(await findToken(admin.context.store.db, token), null, 'its tokens are gone');
      await expectProblem(admin.post('/devices', { mac: MAC, vendor: 'yealink', tenantId }), 409);
      await admin.delete(PATH);
    }
  },
);

onAdminApp('an unclaimed device of a tenant is not replaced by creating it', async (admin) => {
  const tenantId = await makeTenant(admin);
  await makeDevice(admin, tenantId);
  await expectStatus(admin.post(`${PATH}/reset-to-autoprov`), 200);
  await expectProblem(admin.post('/devices', { mac: MAC, vendor: 'yealink', tenantId }), 409);
});

onAdminApp(
  'reset to autoprov takes lines, PAP and tokens away, and leaves tenant and site',
  async (admin) => {
    const tenantId = await makeTenant(admin);
    const site = await expectStatus(admin.post(`/tenants/${tenantId}/sites`, { name: 'Berlin' }), 201);
    const line = await makeLine(admin, tenantId);
    const wish = { siteId: site.id, lines: [line.id], label: 'hall' };
    const { pap, ...device } = await makeDevice(admin, tenantId, wish);
    await expectStatus(admin.post(`${PATH}/suspend-authentication`), 200);
    const reset = await expectStatus(admin.post(`${PATH}/reset-to-autoprov`), 200);
    assert.deepEqual(reset, {
      ...device,
      kind: 'unclaimed',
      lines: [],
      papValid: false,
      suspendedUntil: null,
      firstSyncUntil: null,
    });
    const [event] = await eventsOf(admin, 'type=device.reset_to_autoprov');
    assert.deepEqual([event.mac, event.tenantId], [MAC, tenantId]);
    await expectProblem(admin.post('/devices/80:5e:c0:00:00:99/reset-to-autoprov'), 404);

    // A line that an administrator gives it makes it a device like any other again.
    const managed = await expectStatus(admin.patch(PATH, { lines: [line.id] }), 200);
    assert.deepEqual([managed.kind, managed.state], ['managed', 'needed']);
    assert.equal(managed.papValid, true);
    const shown = await expectStatus(admin.get(`${PATH}?reveal=pap`), 200);
    assert.notEqual(shown.pap, pap, 'the old PAP is worth nothing');
  },
);

onAdminApp('a reset clears the counters of an unclaimed device, which still has no PAP', async (admin) => {
  const token = await arrive(admin);
  const reset = await expectStatus(admin.post(`${PATH}/reset-authentication`), 200);
  assert.deepEqual([reset.kind, reset.state, reset.pap], ['unclaimed', 'needed', null]);
  assert.equal((await findToken(admin.context.store.db, token))?.state, 'revoked');
});

onAdminApp('what would let a device in without a proof is refused for an unclaimed one', async (admin) => {
  await arrive(admin);
  for (const action of ['suspend-authentication', 'authorize-provisioning']) {
    const refused = await admin.post(`${PATH}/${action}`);
    assert.equal(refused.status, 409, action);
    assert.match(refused.body.detail, /Nobody has claimed this device/);
  }
  assert.equal((await expectStatus(admin.get(PATH), 200)).suspendedUntil, null);
});

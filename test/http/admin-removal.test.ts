import assert from 'node:assert/strict';
import { sql } from 'kysely';
import {
  ADMIN_KEY,
  type Admin,
  type Answer,
  type Json,
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

const NONE = { devices: 0, sites: 0, lines: 0, networks: 0 };

async function dependentsOf(answer: Promise<Answer>): Promise<Json> {
  const { status, body } = await answer;
  assert.equal(status, 409, JSON.stringify(body));
  return body.dependents;
}

const makeSite = (admin: Admin, tenantId: string, fields = {}): Promise<Json> =>
  expectStatus(admin.post(`/tenants/${tenantId}/sites`, { name: 'Berlin', ...fields }), 201);

onAdminApp('what is in use is deleted only by who knows how much depends on it', async (admin) => {
  const tenantId = await makeTenant(admin);
  const tenant = `/tenants/${tenantId}`;
  const site = await makeSite(admin, tenantId, { emergencyRoute: 'sip:gateway.example' });
  const line = await makeLine(admin, tenantId);
  const other = await makeLine(admin, tenantId, { sipUser: '102' });
  await expectStatus(admin.post(`${tenant}/networks`, { cidr: '192.0.2.0/24' }), 201);
  await makeDevice(admin, tenantId, { siteId: site.id, lines: [line.id, other.id] });
  await makeDevice(admin, tenantId, { mac: '80:5e:c0:00:00:01', siteId: site.id, lines: [line.id] });
  await makeDevice(admin, tenantId, { mac: '80:5e:c0:00:00:02' });

  const uses = [
    [`${tenant}/lines/${line.id}`, { ...NONE, devices: 2 }, 2],
    [`${tenant}/sites/${site.id}`, { ...NONE, devices: 2 }, 2],
    [tenant, { devices: 3, sites: 1, lines: 2, networks: 1 }, 7],
  ] as const;
  const before = (await eventsOf(admin, 'limit=500')).length;
  for (const [path, dependents, total] of uses) {
    assert.deepEqual(await dependentsOf(admin.delete(path)), { total, ...dependents }, path);
    for (const expect of [total - 1, total + 1, 0]) {
      const answer = admin.delete(`${path}?cascade=true&expect=${expect}`);
      assert.equal((await dependentsOf(answer)).total, total);
    }
    for (const [query, pointer] of [
      ['cascade=true', 'expect'],
      ['cascade=yes&expect=1', 'cascade'],
      ['cascade=true&expect=x', 'expect'],
      ['cascade=true&expect=-1', 'expect'],
      [`expect=${total}`, 'cascade'],
      ['force=true', 'force'],
    ] as const)
      assert.deepEqual(await expectProblem(admin.delete(`${path}?${query}`), 422), [pointer], query);
    await expectStatus(admin.get(path), 200);
  }
  assert.equal((await eventsOf(admin, 'limit=500')).length, before, 'what was refused wrote nothing');

  await expectStatus(admin.delete(`${tenant}/lines/${line.id}?cascade=true&expect=2`), 204);
  await expectStatus(admin.delete(`${tenant}/sites/${site.id}?cascade=true&expect=2`), 204);
  const device = await expectStatus(admin.get(`/devices/${MAC}`), 200);
  assert.deepEqual([device.siteId, lineIds(device)], [null, [other.id]]);
  const deleted = await eventsOf(admin, 'type=site.deleted&type=line.deleted');
  assert.deepEqual(
    deleted.map(({ data }) => [data.devices, data.hadEmergencyRoute]),
    [
      [2, undefined],
      [2, true],
    ],
  );
  await expectStatus(admin.delete(`${tenant}?cascade=true&expect=5`), 204);
  assert.deepEqual((await expectStatus(admin.get('/devices'), 200)).items, []);
});

onAdminApp('what nothing depends on is deleted without more ado', async (admin) => {
  const tenantId = await makeTenant(admin);
  const tenant = `/tenants/${tenantId}`;
  const site = await makeSite(admin, tenantId);
  const line = await makeLine(admin, tenantId);
  await expectStatus(admin.delete(`${tenant}/sites/${site.id}`), 204);
  await expectStatus(admin.delete(`${tenant}/lines/${line.id}?cascade=true&expect=0`), 204);
  await expectStatus(admin.delete(`${tenant}?cascade=false`), 204);
});

onAdminApp('a device that comes meanwhile is not deleted unseen', async (admin) => {
  for (let round = 0; round < 6; round += 1) {
    const tenantId = await makeTenant(admin);
    await makeDevice(admin, tenantId);
    const [removed, made] = await Promise.all([
      admin.delete(`/tenants/${tenantId}?cascade=true&expect=1`),
      admin.post('/devices', { mac: '80:5e:c0:00:00:01', vendor: 'yealink', tenantId }),
    ]);
    const statuses = statusesOf([removed, made]).join();
    assert.ok(['201,409', '204,422'].includes(statuses), statuses);
    if (removed.status === 409)
      await expectStatus(admin.delete(`/tenants/${tenantId}?cascade=true&expect=2`), 204);
  }
});

onAdminApp(
  'a tenant with 8,201 devices is deleted once its size is known, each device with its event',
  async (admin) => {
    const { db } = admin.context.store;
    const tenantId = await makeTenant(admin);
    await makeDevice(admin, tenantId);
    await sql`
    insert into devices (id, mac, kind, vendor, tenant_id, settings, state, wrong_in_row, lockouts, next_pap_serial, key_version, created_at)
    select gen_random_uuid(), '02:00:00:00:' || substr(lpad(to_hex(n), 4, '0'), 1, 2) || ':' || substr(lpad(to_hex(n), 4, '0'), 3, 2),
      'managed', 'yealink', ${tenantId}, '{}', 'needed', 0, 0, 1, 1, now()
    from generate_series(1, 8200) n`.execute(db);
    const { total, devices } = await dependentsOf(admin.delete(`/tenants/${tenantId}`));
    assert.deepEqual([total, devices], [8201, 8201]);
    const answer = await fetch(`${admin.url}/api/v1/tenants/${tenantId}?cascade=true&expect=${total}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    assert.equal(answer.status, 204);
    const { count } = await db
      .selectFrom('events')
      .select(sql<number>`count(distinct mac)::integer`.as('count'))
      .where('type', '=', 'device.deleted')
      .executeTakeFirstOrThrow();
    assert.equal(count, 8201);
  },
);

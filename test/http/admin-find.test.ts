/** Finding devices: each filter, each order, pages and numbers, and how far a phone has come. */
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { expectProblem, expectStatus, makeDevice, makeLine, makeTenant, onAdminApp } from './admin-server.js';

const macOf = (n: number) => `80:5e:c0:00:00:${n.toString(16).padStart(2, '0')}`;

onAdminApp('devices are found by each filter, in each order, and counted', async (admin) => {
  const { store } = admin.context;
  const tenantId = await makeTenant(admin);
  const other = await makeTenant(admin, { name: 'Other' });
  const site = await expectStatus(admin.post(`/tenants/${tenantId}/sites`, { name: 'Köln 100%' }), 201);
  const line = await makeLine(admin, tenantId, { label: 'Anna_1', sipUser: 'k201' });
  await makeDevice(admin, tenantId, { mac: macOf(1), label: 'Zeta', siteId: site.id, lines: [line.id] });
  await makeDevice(admin, tenantId, { mac: macOf(2), label: 'Alpha', model: 'T46U' });
  await makeDevice(admin, other, { mac: macOf(3) });
  const seen = new Date('2026-11-22T11:00:00Z');
  await store.db
    .updateTable('devices')
    .set({ lastSeenAt: seen })
    .where('mac', '=', macOf(2) as never)
    .execute();

  const found = async (query: string) => {
    const { items, total } = await expectStatus(admin.get(`/devices?${query}`), 200);
    assert.equal(total, items.length, query);
    return items.map(({ mac }: { mac: string }) => Number.parseInt(mac.slice(-2), 16));
  };
  const cases: [query: string, expected: number[]][] = [
    ['q=805EC0000001', [1]],
    ['q=00-00-01', [1]],
    ['q=zeta', [1]],
    ['q=t46', [2]],
    ['q=anna_1', [1]],
    ['q=anna%251', []],
    ['q=k201', [1]],
    ['q=k%C3%B6ln', [1]],
    ['q=100%25', [1]],
    ['q=_', [1]],
    ['label=Alpha', [2]],
    ['sipUser=k201', [1]],
    ['sipUser=k20', []],
    [`tenantId=${other}`, [3]],
    ['waiting=true', [2]],
    ['waiting=false', [1, 3]],
    ['registered=true', []],
    ['attention=true', []],
    ['seenSince=2026-11-22T11:00:00Z', [2]],
    ['seenBefore=2026-11-22T11:00:00Z', []],
    ['displayText=Authentication%20needed', [1, 2, 3]],
    ['displayText=Authentication%20blocked', []],
    ['stuck=false', [1, 2, 3]],
    ['sort=label', [2, 1, 3]],
    ['sort=-label', [1, 2, 3]],
    ['sort=-mac', [3, 2, 1]],
  ];
  for (const [query, expected] of cases) {
    const numbers = await found(query);
    assert.deepEqual(query.startsWith('sort=') ? numbers : numbers.toSorted(), expected, query);
  }

  // Those that were never seen stand behind it, whichever way.
  for (const order of ['lastSeenAt', '-lastSeenAt'])
    assert.equal((await found(`sort=${order}`))[0], 2, order);
  const counts = await expectStatus(admin.get(`/devices/counts?tenantId=${tenantId}`), 200);
  assert.deepEqual(counts, {
    all: 2,
    attention: 0,
    waiting: 1,
    stuck: 0,
    registered: 0,
    needed: 2,
    failed: 0,
    blocked: 0,
    successful: 0,
    unauthorized: 0,
  });
  await expectProblem(admin.get('/devices/counts?sort=mac'), 422);

  for (const query of [
    'waiting=yes',
    'sort=foo',
    'sort=',
    'seenSince=yesterday',
    'displayText=Hello',
    'x=1',
    'q=',
  ])
    await expectProblem(admin.get(`/devices?${query}`), 422);
  for (const order of [
    'mac',
    '-mac',
    'label',
    '-label',
    'state',
    'createdAt',
    '-createdAt',
    'lastSeenAt',
    '-lastSeenAt',
  ]) {
    const macs: string[] = [];
    let cursor: string | null = '';
    do {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await expectStatus(admin.get(`/devices?limit=1&sort=${order}${after}`), 200);
      macs.push(...page.items.map(({ mac }: { mac: string }) => mac));
      ({ cursor } = page);
      assert.equal(page.total, 3);
    } while (cursor !== null && macs.length < 9);
    assert.deepEqual(macs.toSorted(), [1, 2, 3].map(macOf), order);
  }
  const { cursor } = await expectStatus(admin.get('/devices?limit=1&sort=mac'), 200);
  await expectProblem(admin.get(`/devices?sort=label&cursor=${cursor}`), 422);
  const { devices } = await expectStatus(admin.get(`/tenants/${tenantId}/lines/${line.id}`), 200);
  assert.deepEqual(devices, [macOf(1)]);
});

onAdminApp('the list and a device say the same of where a phone is stuck', async (admin) => {
  const { store } = admin.context;
  const tenantId = await makeTenant(admin);
  await makeDevice(admin, tenantId, { mac: macOf(1) });
  const device = async () => expectStatus(admin.get(`/devices/${macOf(1)}`), 200);
  const isListed = async () => (await expectStatus(admin.get('/devices?stuck=true'), 200)).total === 1;
  assert.equal((await device()).stuck, null);
  assert.equal(await isListed(), false);
  admin.turnClock(new Date('2026-11-22T12:02:01Z'));
  assert.equal((await device()).stuck.stage, 'created');
  assert.equal(await isListed(), true);
  await sql`update devices set minimal_at = ${new Date('2026-11-22T12:02:00Z')}`.execute(store.db);
  assert.equal((await device()).stuck, null);
  assert.equal(await isListed(), false);
  await expectStatus(admin.post(`/devices/${macOf(1)}/reset-authentication`), 200);
  const { progress } = await device();
  assert.deepEqual([progress.createdAt, progress.minimalAt], ['2026-11-22T12:02:01.000Z', null]);
});

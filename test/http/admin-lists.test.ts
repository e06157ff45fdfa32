import assert from 'node:assert/strict';
import { addSeconds } from '../../src/domain/time.js';
import {
  type Admin,
  type Json,
  NOW,
  eventsOf,
  expectProblem,
  expectStatus,
  makeDevice,
  makeLine,
  makeTenant,
  onAdminApp,
} from './admin-server.js';

/** Reads a list to its end, page by page. */
async function readAll(admin: Admin, path: string, between?: () => Promise<unknown>): Promise<Json[][]> {
  const pages: Json[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    assert.ok(pages.length < 50, 'the list does not end');
    const next: Json = await expectStatus(admin.get(`${path}${cursor && `&cursor=${cursor}`}`), 200);
    pages.push(next.items);
    cursor = next.cursor;
    await between?.();
  }
  return pages;
}

const macs = (devices: Json[]): string[] => devices.map(({ mac }) => mac);

onAdminApp('a list is read page by page, each item once, whatever is made meanwhile', async (admin) => {
  const tenantId = await makeTenant(admin);
  const made: string[] = [];
  const make = async (): Promise<void> => {
    const mac = `80:5e:c0:00:00:${made.length.toString(16).padStart(2, '0')}`;
    // Pairs are made in one millisecond: then the id decides.
    admin.turnClock(addSeconds(NOW, Math.floor(made.length / 2)));
    made.push((await makeDevice(admin, tenantId, { mac })).mac);
  };
  while (made.length < 7) await make();

  const exact = await readAll(admin, '/devices?limit=7');
  assert.deepEqual(
    exact.map(({ length }) => length),
    [7],
  );
  const pages = await readAll(admin, '/devices?limit=2');
  assert.deepEqual(
    pages.map(({ length }) => length),
    [2, 2, 2, 1],
  );
  assert.deepEqual(macs(pages.flat()), macs(exact.flat()));
  assert.deepEqual(macs(pages.flat()).toSorted(), made);

  let more = 2;
  const meanwhile = await readAll(admin, '/devices?limit=3', async () => {
    if (more-- > 0) await make();
  });
  assert.deepEqual(macs(meanwhile.flat()).toSorted(), made);
  const { cursor } = await expectStatus(admin.get('/devices?limit=4'), 200);
  await expectStatus(admin.ask('DELETE', `/devices/${made[3]}`), 204);
  const rest = await expectStatus(admin.get(`/devices?limit=4&cursor=${cursor}`), 200);
  assert.deepEqual(macs(rest.items).toSorted(), made.slice(4, 8));
});

onAdminApp('tenants, sites and lines are lists of the same kind', async (admin) => {
  const tenantId = await makeTenant(admin);
  for (let index = 1; index < 5; index += 1) await makeTenant(admin, { name: `Tenant ${index}` });
  for (let index = 0; index < 5; index += 1) {
    await makeLine(admin, tenantId);
    await expectStatus(admin.post(`/tenants/${tenantId}/sites`, { name: `Site ${index}` }), 201);
  }
  for (const path of ['/tenants', `/tenants/${tenantId}/sites`, `/tenants/${tenantId}/lines`]) {
    const pages = await readAll(admin, `${path}?limit=2`);
    assert.deepEqual(
      pages.map(({ length }) => length),
      [2, 2, 1],
      path,
    );
    assert.equal(new Set(pages.flat().map(({ id }) => id)).size, 5);
    for (const limit of ['0', '-1', '501', '1.5', 'all', '', '1&limit=2']) {
      const pointers = await expectProblem(admin.get(`${path}?limit=${limit}`), 422);
      assert.deepEqual(pointers, ['limit'], limit);
    }
    await expectStatus(admin.get(`${path}?limit=500`), 200);
    const forged = Buffer.from('99999999999999999999/x').toString('base64url');
    for (const cursor of ['', 'x', forged, `${forged}%00`, 'a'.repeat(300)]) {
      const pointers = await expectProblem(admin.get(`${path}?cursor=${cursor}`), 422);
      assert.deepEqual(pointers, ['cursor'], cursor);
    }
    assert.deepEqual(await expectProblem(admin.get(`${path}?page=2`), 422), ['page']);
  }
});

onAdminApp('devices are found by tenant, site, vendor, and by part of label, model or MAC', async (admin) => {
  const [first, second] = [await makeTenant(admin), await makeTenant(admin)];
  const { id: siteId } = await expectStatus(admin.post(`/tenants/${first}/sites`, { name: 'A' }), 201);
  const a = { mac: '80:5e:c0:aa:bb:01', label: 'Empfang 100%', model: 'T46U', siteId };
  const b = { mac: '80:5e:c0:aa:bb:02', label: 'Büro_2', vendor: 'snom', model: 'D785' };
  const c = { mac: '00:04:13:aa:bb:03', label: null, vendor: 'snom' };
  await makeDevice(admin, first, a);
  await makeDevice(admin, first, b);
  await makeDevice(admin, second, c);

  const found = async (query: string): Promise<string[]> =>
    macs((await expectStatus(admin.get(`/devices?${query}`), 200)).items).toSorted();
  const search = (q: string): Promise<string[]> => found(`q=${encodeURIComponent(q)}`);
  assert.deepEqual(await found(`tenantId=${first}`), [a.mac, b.mac]);
  assert.deepEqual(await found(`tenantId=${second}&vendor=yealink`), []);
  assert.deepEqual(await found(`siteId=${siteId}`), [a.mac]);
  assert.deepEqual(await found('vendor=snom'), [c.mac, b.mac]);
  assert.deepEqual(await found('state=needed&vendor=yealink'), [a.mac]);
  assert.deepEqual(await search('empfang'), [a.mac]);
  assert.deepEqual(await search('büro'), [b.mac]);
  assert.deepEqual(await search('d78'), [b.mac]);
  assert.deepEqual(await search('%'), [a.mac]);
  assert.deepEqual(await search('_'), [b.mac]);
  assert.deepEqual(await search(String.raw`\ `), []);
  for (const part of [
    'AA:BB:03',
    'aabb03',
    '0413-AABB',
    '13aa.bb03',
    '00:04:13:aa:bb:03',
    ' 000413AABB03 ',
  ]) {
    assert.deepEqual(await search(part), [c.mac], part);
  }
  assert.deepEqual(await search('805ec0'), [a.mac, b.mac]);
  for (const query of ['tenantId=1', 'siteId=x', 'state=open', 'vendor=nokia', 'q=', 'q=%00', 'Tenantid=x']) {
    assert.deepEqual(await expectProblem(admin.get(`/devices?${query}`), 422), [query.split('=')[0]]);
  }
});

onAdminApp('events are filtered, and read on from the last one seen', async (admin) => {
  const [first, second] = [await makeTenant(admin), await makeTenant(admin)];
  const [a, b] = ['80:5e:c0:00:00:01', '80:5e:c0:00:00:02'];
  const tenants = await eventsOf(admin);
  await makeDevice(admin, first, { mac: a });
  admin.turnClock(addSeconds(NOW, 60));
  await makeDevice(admin, second, { mac: b });
  await expectStatus(admin.patch(`/devices/${b}`, { label: 'x' }), 200);

  assert.deepEqual(
    tenants.map(({ type, tenantId }) => `${type} ${tenantId}`),
    [`tenant.created ${first}`, `tenant.created ${second}`],
  );
  const all = await eventsOf(admin, `cursor=${tenants.at(-1).position}`);
  assert.deepEqual(
    all.map(({ type, mac }) => `${type} ${mac}`),
    [
      `device.created ${a}`,
      `pap.revealed ${a}`,
      `device.created ${b}`,
      `pap.revealed ${b}`,
      `device.updated ${b}`,
    ],
  );
  assert.deepEqual(all[0], {
    position: 3,
    id: all[0].id,
    at: '2026-11-22T12:00:00.000Z',
    type: 'device.created',
    tenantId: first,
    mac: a,
    actor: 'ADMIN_KEY',
    address: '127.0.0.1',
    data: { vendor: 'yealink', model: null },
  });
  assert.deepEqual(await eventsOf(admin, 'mac=805EC0000001'), all.slice(0, 2));
  assert.deepEqual(await eventsOf(admin, `tenantId=${second}`), [tenants[1], ...all.slice(2)]);
  assert.deepEqual(await eventsOf(admin, `type=device.created&tenantId=${second}`), [all[2]]);
  assert.deepEqual(await eventsOf(admin, 'since=2026-11-22T12:00:00.001Z'), all.slice(2));
  assert.deepEqual(
    await eventsOf(admin, `since=${encodeURIComponent('2026-11-22T13:01:00+01:00')}`),
    all.slice(2),
  );
  const whole = [...tenants, ...all];
  assert.deepEqual(await readAll(admin, '/events?limit=5'), [whole.slice(0, 5), whole.slice(5), []]);

  const last = all.at(-1).position;
  assert.deepEqual(await eventsOf(admin, `cursor=${last}`), []);
  await expectStatus(admin.ask('DELETE', `/devices/${a}`), 204);
  const news = await eventsOf(admin, `cursor=${last}`);
  assert.deepEqual(
    news.map(({ type }) => type),
    ['device.deleted'],
  );
  for (const query of [
    'mac=x',
    'tenantId=x',
    'type=x',
    'type=x&type=device.created',
    'since=yesterday',
    'until=2026',
    'order=down',
    'actor=',
    'cursor=x',
    'cursor=1e3',
    'after=1',
  ]) {
    assert.deepEqual(await expectProblem(admin.get(`/events?${query}`), 422), [query.split('=')[0]]);
  }
});

onAdminApp('events are listed since any time that ISO 8601 can say', async (app) => {
  for (const since of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00%2B23:00']) {
    assert.equal((await app.get(`/events?since=${since}`)).status, 200, since);
  }
});

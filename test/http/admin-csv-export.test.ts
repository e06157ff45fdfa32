import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import { parseMac } from '../../src/domain/mac.js';
import { addSeconds } from '../../src/domain/time.js';
import { findDeviceByMac, insertDevice } from '../../src/store/devices.js';
import { until } from '../support/wait-for.js';
import {
  ADMIN_KEY,
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
import { exportRows, fileOfDevices, getCsv, importCsv } from './csv-files.js';

async function count(admin: Admin, type: 'pap.revealed'): Promise<number> {
  const { db } = admin.context.store;
  const { n } = await db
    .selectFrom('events')
    .select((event) => event.fn.countAll().as('n'))
    .where('type', '=', type)
    .executeTakeFirstOrThrow();
  return Number(n);
}

onAdminApp(
  'leaflet: "This file contains the vendor, type, MAC address, creation date, site as well as the authentication state."',
  async (admin) => {
    const tenantId = await makeTenant(admin);
    const { id: siteId } = await expectStatus(
      admin.post(`/tenants/${tenantId}/sites`, { name: 'Köln; "Süd"' }),
      201,
    );
    const lines = [await makeLine(admin, tenantId, { label: '102' }), await makeLine(admin, tenantId)];
    const fields = { model: 'T46U', siteId, label: 'Desk, 1', lines: lines.map(({ id }) => id) };
    const { pap } = await makeDevice(admin, tenantId, fields);

    const { status, headers, text } = await getCsv(admin);
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.match(headers.get('content-disposition') ?? '', /^attachment; filename="?devices\.csv"?$/);
    assert.equal(
      text,
      'vendor,model,mac,createdAt,site,state,pap,label,lines,tenantId,serialNumber\r\n' +
        `yealink,T46U,${MAC},${NOW.toISOString()},"Köln; ""Süd""",needed,${pap},"Desk, 1","102, 101",${tenantId},\r\n`,
    );
  },
);

onAdminApp(
  'leaflet: "In case the device is not yet successfully authenticated, the file also contains the PAP for that device."',
  async (admin) => {
    const tenantId = await makeTenant(admin, { policy: { papLifetimeSeconds: 600 } });
    const { pap } = await makeDevice(admin, tenantId);
    assert.deepEqual(
      (await exportRows(admin)).map((row) => row['pap']),
      [pap],
    );
    // One for the answer to POST, one for the export.
    assert.equal(await count(admin, 'pap.revealed'), 2);
    const [, revealed] = await eventsOf(admin, 'type=pap.revealed');
    assert.equal(revealed.mac, MAC);
    assert.notEqual(revealed.actor, 'system');

    await admin.context.store.db
      .updateTable('devices')
      .set({ state: 'successful', papSerial: null })
      .execute();
    const [successful] = await exportRows(admin);
    assert.equal(successful?.['state'], 'successful');
    assert.equal(successful['pap'], '');
    assert.equal(await count(admin, 'pap.revealed'), 2);
  },
);

onAdminApp(
  'a PAP that is expired, or that a window policy does not ask for, is not exported',
  async (admin) => {
    const expiring = await makeTenant(admin, { policy: { papLifetimeSeconds: 600 } });
    const windowed = await makeTenant(admin, { policy: { secondFactor: 'window' } });
    await makeDevice(admin, expiring);
    await makeDevice(admin, windowed, { mac: '80:5e:c0:11:22:34' });
    admin.turnClock(addSeconds(NOW, 600));
    assert.deepEqual(
      (await exportRows(admin)).map((row) => [row['state'], row['pap']]),
      [
        ['needed', ''],
        ['needed', ''],
      ],
    );
  },
);

onAdminApp('a lock that has lapsed is over in the export, though nobody has looked yet', async (admin) => {
  await makeDevice(admin, await makeTenant(admin));
  const failedUntil = addSeconds(NOW, 60);
  await admin.context.store.db
    .updateTable('devices')
    .set({ state: 'failed', failedUntil: failedUntil })
    .execute();
  for (const [now, state] of [
    [new Date(failedUntil.getTime() - 1), 'failed'],
    [failedUntil, 'needed'],
  ] as const) {
    admin.turnClock(now);
    assert.equal((await exportRows(admin))[0]?.['state'], state);
    assert.equal((await exportRows(admin, 'state=needed')).length, state === 'needed' ? 1 : 0);
  }
});

onAdminApp(
  'leaflet: "A list of unauthenticated phones including the MAC address and the PAP of those phones can be exported as CSV file."',
  async (admin) => {
    const [ours, theirs] = [await makeTenant(admin), await makeTenant(admin)];
    await makeDevice(admin, ours);
    await makeDevice(admin, ours, { mac: '80:5e:c0:11:22:34' });
    await makeDevice(admin, theirs, { mac: '80:5e:c0:11:22:35' });
    await admin.context.store.db
      .updateTable('devices')
      .set({ state: 'successful', papSerial: null })
      .where('mac', '=', parseMac(MAC))
      .execute();
    const macs = async (query: string) =>
      new Set((await exportRows(admin, query)).map((row) => row['mac']?.slice(-2)));
    assert.deepEqual(await macs('state=needed'), new Set(['34', '35']));
    assert.deepEqual(await macs(`state=needed&tenantId=${ours}`), new Set(['34']));
    assert.deepEqual(await macs(`tenantId=${theirs}`), new Set(['35']));
    assert.deepEqual(await macs(`tenantId=${randomUUID()}`), new Set([]));
    assert.deepEqual(await expectProblem(admin.get('/devices.csv?tenant=x'), 422), ['tenant']);
  },
);

onAdminApp('an unclaimed phone is exported, one that is there to deceive is not', async (admin) => {
  await makeDevice(admin, await makeTenant(admin));
  const device = await findDeviceByMac(admin.context.store.db, parseMac(MAC)!);
  for (const [kind, mac] of [
    ['unclaimed', '80:5e:c0:00:00:01'],
    ['decoy', '80:5e:c0:00:00:02'],
  ] as const) {
    const other = { ...device!, id: randomUUID(), kind, mac: parseMac(mac)!, tenantId: null };
    assert.ok(await insertDevice(admin.context.store.db, other));
  }
  const rows = await exportRows(admin);
  assert.deepEqual(
    new Map(rows.map((row) => [row['mac'], row['tenantId'] === ''])),
    new Map([
      ['80:5e:c0:00:00:01', true],
      [MAC, false],
    ]),
  );
});

onAdminApp('whoever asks for the headers alone is shown no PAP', async (admin) => {
  await makeDevice(admin, await makeTenant(admin));
  const before = await count(admin, 'pap.revealed');
  const { status, headers, text } = await getCsv(admin, '', 'HEAD');
  assert.deepEqual([status, text], [200, '']);
  assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8');
  assert.equal(await count(admin, 'pap.revealed'), before);
});

onAdminApp('the export takes a key, and no other method than these', async (admin) => {
  assert.equal((await fetch(`${admin.url}/api/v1/devices.csv`)).status, 401);
  const answer = await admin.ask('DELETE', '/devices.csv');
  assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD, POST']);
});

onAdminApp(
  'thousands of devices are exported in order, each once, each PAP in the audit log',
  async (admin) => {
    const tenantId = await makeTenant(admin);
    assert.equal((await importCsv(admin, `tenantId=${tenantId}`, fileOfDevices(2_600))).count, 2_600);
    const rows = await exportRows(admin);
    assert.equal(new Set(rows.map((row) => row['mac'])).size, 2_600);
    for (const row of rows) assert.match(row['pap'] ?? '', /^\d{6}$/);
    assert.equal(await count(admin, 'pap.revealed'), 2_600);
  },
);

onAdminApp('a reader who goes away ends the export', async (admin) => {
  const tenantId = await makeTenant(admin);
  await importCsv(admin, `tenantId=${tenantId}`, fileOfDevices(10_000));
  const request = get(`${admin.url}/api/v1/devices.csv`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  const [response] = await once(request, 'response');
  await once(response, 'data');
  request.destroy();
  const ended = /"method":"GET","path":"\/api\/v1\/devices\.csv","status":null/;
  await until(() => ended.test(admin.logged()), { what: 'the end of the export' });
  // A page may have been on its way; that is all.
  const revealed = await count(admin, 'pap.revealed');
  assert.ok(revealed < 10_000, `${revealed} PAPs were revealed`);
  assert.doesNotMatch(admin.logged(), /cut off/);
});

onAdminApp('an export begins with a byte order mark where that is asked for', async (admin) => {
  await makeDevice(admin, await makeTenant(admin));
  const [plain, marked] = [await getCsv(admin), await getCsv(admin, 'bom=true')];
  assert.equal(marked.text, `\ufeff${plain.text}`);
  const again = await importCsv(admin, 'update=true', marked.text);
  assert.deepEqual([again.updated, again.errors], [[], []]);
  assert.equal((await getCsv(admin, 'bom=perhaps')).status, 422);
});

import assert from 'node:assert/strict';
import { readDeviceFile } from '../../src/admin/csv/device-lines.js';
import { addSeconds } from '../../src/domain/time.js';
import type { ServiceContext } from '../../src/services/context.js';
import { runningJobs } from '../../src/services/jobs/job-runner.js';
import {
  ADMIN_KEY,
  type Admin,
  type Json,
  MAC,
  NOW,
  eventsOf,
  expectStatus,
  makeDevice,
  makeTenant,
  onAdminApp,
} from './admin-server.js';
import { fileOfDevices } from './csv-files.js';

/** A process that has just started. */
const runner = (context: ServiceContext) =>
  runningJobs(context, readDeviceFile, new AbortController().signal);

async function workOff(context: ServiceContext): Promise<void> {
  const { look } = runner(context);
  while (await look());
}

async function orderImport(admin: Admin, query: string, body: string): Promise<string> {
  const answer = await fetch(`${admin.url}/api/v1/devices.csv?${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ADMIN_KEY}`,
      'content-type': 'text/csv',
      prefer: 'wait=5, respond-async',
    },
    body,
  });
  assert.equal(answer.status, 202);
  assert.equal(answer.headers.get('preference-applied'), 'respond-async');
  const { jobId } = (await answer.json()) as Json;
  assert.equal(answer.headers.get('location'), `/api/v1/jobs/${jobId}`);
  return jobId;
}

const jobOf = (admin: Admin, id: string): Promise<Json> => expectStatus(admin.get(`/jobs/${id}`), 200);
const countsOf = ({ state, total, done, failed }: Json): unknown[] => [state, total, done, failed];
const devicesOf = async (admin: Admin): Promise<Json[]> =>
  (await expectStatus(admin.get('/devices?limit=500'), 200)).items;

const filesOf = async ({ context }: Admin) => context.store.db.selectFrom('jobFiles').selectAll().execute();

onAdminApp('an import as a job tells what came of each line, and keeps no password', async (admin) => {
  const tenantId = await makeTenant(admin);
  await makeDevice(admin, tenantId, { mac: '80:5e:c0:00:00:09', label: 'Old' });
  const rows = [
    'mac,vendor,label,sipUser,password,registrar',
    `${MAC},yealink,Hall,101,secret-1,pbx.example`,
    `${MAC},,,102,secret-2,pbx.example`,
    `${MAC},,,103,,pbx.example`,
    '80:5e:c0:00:00:09,,New,,,',
    '80:5e:c0:00:00:08,,,,,',
    'x,yealink,,,,',
  ].join('\n');
  for (const dryRun of [true, false]) {
    const query = `tenantId=${tenantId}&update=true&dryRun=${dryRun}`;
    const id = await orderImport(admin, query, rows);
    const [file] = await filesOf(admin);
    assert.doesNotMatch(Buffer.from(file?.sealed ?? '').toString('latin1'), /secret|805ec0|80:5e/);
    assert.deepEqual(countsOf(await jobOf(admin, id)), ['running', 6, 0, 0]);
    await workOff(admin.context);
    const job = await jobOf(admin, id);
    assert.deepEqual([job.action, ...countsOf(job)], ['import-devices', 'done', 6, 3, 3]);
    assert.deepEqual(job.results, [
      { mac: MAC, ok: true, line: 2, created: true },
      {
        mac: MAC,
        ok: false,
        line: 4,
        column: 'password',
        error: 'is required, for the tenant has no such line',
      },
      { mac: '80:5e:c0:00:00:09', ok: true, line: 5, changed: ['label'] },
      {
        mac: '80:5e:c0:00:00:08',
        ok: false,
        line: 6,
        column: 'vendor',
        error: 'is required, for there is no such device',
      },
      {
        mac: null,
        ok: false,
        line: 7,
        column: 'mac',
        error: 'must be the MAC address of one device, such as 80:5e:c0:11:22:33',
      },
    ]);
    assert.deepEqual(await filesOf(admin), [], 'the file is not kept');
    assert.equal((await devicesOf(admin)).length, dryRun ? 1 : 2);
  }
  const stored = await admin.context.store.db.selectFrom('jobItems').selectAll().execute();
  assert.doesNotMatch(JSON.stringify(stored), /secret/);
  const [created] = await eventsOf(admin, `type=device.created&mac=${MAC}`);
  assert.deepEqual([created.actor, created.address], ['ADMIN_KEY', '127.0.0.1']);
});

onAdminApp(
  'an import goes on where it was after a restart, beside others and until it is cancelled',
  async (admin) => {
    const tenantId = await makeTenant(admin);
    const { context } = admin;
    const id = await orderImport(admin, `tenantId=${tenantId}`, fileOfDevices(450));
    const first = runner(context);
    await first.look();
    await runner(context).look();
    await first.look();
    const under = await jobOf(admin, id);
    assert.deepEqual(countsOf(under), ['running', 450, 300, 0]);
    admin.turnClock(addSeconds(NOW, 1));
    const waiting = await orderImport(admin, `tenantId=${tenantId}`, fileOfDevices(3));
    await Promise.all([workOff(context), workOff(context)]);
    assert.deepEqual(countsOf(await jobOf(admin, id)), ['done', 450, 450, 0]);
    assert.deepEqual(countsOf(await jobOf(admin, waiting)), ['done', 3, 0, 3]);
    assert.equal((await devicesOf(admin)).length, 450);
    assert.equal(new Set((await jobOf(admin, id)).results.map(({ mac }: Json) => mac)).size, 450);
    assert.equal((await eventsOf(admin, 'type=device.created&limit=500')).length, 450);

    const other = await makeTenant(admin);
    const query = `tenantId=${other}&update=true`;
    const cancelled = await orderImport(admin, query, fileOfDevices(60));
    await runner(context).look();
    assert.equal((await admin.delete(`/jobs/${cancelled}`)).status, 204);
    await workOff(context);
    assert.deepEqual(countsOf(await jobOf(admin, cancelled)), ['cancelled', 60, 0, 25]);
    assert.deepEqual(await filesOf(admin), []);
  },
);

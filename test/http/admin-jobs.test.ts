import assert from 'node:assert/strict';
import { readDeviceFile } from '../../src/admin/csv/device-lines.js';
import { addSeconds } from '../../src/domain/time.js';
import { KEPT_SECONDS, forgottenJobs, runningJobs } from '../../src/services/jobs/job-runner.js';
import { DatabaseUnavailable } from '../../src/store/database-unavailable.js';
import { orderDeviceJob } from '../../src/services/jobs/order-job.js';
import type { Caller, ServiceContext } from '../../src/services/context.js';
import { findJob, listClosedItems } from '../../src/store/jobs.js';
import {
  ADMIN_KEY,
  type Admin,
  type Json,
  NOW,
  eventsOf,
  expectProblem,
  expectStatus,
  makeDevice,
  makeTenant,
  onAdminApp,
} from './admin-server.js';
import { fileOfDevices, importCsv } from './csv-files.js';

const UNKNOWN = '80:5e:c0:00:00:99';
const macOf = (index: number): string => `80:5e:c0:00:01:${index.toString(16).padStart(2, '0')}`;

async function makeDevices(admin: Admin, tenantId: string, count: number): Promise<string[]> {
  const macs = Array.from({ length: count }, (_, index) => macOf(index));
  for (const mac of macs) await makeDevice(admin, tenantId, { mac });
  return macs;
}

const order = (admin: Admin, body: object) => admin.post('/devices/actions', body);

/** What the process does until no job runs. */
async function workOff(context: ServiceContext): Promise<void> {
  const { look } = runningJobs(context, readDeviceFile, new AbortController().signal);
  while (await look());
}

/** The job that came of an order, once it is over. */
async function jobOf(admin: Admin, body: object): Promise<Json> {
  const { jobId } = await expectStatus(order(admin, body), 202);
  await workOff(admin.context);
  return expectStatus(admin.get(`/jobs/${jobId}`), 200);
}

const countsOf = ({ state, total, done, failed }: Json): unknown[] => [state, total, done, failed];

onAdminApp('each action is done to each device once, and a job says what came of it', async (admin) => {
  const tenantId = await makeTenant(admin);
  const site = await expectStatus(admin.post(`/tenants/${tenantId}/sites`, { name: 'Berlin' }), 201);
  const [first = '', second = ''] = await makeDevices(admin, tenantId, 2);
  const { pap } = await expectStatus(admin.get(`/devices/${first}?reveal=pap`), 200);
  const macs = [first, second.toUpperCase().replaceAll(':', '-'), UNKNOWN, first.replaceAll(':', '')];
  const results = [
    { mac: first, ok: true },
    { mac: second, ok: true },
    { mac: UNKNOWN, ok: false, error: 'There is no such device.' },
  ];
  const orders: [string, object, string, number][] = [
    ['reset-authentication', { expect: 3 }, 'authentication.reset', 2],
    ['suspend-authentication', { parameters: { seconds: 60 } }, 'authentication.suspended', 2],
    ['end-suspension', {}, 'authentication.resumed', 2],
    ['authorize-provisioning', { parameters: {} }, 'provisioning.authorized', 2],
    ['assign-site', { parameters: { siteId: site.id } }, 'device.updated', 2],
    ['set-settings', { parameters: { settings: { language: 'de', srtp: null } } }, 'device.updated', 4],
    ['delete', { expect: 3 }, 'device.deleted', 2],
  ];
  for (const [action, more, type, events] of orders) {
    const job = await jobOf(admin, { action, macs, ...more });
    assert.deepEqual([job.action, ...countsOf(job)], [action, 'done', 3, 2, 1]);
    assert.deepEqual(job.results, results, action);
    assert.doesNotMatch(JSON.stringify(job), /pap|"\d{6}"/);
    const written = await eventsOf(admin, `type=${type}`);
    assert.equal(written.length, events, action);
    assert.deepEqual([written[0].actor, written[0].address], ['ADMIN_KEY', '127.0.0.1']);
    if (action === 'delete') continue;
    const device = await expectStatus(admin.get(`/devices/${second}?reveal=pap`), 200);
    if (action === 'reset-authentication') assert.notEqual(device.pap, pap);
    if (action === 'suspend-authentication') assert.equal(device.suspendedUntil, '2026-11-22T12:01:00.000Z');
    if (action === 'assign-site') assert.equal(device.siteId, site.id);
    if (action === 'set-settings') assert.deepEqual(device.settings, { language: 'de' });
  }
  await expectProblem(admin.get(`/devices/${first}`), 404);
  const resynced = await jobOf(admin, { action: 'resync', macs: [UNKNOWN] });
  assert.deepEqual(countsOf(resynced), ['done', 1, 0, 1]);
  const { items, cursor } = await expectStatus(admin.get('/jobs?limit=3'), 200);
  assert.equal(items.length, 3);
  const rest = await expectStatus(admin.get(`/jobs?limit=500&cursor=${cursor}`), 200);
  assert.equal(new Set([...items, ...rest.items].map(({ id }: Json) => id)).size, orders.length + 1);
});

onAdminApp('what is refused of one device is told in the job, with the reason', async (admin) => {
  const [own, other] = [await makeTenant(admin), await makeTenant(admin)];
  const site = await expectStatus(admin.post(`/tenants/${other}/sites`, { name: 'Elsewhere' }), 201);
  const macs = await makeDevices(admin, own, 1);
  const job = await jobOf(admin, { action: 'assign-site', macs, parameters: { siteId: site.id } });
  assert.deepEqual(job.results, [
    { mac: macs[0], ok: false, error: 'The site is not one of the device’s tenant.' },
  ]);
  const raw = { raw: { yealink: { 'auto_provision.server.url': 'http://elsewhere.example' } } };
  const refused = await jobOf(admin, { action: 'set-settings', macs, parameters: { settings: raw } });
  assert.match(refused.results[0].error, /^\/settings\/raw\/yealink\/auto_provision.server.url /);
});

onAdminApp('an order is carried out only on as many devices as were expected', async (admin) => {
  const [tenantId, other] = [await makeTenant(admin), await makeTenant(admin)];
  const macs = await makeDevices(admin, tenantId, 3);
  await makeDevice(admin, other, { mac: UNKNOWN });
  for (const action of ['reset-authentication', 'delete']) {
    for (const expect of [0, 2, 4]) {
      const refused = await order(admin, { action, filter: { tenantId }, expect });
      assert.deepEqual([refused.status, refused.body.found], [409, 3]);
    }
    const refused = await order(admin, { action, macs: [...macs, macs[0]], expect: 4 });
    assert.deepEqual([refused.status, refused.body.found], [409, 3]);
    assert.deepEqual(await expectProblem(order(admin, { action, macs }), 422), ['/expect']);
    for (const expect of ['3', 3.5, -1, null])
      assert.deepEqual(await expectProblem(order(admin, { action, macs, expect }), 422), ['/expect']);
  }
  assert.equal(
    (await expectStatus(order(admin, { action: 'resync', macs, expect: 3 }), 202)).total,
    undefined,
  );
  assert.equal((await order(admin, { action: 'resync', macs, expect: 2 })).status, 409);
  assert.equal(
    (await expectStatus(admin.get('/jobs'), 200)).items.length,
    1,
    'a refused order leaves no job',
  );

  const { jobId } = await expectStatus(
    order(admin, { action: 'delete', filter: { tenantId, q: '01:0' }, expect: 3 }),
    202,
  );
  await makeDevice(admin, tenantId, { mac: macOf(9) });
  await workOff(admin.context);
  assert.deepEqual(countsOf(await expectStatus(admin.get(`/jobs/${jobId}`), 200)), ['done', 3, 3, 0]);
  const left = (await expectStatus(admin.get('/devices'), 200)).items;
  assert.deepEqual(left.map(({ mac }: Json) => mac).toSorted(), [UNKNOWN, macOf(9)], 'what came later stays');
  const none = await jobOf(admin, { action: 'delete', filter: { state: 'blocked' }, expect: 0 });
  assert.deepEqual(countsOf(none), ['done', 0, 0, 0]);
});

onAdminApp('an order that is not one is refused, and makes no job', async (admin) => {
  const macs = [UNKNOWN];
  for (const [body, pointers] of [
    [{ action: 'resync' }, ['/macs']],
    [{ action: 'resync', macs, filter: {} }, ['/macs']],
    [{ action: 'resync', macs: [] }, ['/macs']],
    [{ action: 'resync', macs: ['x'] }, ['/macs/0']],
    [{ action: 'resync', macs, parameters: { force: true } }, ['/parameters/force']],
    [{ action: 'resync', macs, reason: 'x' }, ['/reason']],
    [{ action: 'resync', filter: { colour: 'red' } }, ['/filter/colour']],
    [{ action: 'resync', filter: { state: 'happy' } }, ['/filter/state']],
    [{ action: 'suspend-authentication', macs, parameters: { seconds: 0 } }, ['/parameters/seconds']],
    [{ action: 'assign-site', macs }, ['/parameters']],
    [
      { action: 'set-settings', macs, parameters: { settings: { colour: 1 } } },
      ['/parameters/settings/colour'],
    ],
    [{ action: 'reveal', macs }, ['/action']],
    [{ macs }, ['/action']],
  ] as const)
    assert.deepEqual(await expectProblem(order(admin, body), 422), pointers, JSON.stringify(body));
  assert.deepEqual((await expectStatus(admin.get('/jobs'), 200)).items, []);
  await expectProblem(admin.get('/jobs/00000000-0000-4000-8000-000000000000'), 404);
  await expectProblem(admin.delete('/jobs/00000000-0000-4000-8000-000000000000'), 404);
  for (let count = 0; count < 10; count += 1)
    await expectStatus(order(admin, { action: 'resync', macs }), 202);
  await expectProblem(order(admin, { action: 'resync', macs }), 409);
});

onAdminApp('a cancelled job stops between two devices, and what it did is counted', async (admin) => {
  const tenantId = await makeTenant(admin);
  await importCsv(admin, `tenantId=${tenantId}`, fileOfDevices(50));
  const { jobId } = await expectStatus(order(admin, { action: 'delete', filter: {}, expect: 50 }), 202);
  await runningJobs(admin.context, readDeviceFile, new AbortController().signal).look();
  const under = await expectStatus(admin.get(`/jobs/${jobId}`), 200);
  assert.equal(under.state, 'running');
  assert.ok(under.done > 0 && under.done < 50);
  assert.equal(under.results.length, under.done);
  assert.equal((await admin.delete(`/jobs/${jobId}`)).status, 204);
  await workOff(admin.context);
  const over = await expectStatus(admin.get(`/jobs/${jobId}`), 200);
  assert.deepEqual(countsOf(over), ['cancelled', 50, under.done, 0]);
  assert.deepEqual(over.results, under.results);
  const left = (await expectStatus(admin.get('/devices?limit=500'), 200)).items;
  assert.equal(left.length, 50 - under.done);
  assert.equal((await admin.delete(`/jobs/${jobId}`)).status, 204, 'it stays as it is');
});

onAdminApp('several instances, one of which ends in the middle, do each device once', async (admin) => {
  const tenantId = await makeTenant(admin);
  await importCsv(admin, `tenantId=${tenantId}`, fileOfDevices(40));
  const { jobId } = await expectStatus(
    order(admin, { action: 'reset-authentication', filter: {}, expect: 40 }),
    202,
  );
  const { store } = admin.context;
  let ending = 0;
  /** Does everything in a transaction, and is gone before it is committed: each third time. */
  const crashing: ServiceContext = {
    ...admin.context,
    store: {
      ...store,
      transaction: (work) =>
        store.transaction(async (transaction) => {
          const done = await work(transaction);
          ending += 1;
          if (ending % 3 === 0) throw new DatabaseGone();
          return done;
        }),
    },
  };
  const workOn = async (context: ServiceContext): Promise<void> => {
    const { look } = runningJobs(context, readDeviceFile, new AbortController().signal);
    for (;;) {
      const isMore = await look().catch((error: unknown) => {
        if (!(error instanceof DatabaseGone)) throw error;
        return true;
      });
      const job = await findJob(store.db, jobId, 'all');
      if (!isMore && job?.state !== 'running') return;
    }
  };
  await Promise.all([workOn(crashing), workOn(admin.context), workOn(admin.context)]);
  assert.ok(ending > 2, 'some of it was undone');
  assert.deepEqual(countsOf(await expectStatus(admin.get(`/jobs/${jobId}`), 200)), ['done', 40, 40, 0]);
  const macs = (await eventsOf(admin, 'type=authentication.reset&limit=500')).map(({ mac }) => mac);
  assert.deepEqual([macs.length, new Set(macs).size], [40, 40]);
});

onAdminApp('a key for some tenants orders nothing of others, and sees none of their jobs', async (admin) => {
  const [own, other] = [await makeTenant(admin), await makeTenant(admin)];
  await makeDevice(admin, own, { mac: macOf(1) });
  await makeDevice(admin, other, { mac: macOf(2) });
  const { context } = admin;
  const caller = (...tenantIds: string[]): Caller => ({
    name: 'support',
    address: null,
    role: 'operator',
    scope: tenantIds,
    keyId: null,
  });
  const found = await orderDeviceJob(context, { action: 'delete' }, { filter: {} }, 2, caller(own));
  assert.deepEqual(found, { kind: 'unexpected', found: 1 }, 'others are not counted');
  const macs = [macOf(1), macOf(2), UNKNOWN] as never;
  const outcome = await orderDeviceJob(context, { action: 'delete' }, { macs }, 3, caller(own));
  assert.ok(outcome.kind === 'ordered');
  await workOff(context);
  const items = await listClosedItems(context.store.db, outcome.jobId);
  assert.deepEqual(
    items.map(({ ok, error }) => [ok, error]),
    [
      [true, null],
      [false, 'There is no such device.'],
      [false, 'There is no such device.'],
    ],
  );
  await expectStatus(admin.get(`/devices/${macOf(2)}`), 200);
  const sees = async (scope: Caller['scope']) =>
    (await findJob(context.store.db, outcome.jobId, scope)) !== null;
  assert.deepEqual(
    [await sees('all'), await sees([own]), await sees([other, own]), await sees([other])],
    [true, true, true, false],
  );
});

onAdminApp('a job is followed until it ends', async (admin) => {
  const macs = await makeDevices(admin, await makeTenant(admin), 2);
  const { jobId } = await expectStatus(order(admin, { action: 'resync', macs: [...macs, UNKNOWN] }), 202);
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, accept: 'text/event-stream' };
  const answer = await fetch(`${admin.url}/api/v1/jobs/${jobId}`, { headers });
  const [text] = await Promise.all([answer.text(), workOff(admin.context)]);
  const told = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''));
  assert.deepEqual(told.at(-1), await expectStatus(admin.get(`/jobs/${jobId}`), 200));
  assert.deepEqual(countsOf(told.at(-1)), ['done', 3, 2, 1]);
  for (const progress of told.slice(0, -1)) assert.equal(progress.state, 'running');
  const none = await fetch(`${admin.url}/api/v1/jobs/00000000-0000-4000-8000-000000000000`, { headers });
  assert.equal(none.status, 404);
});

onAdminApp('a job that is over is forgotten after some days, one that runs is not', async (admin) => {
  const over = await jobOf(admin, { action: 'resync', macs: [UNKNOWN] });
  const { jobId } = await expectStatus(order(admin, { action: 'resync', macs: [UNKNOWN] }), 202);
  admin.turnClock(addSeconds(NOW, KEPT_SECONDS - 1));
  await forgottenJobs(admin.context).look();
  await expectStatus(admin.get(`/jobs/${over.id}`), 200);
  admin.turnClock(addSeconds(NOW, KEPT_SECONDS + 1));
  await forgottenJobs(admin.context).look();
  await expectProblem(admin.get(`/jobs/${over.id}`), 404);
  await expectStatus(admin.get(`/jobs/${jobId}`), 200);
});

class DatabaseGone extends DatabaseUnavailable {
  constructor() {
    super(null);
  }
}

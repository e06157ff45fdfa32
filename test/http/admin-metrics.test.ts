/** What Prometheus is told: numbers, without labels that name a phone or an address. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metrics } from '../../src/admin/metrics/metrics.js';
import { AuditSealer } from '../../src/services/audit/audit-seal.js';
import { CountsReader } from '../../src/services/counts.js';
import { recordEvents } from '../../src/store/events.js';
import { openMemoryStore } from '../../src/store/pglite-store.js';
import { preparedDump } from '../support/prepared-database.js';
import { SILENT } from '../support/store.js';
import { type Admin, expectStatus, MAC, makeDevice, makeTenant, onAdminApp } from './admin-server.js';

/** The samples of a scrape by name and labels: `dialgate_devices{state="needed"}`. */
async function scrape(admin: Admin): Promise<Map<string, number>> {
  const answer = await fetch(`${admin.url}/metrics`);
  assert.equal(answer.status, 200, 'it needs no key');
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, name = '', value] = /^(\S+(?:\{.*\})?) (\S+)$/.exec(line) ?? assert.fail(line);
      return [name, Number(value)];
    }),
  );
}

onAdminApp('what there is and what has happened is counted, each event once', async (admin) => {
  const before = await scrape(admin);
  assert.equal(before.get('dialgate_devices{state="needed"}'), 0);
  assert.equal(
    before.get('dialgate_attempts_total{asked="pap",verdict="wrong"}'),
    0,
    'there before it happens',
  );
  assert.equal(before.get('dialgate_database_up'), 1);
  assert.ok(before.has('process_cpu_seconds_total'));

  const tenantId = await makeTenant(admin);
  await makeDevice(admin, tenantId);
  await expectStatus(admin.post(`/devices/${MAC}/suspend-authentication`), 200);
  const wrong = { at: admin.context.clock.now(), tenantId, mac: MAC, actor: 'phone', address: '192.0.2.9' };
  await recordEvents(admin.context.store.db, [
    { ...wrong, type: 'pap.wrong', data: { attemptsLeft: 2 } },
    { ...wrong, type: 'pap.wrong', data: { attemptsLeft: 1 } },
    { ...wrong, type: 'config.full', data: { reason: 'token' } },
    { ...wrong, type: 'budget.spent', data: { budget: 'source', limit: 30 } },
  ]);
  assert.ok((await scrape(admin)).get('dialgate_audit_unsealed_events')! > 0);
  await new AuditSealer(admin.context).finish();
  admin.metrics.observeFetch({ served: 'full', status: 304, seconds: 0.004 });

  await scrape(admin);
  const after = await scrape(admin);
  const expected = {
    'dialgate_devices{state="needed"}': 1,
    'dialgate_devices{state="successful"}': 0,
    dialgate_devices_attention: 0,
    dialgate_resyncs_open: 1,
    dialgate_audit_unsealed_events: 0,
    'dialgate_attempts_total{asked="pap",verdict="wrong"}': 2,
    'dialgate_configurations_total{kind="full",reason="token"}': 1,
    'dialgate_budgets_spent_total{budget="source"}': 1,
    'dialgate_fetch_seconds_count{served="full",status="304"}': 1,
    'dialgate_sip_applications{with="media_server"}': 0,
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(after.get(name), value, name);

  await admin.context.store.db.updateTable('devices').set({ state: 'successful' }).execute();
  assert.equal((await scrape(admin)).get('dialgate_devices_attention'), 1, 'its phone has no line');
});

onAdminApp('nobody is named, and there are no more series than at the beginning', async (admin) => {
  const before = await scrape(admin);
  const tenantId = await makeTenant(admin, { name: 'Conspicuous Ltd' });
  const { pap } = await makeDevice(admin, tenantId);
  await new AuditSealer(admin.context).finish();
  const after = await scrape(admin);
  const ours = (names: Iterable<string>) =>
    [...names].filter((name) => name.startsWith('dialgate_')).toSorted();
  assert.deepEqual(ours(after.keys()), ours(before.keys()));
  const text = [...after.keys()].join('\n');
  for (const secret of [MAC, tenantId, 'Conspicuous', pap]) assert.ok(!text.includes(secret), secret);
});

test('a database that does not answer is told, and the process’s own counts all the same', async () => {
  const store = await openMemoryStore(await preparedDump());
  const clock = { now: () => new Date('2026-11-22T12:00:00.000Z') };
  const metrics = new Metrics(await CountsReader.start({ store, clock }), SILENT);
  const before = await metrics.read();
  assert.match(before, /^dialgate_database_up 1$/m);
  assert.match(before, /^dialgate_registrations 0$/m);
  await store.close();
  const text = await metrics.read();
  assert.match(text, /^dialgate_database_up 0$/m);
  assert.match(text, /^process_cpu_seconds_total /m);
  assert.doesNotMatch(text, /^dialgate_registrations |^dialgate_devices\{/m, 'nobody knows');
});

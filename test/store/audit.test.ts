import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { headText } from '../../src/domain/audit.js';
import { makeMasterKey, openMasterKey } from '../../src/domain/secrets.js';
import { AuditSealer } from '../../src/services/audit/audit-seal.js';
import { verifyAudit } from '../../src/services/audit/audit-verification.js';
import { recordEvents } from '../../src/store/events.js';
import { openStore } from '../../src/store/open-store.js';
import { makeEvent, sealAll, writeEvents } from '../support/audit-events.js';
import { makeContext } from '../support/fixture.js';
import { SILENT, onBothDatabases, onPostgres } from '../support/store.js';
import { until } from '../support/wait-for.js';

onBothDatabases('events are sealed in portions, and what is sealed verifies', async ({ store }) => {
  const context = makeContext(store);
  const sealer = new AuditSealer(context);
  assert.equal(await sealer.look(), false, 'nothing to do');
  await writeEvents(store, 2300);
  assert.equal(await sealer.look(), true);
  assert.equal((await verifyAudit(store, context.masterKey)).unsealed, 1300);
  assert.equal(await sealer.look(), true);
  assert.equal(await sealer.look(), false);
  const report = await verifyAudit(store, context.masterKey);
  const { sealed, unsealed: left, fault, late, first, last } = report;
  assert.deepEqual({ sealed, left, fault, late }, { sealed: 2300, left: 0, fault: null, late: null });
  assert.deepEqual([first, last], [makeEvent(0).at, makeEvent(2299).at]);
});

onBothDatabases('a log without events verifies', async ({ store }) => {
  const report = await verifyAudit(store, makeContext(store).masterKey);
  assert.deepEqual([report.sealed, report.fault], [0, null]);
});

onBothDatabases(
  'the seals of both databases are those of another instance with the key',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    await writeEvents(store, 10);
    await sealAll(context);
    const other = await verifyAudit(await openAnother(), context.masterKey);
    assert.deepEqual([other.sealed, other.fault], [10, null]);
    const stranger = await verifyAudit(store, openMasterKey(makeMasterKey()));
    assert.deepEqual(stranger.fault, { kind: 'head-forged' });
  },
);

onBothDatabases('what was written with a time long past is counted', async ({ store }) => {
  const context = makeContext(store);
  await writeEvents(store, 3);
  const hour = 3_600_000;
  await recordEvents(store.db, [
    { ...makeEvent(3), at: new Date(makeEvent(2).at.getTime() - hour) },
    { ...makeEvent(4), at: new Date(makeEvent(2).at.getTime() - hour - 1) },
  ]);
  await sealAll(context);
  const report = await verifyAudit(store, context.masterKey);
  assert.deepEqual([report.fault, report.late], [null, { count: 1, firstPosition: 5 }]);
});

onPostgres(
  'an event whose transaction ends late comes after those that were sealed meanwhile',
  async (url, t) => {
    const store = await openStore({ databaseUrl: url, dataDir: null, log: SILENT });
    t.after(() => store.close());
    const context = makeContext(store);
    await store.transaction(async (slow) => {
      await recordEvents(slow, [makeEvent(1)]);
      await writeEvents(store, 3, 10);
      await sealAll(context);
    });
    await sealAll(context);
    const rows = await store.db.selectFrom('events').select(['id', 'position']).orderBy('id').execute();
    assert.deepEqual(
      rows.map((row) => Number(row.position)),
      [4, 1, 2, 3],
    );
    assert.equal((await verifyAudit(store, context.masterKey)).fault, null);
  },
);

onPostgres('two instances that seal at once never give the same position', async (url, t) => {
  const stores = await Promise.all(
    [1, 2].map(() => openStore({ databaseUrl: url, dataDir: null, log: SILENT })),
  );
  const [store] = stores;
  assert.ok(store !== undefined);
  t.after(async () => {
    for (const one of stores) await one.close();
  });
  const contexts = stores.map((one) => makeContext(one));
  const sealers = contexts.map((context) => new AuditSealer(context));
  for (let round = 0; round < 8; round += 1) {
    await Promise.all([
      writeEvents(store, 700, round * 700),
      ...sealers.flatMap((sealer) => [sealer.look(), sealer.look()]),
    ]);
  }
  await sealAll(contexts[0]!, sealers[0]);
  const report = await verifyAudit(store, contexts[0]!.masterKey);
  assert.deepEqual([report.sealed, report.unsealed, report.fault], [5600, 0, null]);
});

onPostgres('a sealer that is killed leaves a log that the next one continues', async (url, t) => {
  const store = await openStore({ databaseUrl: url, dataDir: null, log: SILENT });
  t.after(() => store.close());
  const key = makeMasterKey();
  const program = new URL('../support/seal-forever.js', import.meta.url).pathname;
  for (let killed = 0; killed < 3; killed += 1) {
    const child = spawn(process.execPath, [program, url, key], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const limit = setTimeout(() => child.kill('SIGKILL'), 60_000);
    let passes = 0;
    for await (const chunk of child.stdout) {
      passes += String(chunk).split('\n').length - 1;
      if (passes >= 3 + killed) break;
    }
    child.kill('SIGKILL');
    await exited;
    clearTimeout(limit);
    assert.ok(passes >= 3, 'it was at work');
  }
  const context = { ...makeContext(store), masterKey: openMasterKey(key) };
  // PostgreSQL may still hold the last one's lock on the head: its own end of the connection lives
  // on until it has noticed.
  const report = await until(
    async () => {
      await sealAll(context);
      const verified = await verifyAudit(store, context.masterKey);
      return verified.unsealed === 0 && verified;
    },
    { what: 'the seal of the last events' },
  );
  assert.equal(report.fault, null);
  assert.ok(report.sealed >= 4500 && report.sealed % 500 === 0, headText(report.head!));
});

import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Device } from '../../src/domain/device.js';
import type { Token } from '../../src/domain/token.js';
import { FetchCache } from '../../src/services/fetch/fetch-cache.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import { patchDevice } from '../../src/services/devices/devices.js';
import { createLine, changeLine } from '../../src/services/lines.js';
import { changeTenant, removeTenant } from '../../src/services/tenants.js';
import { lookUpFetches } from '../../src/store/fetch-lookup.js';
import { openStore } from '../../src/store/open-store.js';
import type { Store } from '../../src/store/store.js';
import { moveToken } from '../../src/store/tokens.js';
import { TestClock } from '../support/clock.js';
import { type TestContext, makeContext, makeDevice, makePhone } from '../support/fixture.js';
import { onBothDatabases, onPostgres, SILENT } from '../support/store.js';
import { until } from '../support/wait-for.js';

const ADDRESS = '192.0.2.10';
const NOW = new TestClock().now();
const ADMIN = { name: 'test', address: null, scope: 'all' } as const;

interface Stage {
  context: TestContext;
  device: Device;
  token: Token;
  cache: FetchCache;
  lineId: string;
  isRemembered(): boolean;
}

async function makeStage(store: Store): Promise<Stage> {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const token = await makePhone(context, device);
  await moveToken(store.db, token.id, ['bootstrap'], 'proven', context.clock.now());
  const line = { label: '201', sipUser: 'k201', password: 'a password', registrar: 'pbx.example' };
  const made = await createLine(context, device.tenantId ?? '', line, ADMIN);
  assert.equal(made.kind, 'line');
  const lineId = made.kind === 'line' ? made.line.id : '';
  await patchDevice(context, device.mac, { lines: [lineId] }, ADMIN);
  const cache = new FetchCache(store, SILENT);
  await cache.start();
  const stage: Stage = {
    context,
    device,
    token,
    cache,
    lineId,
    isRemembered: () => cache.find(device.mac, 'presented', ADDRESS, context.clock.now()) !== null,
  };
  await fill(stage);
  return stage;
}

async function fill({ context, device, token, cache }: Stage): Promise<void> {
  const { changes } = cache;
  const question = { mac: device.mac, tokenId: token.id, address: ADDRESS };
  const [facts] = await lookUpFetches(context.store.db, [question], context.clock.now());
  assert.ok(facts !== null && facts !== undefined);
  cache.add({ facts, presented: 'presented', address: ADDRESS, at: NOW }, changes);
}

const CHANGES: Record<string, (stage: Stage, store: Store) => Promise<unknown>> = {
  'a reset': ({ context, device }) => resetAuthentication(context, device.mac, ADMIN),
  'another label': ({ context, device }) => patchDevice(context, device.mac, { model: 'T54W' }, ADMIN),
  'a line less': ({ context, device }) => patchDevice(context, device.mac, { lines: [] }, ADMIN),
  "a line's new password": ({ context, device, lineId }) =>
    changeLine(context, device.tenantId ?? '', lineId, { password: 'another one' }, ADMIN),
  "the tenant's policy": ({ context, device }) =>
    changeTenant(context, device.tenantId ?? '', { policy: { strict: true } }, ADMIN),
  "the tenant's end": ({ context, device }) => removeTenant(context, device.tenantId ?? '', 2, ADMIN),
  'a revoked token, by hand': ({ token }, store) =>
    sql`update tokens set state = 'revoked' where id = ${token.id}`.execute(store.db),
  'a trusted network': ({ device }, store) =>
    sql`insert into networks (id, tenant_id, prefix, kind, reason, opened_by, opened_at, created_at)
      values (gen_random_uuid(), ${device.tenantId}, '192.0.2.0/24', 'permanent', 'administrator', 'test', now(), now())`.execute(
      store.db,
    ),
};

for (const [what, change] of Object.entries(CHANGES)) {
  onBothDatabases(`${what} is known to every instance at once`, async ({ store, openAnother }) => {
    const stage = await makeStage(store);
    try {
      assert.ok(stage.isRemembered(), 'it was remembered');
      const other = await openAnother();
      await change({ ...stage, context: makeContext(other, stage.context.clock) }, other);
      await stage.cache.caughtUp();
      assert.equal(stage.isRemembered(), false);
    } finally {
      await stage.cache.stop();
    }
  });
}

onBothDatabases('that a phone was seen again forgets nothing', async ({ store }) => {
  const stage = await makeStage(store);
  await sql`update devices set last_seen_at = now(), last_seen_address = ${ADDRESS}`.execute(store.db);
  await sql`update tokens set last_used_at = now(), last_fetch_address = ${ADDRESS}, used = true`.execute(
    store.db,
  );
  await stage.cache.caughtUp();
  assert.ok(stage.isRemembered());
  await stage.cache.stop();
});

onBothDatabases('facts that may be older than a change are not remembered', async ({ store }) => {
  const stage = await makeStage(store);
  const { changes } = stage.cache;
  const question = { mac: stage.device.mac, tokenId: stage.token.id, address: ADDRESS };
  const [facts] = await lookUpFetches(store.db, [question], stage.context.clock.now());
  await resetAuthentication(stage.context, stage.device.mac, ADMIN);
  await stage.cache.caughtUp();
  assert.ok(facts !== null && facts !== undefined);
  stage.cache.add({ facts, presented: 'presented', address: ADDRESS, at: NOW }, changes);
  assert.equal(stage.isRemembered(), false);
  await stage.cache.stop();
});

onBothDatabases('changes of other devices keep no facts from being remembered', async ({ store }) => {
  const stage = await makeStage(store);
  const { cache, context, device, token } = stage;
  const other = await makeDevice(context);
  const question = { mac: device.mac, tokenId: token.id, address: ADDRESS };
  const lookUp = async () => (await lookUpFetches(store.db, [question], context.clock.now()))[0] ?? null;
  await resetAuthentication(context, other.mac, ADMIN);
  await cache.caughtUp();
  const { changes } = cache;
  const facts = await lookUp();
  assert.ok(facts !== null);
  await resetAuthentication(context, other.mac, ADMIN);
  await cache.caughtUp();
  assert.ok(cache.changes > changes, 'it was heard');
  cache.add({ facts, presented: 'anew', address: ADDRESS, at: NOW }, changes);
  assert.notEqual(cache.find(device.mac, 'anew', ADDRESS, NOW), null);

  await changeTenant(context, device.tenantId ?? '', { policy: { strict: true } }, ADMIN);
  await cache.caughtUp();
  cache.add({ facts, presented: 'too late', address: ADDRESS, at: NOW }, changes);
  assert.equal(cache.find(device.mac, 'too late', ADDRESS, NOW), null, 'its tenant counts');
  await cache.stop();
});

onBothDatabases(
  'another token, another address and a phone without proof are looked up',
  async ({ store }) => {
    const { cache, device, context } = await makeStage(store);
    const now = context.clock.now();
    assert.equal(cache.find(device.mac, 'other', ADDRESS, now), null);
    assert.equal(cache.find(device.mac, null, ADDRESS, now), null);
    assert.equal(cache.find(device.mac, 'presented', '192.0.2.11', now), null);
    const waiting = await makeDevice(context);
    const token = await makePhone(context, waiting);
    const question = { mac: waiting.mac, tokenId: token.id, address: ADDRESS };
    const [facts] = await lookUpFetches(store.db, [question], now);
    assert.ok(facts !== null && facts !== undefined);
    cache.add({ facts, presented: 'presented', address: ADDRESS, at: NOW }, cache.changes);
    assert.equal(cache.find(waiting.mac, 'presented', ADDRESS, now), null);
    await cache.stop();
  },
);

onBothDatabases('facts are looked up again after a day', async ({ store }) => {
  const stage = await makeStage(store);
  stage.context.clock.advance(86_400);
  assert.ok(stage.isRemembered());
  stage.context.clock.advance(0.001);
  assert.equal(stage.isRemembered(), false);
  await stage.cache.stop();
});

onPostgres('while the connection that hears is down, nothing is remembered', async (url) => {
  const store = await openStore({ databaseUrl: url, dataDir: null, log: SILENT });
  const stage = await makeStage(store);
  assert.ok(stage.isRemembered());
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where pid <> pg_backend_pid() and query ilike '%listen%'`.execute(store.db);
  await until(() => !stage.isRemembered(), { within: 60_000, what: 'the cache to be distrusted' });
  const refilled = async (): Promise<boolean> => {
    await fill(stage);
    return stage.isRemembered();
  };
  await until(refilled, { within: 60_000, what: 'the connection to be there again' });
  await stage.cache.stop();
  await store.close();
});

onBothDatabases('the devices that were not asked for longest are forgotten first', async ({ store }) => {
  const context = makeContext(store);
  const cache = new FetchCache(store, SILENT, 2);
  await cache.start();
  const now = context.clock.now();
  const has = (device: Device): boolean => cache.find(device.mac, 'presented', ADDRESS, now) !== null;
  const remember = async (): Promise<Device> => {
    const device = await makeDevice(context);
    const token = await makePhone(context, device);
    await moveToken(store.db, token.id, ['bootstrap'], 'proven', now);
    await cache.caughtUp();
    const question = { mac: device.mac, tokenId: token.id, address: ADDRESS };
    const [facts] = await lookUpFetches(store.db, [question], now);
    assert.ok(facts !== null && facts !== undefined);
    cache.add({ facts, presented: 'presented', address: ADDRESS, at: NOW }, cache.changes);
    return device;
  };
  const first = await remember();
  const second = await remember();
  assert.ok(has(first), 'asked for again');
  const third = await remember();
  assert.deepEqual([has(first), has(second), has(third)], [true, false, true]);
  await cache.stop();
});

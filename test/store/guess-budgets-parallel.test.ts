/** Budgets are what several instances have in common, and what a restart does not give back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { completePolicy } from '../../src/domain/policy.js';
import { takePlace } from '../../src/services/authentication/guess-budgets.js';
import { migrate } from '../../src/store/migrate.js';
import { openStore } from '../../src/store/open-store.js';
import type { Store } from '../../src/store/store.js';
import {
  PHONE_SOURCE,
  eventsOf,
  makeContext,
  makeDevice,
  makePhone,
  makeTenant,
} from '../support/fixture.js';
import { SILENT, onBothDatabases, onPostgres } from '../support/store.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { enterPap, guess } from './entries.js';

const DEVICES = 24;
const LIMIT = 10;

onBothDatabases(
  'guesses at many devices at once, through two instances, never exceed a budget by one',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const other = makeContext(await openAnother(), context.clock);
    for (const { installation } of [context, other]) installation.guesses.perSourcePerHour = LIMIT;
    const tenantId = await makeTenant(context);
    const targets = [];
    for (let index = 0; index < DEVICES; index += 1) {
      const device = await makeDevice(context, { tenantId });
      targets.push({ device, phone: await makePhone(context, device) });
    }

    const verdicts = await Promise.all(
      targets.map(({ device, phone }, index) =>
        guess(index % 2 === 0 ? context : other, device, phone, '203.0.113.7'),
      ),
    );

    const kinds = verdicts.map(({ kind }) => kind);
    assert.equal(kinds.filter((kind) => kind === 'wrong').length, LIMIT);
    assert.equal(kinds.filter((kind) => kind === 'failed').length, DEVICES - LIMIT);
    const types = (await eventsOf(store)).map(({ type }) => type);
    assert.equal(types.filter((type) => type === 'pap.wrong').length, LIMIT);
    assert.equal(types.filter((type) => type === 'budget.spent').length, 1);
  },
);

onBothDatabases(
  'many right entries at once are all taken, however few guesses are left',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const other = makeContext(await openAnother(), context.clock);
    for (const { installation } of [context, other]) installation.guesses.perSourcePerHour = 2;
    const tenantId = await makeTenant(context);
    const targets = [];
    for (let index = 0; index < DEVICES; index += 1) {
      const device = await makeDevice(context, { tenantId });
      targets.push({ device, phone: await makePhone(context, device) });
    }
    const { device, phone } = targets.pop()!;
    assert.equal((await guess(context, device, phone)).kind, 'wrong');
    const verdicts = await Promise.all(
      targets.map((target, index) =>
        enterPap(index % 2 === 0 ? context : other, target.device, target.phone),
      ),
    );
    assert.deepEqual(new Set(verdicts.map(({ kind }) => kind)), new Set(['accepted']));
    // They were no guesses.
    assert.deepEqual(await store.db.selectFrom('guesses').select('decided').execute(), [{ decided: true }]);
  },
);

onPostgres('an instance that hangs before its verdict is committed delays no other device', async (url) => {
  const [store, hanging] = await Promise.all(
    [1, 2].map(() => openStore({ databaseUrl: url, dataDir: null, log: SILENT })),
  );
  if (store === undefined || hanging === undefined) return;
  const context = makeContext(store);
  let letGo = (): void => undefined;
  const isOver = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let reached = (): void => undefined;
  const isHanging = new Promise<void>((resolve) => {
    reached = resolve;
  });
  // Whatever has written hangs before its commit.
  const transaction: Store['transaction'] = (work) =>
    hanging.transaction(async (db) => {
      const done = await work(db);
      const { rows } = await sql`select from events where type = 'pap.wrong'`.execute(db);
      if (rows.length > 0) {
        reached();
        await isOver;
      }
      return done;
    });
  const stuck = makeContext({ ...hanging, transaction }, context.clock);
  const tenantId = await makeTenant(context);
  const [held, other] = [await makeDevice(context, { tenantId }), await makeDevice(context, { tenantId })];
  const [phone, another] = [await makePhone(context, held), await makePhone(context, other)];
  const late = guess(stuck, held, phone);
  await isHanging;
  assert.deepEqual(await guess(context, other, another), { kind: 'wrong', attemptsLeft: 2 });
  assert.deepEqual(await enterPap(context, other, another), { kind: 'accepted' });
  letGo();
  assert.deepEqual(await late, { kind: 'wrong', attemptsLeft: 2 });
  await Promise.all([store.close(), hanging.close()]);
});

onBothDatabases('a place that was taken and never decided counts as a guess', async ({ store }) => {
  const context = makeContext(store);
  context.installation.guesses.perSourcePerHour = 1;
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);
  const policy = completePolicy({});
  const { address } = PHONE_SOURCE;
  assert.equal((await takePlace(context, { address, device, policy, isFirst: true })).kind, 'taken');
  context.clock.advance(10);
  assert.deepEqual(await enterPap(context, device, phone), { kind: 'failed', lockedSeconds: 3590 });
});

onBothDatabases('an instance that starts later knows what was guessed', async ({ store, openAnother }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);
  context.installation.guesses.perSourcePerHour = 1;
  await guess(context, device, phone);
  const later = makeContext(await openAnother(), context.clock);
  later.installation.guesses.perSourcePerHour = 1;
  assert.deepEqual(await enterPap(later, device, phone), { kind: 'failed', lockedSeconds: 3600 });
});

test('a restart gives no guess back', { timeout: 300_000 }, async () => {
  const dataDir = temporaryFolder('guesses');
  const first = await openStore({ databaseUrl: null, dataDir, log: SILENT });
  await migrate(first);
  const before = makeContext(first);
  before.installation.guesses.perSourcePerHour = 2;
  const device = await makeDevice(before, { policy: { lockoutScope: 'device-and-source' } });
  const owner = await makePhone(before, device);
  const phone = await makePhone(before, device);
  await guess(before, device, phone);
  await guess(before, device, phone);
  await first.close();

  const second = await openStore({ databaseUrl: null, dataDir, log: SILENT });
  try {
    const after = makeContext(second, before.clock);
    after.installation.guesses.perSourcePerHour = 2;
    assert.deepEqual(await enterPap(after, device, phone), { kind: 'failed', lockedSeconds: 3600 });
    after.installation.guesses.perSourcePerHour = 30;
    // The third in a row by that phone: that, too, was remembered.
    assert.deepEqual(await guess(after, device, phone), { kind: 'failed', lockedSeconds: 1800 });
    assert.deepEqual(await enterPap(after, device, owner), { kind: 'accepted' });
  } finally {
    await second.close();
  }
});

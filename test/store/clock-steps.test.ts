/** The database's clock steps, and what was to end in twelve seconds ends in twelve. */
import assert from 'node:assert/strict';
import { SteadyClock } from '../../src/domain/steady-clock.js';
import { addSeconds } from '../../src/domain/time.js';
import { suspendAuthentication } from '../../src/services/authentication/suspend-authentication.js';
import { ClockKeeper } from '../../src/services/clock-keeper.js';
import { insertNetwork } from '../../src/store/networks.js';
import type { Store } from '../../src/store/store.js';
import { eventsOf, makeContext, makeDevice, makePhone, reread } from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { enterPap, guess, opened } from './entries.js';

const START = Date.parse('2026-03-02T09:00:00.000Z');

/**
 * A machine, or several with one database: time passes for all, and the database's clock can step.
 */
class World {
  #passedMs = 0;
  #steppedMs = 0;
  /** Of the machine that is asked: its steady clock stood still for so long. */
  #sleptMs = 0;

  readonly wall = () => START + this.#passedMs + this.#steppedMs;

  clock(): SteadyClock {
    return new SteadyClock({
      wall: this.wall,
      elapsed: () => this.#passedMs - this.#sleptMs,
      uptime: () => this.#passedMs,
    });
  }

  pass(seconds: number): void {
    this.#passedMs += seconds * 1000;
  }

  step(seconds: number): void {
    this.#steppedMs += seconds * 1000;
  }

  /** The machine is suspended. */
  sleep(seconds: number): void {
    this.pass(seconds);
    this.#sleptMs += seconds * 1000;
  }

  readonly read = async () => new Date(this.wall());
}

async function instance(world: World, store: Store) {
  const clock = world.clock();
  const context = { ...makeContext(store), clock };
  const keeper = new ClockKeeper(context, world.read);
  await keeper.start();
  return { context: context as unknown as ReturnType<typeof makeContext>, keeper, clock };
}

const HOUR = 3600;
const YEARS = 20 * 365 * 24 * HOUR;

for (const [what, seconds] of [
  ['an hour back', -HOUR],
  ['an hour forward', HOUR],
  ['a minute back', -60],
  ['twenty years forward', YEARS],
  ['twenty years back', -YEARS],
] as const) {
  onBothDatabases(
    `the clock steps ${what}: a lock, a suspension and a budget end as promised`,
    async ({ store }) => {
      const world = new World();
      const { context, keeper, clock } = await instance(world, store);
      context.installation.guesses.perSourcePerHour = 3;
      const device = await makeDevice(context, {
        policy: { lockoutSeconds: 12, suspensionSeconds: 30, maxLockouts: 9 },
      });
      const phone = await makePhone(context, device);
      await suspendAuthentication(context, device.mac, { name: 'admin', address: null });
      for (let index = 0; index < 3; index += 1) await guess(context, device, phone);
      world.pass(4);
      world.step(seconds);
      // Until it is found out, the process goes on by its own clock.
      assert.deepEqual(await opened(context, phone, '203.0.113.1').then(lockedSecondsOf), 8);
      world.pass(1);
      await keeper.look();
      assert.equal(clock.now().getTime(), world.wall());
      assert.equal(await opened(context, phone, '203.0.113.1').then(lockedSecondsOf), 7);
      world.pass(6.999);
      assert.equal((await enterPap(context, device, phone, '203.0.113.1')).kind, 'failed');
      world.pass(0.001);
      assert.equal((await opened(context, phone, '203.0.113.1')).state, 'needed');
      const { suspendedUntil } = (await reread(context, device)).authentication;
      assert.equal(suspendedUntil?.getTime(), addSeconds(clock.now(), 18).getTime());
      assert.deepEqual(
        await opened(context, phone).then(lockedSecondsOf),
        HOUR - 12,
        'the address has spent its budget',
      );
      world.pass(HOUR - 12);
      assert.equal((await enterPap(context, device, phone)).kind, 'accepted');
      await keeper.stop();

      const told = (await eventsOf(store)).filter(({ type }) => type === 'clock.stepped');
      assert.deepEqual(
        told.map(({ data }) => data),
        [{ seconds }],
      );
      assert.match(
        keeper.report ?? '',
        new RegExp(`stepped ${seconds < 0 ? 'back' : 'forward'} by ${Math.abs(seconds)} s`),
      );
    },
  );
}

function lockedSecondsOf(heard: Awaited<ReturnType<typeof opened>>): number | string {
  return heard.state === 'failed' ? heard.lockedSeconds : heard.state;
}

onBothDatabases('every stored time moves with the clock, but what tells of the past', async ({ store }) => {
  const world = new World();
  const { context, keeper, clock } = await instance(world, store);
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);
  const now = clock.now();
  await insertNetwork(store.db, {
    id: '00000000-0000-4000-8000-00000000000a',
    tenantId: device.tenantId ?? '',
    prefix: '192.0.2.7/32',
    kind: 'temporary',
    label: null,
    reason: 'pap',
    openedBy: 'phone',
    openedFor: device.mac,
    openedAt: now,
    expiresAt: addSeconds(now, 100),
    createdAt: now,
  });
  const times = async () => ({
    ...(await store.db
      .selectFrom('devices')
      .select(['papIssuedAt', 'firstSyncUntil', 'devices.createdAt'])
      .executeTakeFirstOrThrow()),
    ...(await store.db.selectFrom('tokens').select('lastUsedAt').executeTakeFirstOrThrow()),
    ...(await store.db
      .selectFrom('registrations')
      .select('registrations.expiresAt as registeredUntil')
      .executeTakeFirstOrThrow()),
    ...(await store.db
      .selectFrom('networks')
      .select(['networks.openedAt', 'networks.expiresAt'])
      .executeTakeFirstOrThrow()),
  });
  const before = await times();
  world.step(-HOUR);
  await keeper.look();
  const after = await times();
  for (const [name, time] of Object.entries(before)) {
    const moved = (after[name as keyof typeof after]?.getTime() ?? 0) - (time?.getTime() ?? 0);
    assert.equal(moved, name === 'createdAt' ? 0 : -HOUR * 1000, name);
  }
  assert.equal((await opened(context, phone)).state, 'needed');
  await keeper.stop();
});

onBothDatabases(
  'of several instances one moves stored times, and all follow',
  async ({ store, openAnother }) => {
    const world = new World();
    const [one, two] = [await instance(world, store), await instance(world, await openAnother())];
    const device = await makeDevice(one.context, { policy: { lockoutSeconds: 100 } });
    const phone = await makePhone(one.context, device);
    for (let index = 0; index < 3; index += 1) await guess(one.context, device, phone);
    for (const seconds of [-HOUR, 5, HOUR]) {
      world.step(seconds);
      await Promise.all([two.keeper.look(), one.keeper.look()]);
      await one.keeper.look();
      for (const { context, clock } of [one, two]) {
        assert.equal(clock.now().getTime(), world.wall());
        assert.equal(await opened(context, phone).then(lockedSecondsOf), 100);
      }
    }
    const told = (await eventsOf(store)).filter(({ type }) => type === 'clock.stepped');
    assert.deepEqual(
      told.map(({ data }) => data.seconds),
      [-HOUR, 5, HOUR],
    );
    await Promise.all([one.keeper.stop(), two.keeper.stop()]);
  },
);

onBothDatabases(
  'a machine that was suspended, or an instance that was stopped, moves nothing',
  async ({ store, openAnother }) => {
    const world = new World();
    const { context, keeper, clock } = await instance(world, store);
    const device = await makeDevice(context, { policy: { lockoutSeconds: 100 } });
    const phone = await makePhone(context, device);
    for (let index = 0; index < 3; index += 1) await guess(context, device, phone);
    world.sleep(60);
    await keeper.look();
    assert.equal(clock.now().getTime(), world.wall());
    assert.equal(await opened(context, phone).then(lockedSecondsOf), 40);

    // A virtual machine that was paused does not know it; but the other instance has marked the
    // time meanwhile.
    const paused = new ClockKeeper({ ...context, store: await openAnother(), clock }, world.read);
    await paused.start();
    await keeper.stop();
    const other = await instance(world, store);
    world.step(30);
    other.clock.set(new Date(world.wall()));
    await other.keeper.look();
    await paused.look();
    assert.equal(clock.now().getTime(), world.wall());
    assert.equal(await opened(context, phone).then(lockedSecondsOf), 10);
    assert.ok(!(await eventsOf(store)).some(({ type }) => type === 'clock.stepped'));
    await Promise.all([paused.stop(), other.keeper.stop()]);
  },
);

onBothDatabases('a clock that went back while nothing ran is found at the start', async ({ store }) => {
  const world = new World();
  const before = await instance(world, store);
  const device = await makeDevice(before.context, { policy: { lockoutSeconds: 12 } });
  const phone = await makePhone(before.context, device);
  for (let index = 0; index < 3; index += 1) await guess(before.context, device, phone);
  await before.keeper.stop();
  world.step(-HOUR);
  const after = await instance(world, store);
  assert.equal(await opened(after.context, phone).then(lockedSecondsOf), 12);
  world.pass(12);
  assert.equal((await opened(after.context, phone)).state, 'needed');
  await after.keeper.stop();
});

onBothDatabases('what could not be moved is told, and tried again', async ({ store }) => {
  const world = new World();
  const { context, keeper, clock } = await instance(world, store);
  const steady = clock.now();
  const fails = new ClockKeeper(
    { ...context, clock, store: { ...store, transaction: () => Promise.reject(new Error('out of order')) } },
    world.read,
  );
  world.step(-HOUR);
  await fails.look();
  assert.match(fails.report ?? '', /could not be moved/);
  assert.equal(clock.now().getTime(), steady.getTime(), 'until then it goes on as it was');
  await keeper.look();
  assert.match(keeper.report ?? '', /were moved/);
  assert.equal(clock.now().getTime(), world.wall());
  await keeper.stop();
});

/**
 * Unknown MACs: a source that asks for any number of them takes no place, and no line, from others.
 */
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { parseMac, type Mac } from '../../src/domain/mac.js';
import { register } from '../../src/services/registration.js';
import { KNOCK_EVENTS_PER_HOUR, Knocks } from '../../src/services/unknown/knocks.js';
import { findDeviceByMac } from '../../src/store/devices.js';
import { MAX_KNOCKS } from '../../src/store/knocks.js';
import { dropDecoys, MAX_UNCLAIMED } from '../../src/store/unmanaged-devices.js';
import { TestClock } from '../support/clock.js';
import { eventsOf, PHONE_SOURCE } from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { makeCrowd } from '../support/unmanaged-crowd.js';
import { userOf, withProvisioning, type World } from './provisioning-phones.js';

const UNTHROTTLED = { tokenlessPerMinute: Infinity };
const AUTOPROV = { unknownDevices: 'autoprov', limits: UNTHROTTLED } as const;
const SITE = '127.0.0.2';
const FLOOD = '127.0.0.3';

const macOf = (number: number): Mac => parseMac(`805ec0${number.toString(16).padStart(6, '0')}`) as Mac;
const fileOf = (mac: Mac): string => `/${mac.replaceAll(':', '')}.cfg`;

/** Asks for MACs from `first` on, twenty at a time. */
async function scan(
  { context, fetch, provisioning }: World,
  from: string,
  first: number,
  count: number,
): Promise<number[]> {
  const statuses: number[] = [];
  for (let start = 0; start < count; start += 20) {
    const some = Array.from({ length: Math.min(20, count - start) }, (_, index) =>
      macOf(first + start + index),
    );
    const answers = await Promise.all(some.map(async (mac) => fetch(fileOf(mac), { from })));
    statuses.push(...answers.map(({ status }) => status));
    await provisioning.flush();
    context.clock.advance(1);
  }
  return statuses;
}

async function eventCount({ context }: World, type: string): Promise<number> {
  return (await eventsOf(context.store)).filter((event) => event.type === type).length;
}

onBothDatabases('autoprov has room for phones however much one address asks for', async ({ store }) => {
  await withProvisioning(
    store,
    async (world) => {
      const { context, fetch } = world;
      const phone = macOf(0xaaaa00);
      const registered = macOf(0xaaaa01);
      const about = { path: null, source: PHONE_SOURCE, callId: 'a', cseq: 1, userAgent: null };
      const user = userOf(await fetch(fileOf(registered), { from: FLOOD }));
      await register(context, user, { contacts: [{ uri: 'sip:phone', expiresSeconds: 300 }], ...about });
      context.clock.advance(1);
      const at = context.clock.now();
      await makeCrowd(store, {
        count: MAX_UNCLAIMED - 1,
        subscribers: [`${FLOOD}/32`],
        isRegistered: false,
        at,
      });

      assert.equal((await fetch(fileOf(phone), { from: SITE })).status, 200);
      const statuses = await scan(world, FLOOD, 1, 100);
      assert.deepEqual(new Set(statuses), new Set([200]));
      for (const mac of [phone, registered])
        assert.notEqual(await findDeviceByMac(store.db, mac), null, 'stays, behind whichever address');
      const { count } = await store.db
        .selectFrom('devices')
        .select(sql<number>`count(*)::integer`.as('count'))
        .executeTakeFirstOrThrow();
      assert.ok(count <= MAX_UNCLAIMED, `${count} devices`);
    },
    AUTOPROV,
  );
});

onBothDatabases(
  'autoprov pushes out no large site, and no phone for a flood that registers',
  async ({ store }) => {
    await withProvisioning(
      store,
      async (world) => {
        const { context, fetch } = world;
        const at = context.clock.now();
        await makeCrowd(store, { count: 200, subscribers: [`${SITE}/32`], isRegistered: true, at });
        const flood = { subscribers: [`${FLOOD}/32`], isRegistered: true, at };
        await makeCrowd(store, { ...flood, count: MAX_UNCLAIMED - 200 });
        assert.equal((await fetch(fileOf(macOf(1)), { from: SITE })).status, 200);
        await scan(world, FLOOD, 2, 80);
        const { sites } = await store.db
          .selectFrom('unmanagedOrigins')
          .where('subscriber', '=', `${SITE}/32`)
          .select(sql<number>`count(*)::integer`.as('sites'))
          .executeTakeFirstOrThrow();
        assert.equal(sites, 201);
      },
      AUTOPROV,
    );
  },
);

onBothDatabases('who scans autoprov fills the audit log only so far', async ({ store }) => {
  await withProvisioning(
    store,
    async (world) => {
      await scan(world, FLOOD, 1, 280);
      const first = await eventCount(world, 'device.created');
      // Those that come at the same moment do not see each other.
      assert.ok(first >= 250 && first < 270, `${first} told, as of a large site`);
      assert.equal(await eventCount(world, 'device.knocked'), KNOCK_EVENTS_PER_HOUR);
      await scan(world, SITE, 1000, 40);
      assert.equal(await eventCount(world, 'device.created'), first + 40, 'another one is told of');
      world.context.clock.advance(3600);
      await scan(world, FLOOD, 2000, 10);
      assert.equal(await eventCount(world, 'device.created'), first + 50, 'and so it is an hour later');
    },
    AUTOPROV,
  );
});

onBothDatabases('a scan pushes the phones of a site out of no list', async ({ store }) => {
  const clock = new TestClock();
  const knocks = new Knocks();
  const knock = async (address: string, first: number, count: number): Promise<void> => {
    for (let number = first; number < first + count; number += 1)
      knocks.add({ mac: macOf(number), vendor: 'yealink', address, userAgent: null, at: clock.now() });
    await knocks.write(store.db, knocks.take());
    clock.advance(60);
  };
  await knock(SITE, 1, 40);
  await knock(FLOOD, 1000, MAX_KNOCKS - 100);
  await knock(FLOOD, 2000, MAX_KNOCKS - 100);
  // To ask for a phone's MAC as well makes it no part of the scan.
  await knock(FLOOD, 1, 40);
  await knock(FLOOD, 3000, MAX_KNOCKS - 100);
  for (let number = 0; number < 50; number += 1)
    await knock(`2001:db8:7:${number}::1`, 4000 + number * 10, 10);
  const { rows } = await sql<{ mac: Mac }>`select mac from knocks`.execute(store.db);
  const found = new Set(rows.map(({ mac }) => mac));
  assert.equal(found.size, MAX_KNOCKS);
  for (let number = 1; number <= 40; number += 1) assert.ok(found.has(macOf(number)), `phone ${number}`);
  const told = (await eventsOf(store)).map(({ address }) => address ?? '');
  assert.equal(told.filter((address) => address === SITE).length, 40);
  assert.equal(told.filter((address) => address === FLOOD).length, KNOCK_EVENTS_PER_HOUR);
  assert.equal(
    told.filter((address) => address.startsWith('2001:')).length,
    KNOCK_EVENTS_PER_HOUR,
    'one /48',
  );
});

onBothDatabases('of decoys go first those of who asked for most', async ({ store }) => {
  await withProvisioning(
    store,
    async (world) => {
      await scan(world, SITE, 1, 5);
      await scan(world, FLOOD, 1000, 60);
      assert.equal(await dropDecoys(store.db, 55), 55);
      const left = await store.db.selectFrom('unmanagedOrigins').select('subscriber').execute();
      assert.equal(left.filter(({ subscriber }) => subscriber === `${SITE}/32`).length, 5);
    },
    { unknownDevices: 'decoy', limits: UNTHROTTLED },
  );
});

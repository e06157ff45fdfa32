/** Unknown MACs: what is listed, what is rejected, and what autoprov takes in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { parseMac, type Mac } from '../../src/domain/mac.js';
import { IN_ORDER_OF_CREATION, listDevices } from '../../src/store/device-list.js';
import { findDeviceByMac } from '../../src/store/devices.js';
import { listKnocks, MAX_KNOCKS, saveKnocks, type Knock } from '../../src/store/knocks.js';
import type { Store } from '../../src/store/store.js';
import { tokensOfDevice } from '../../src/store/tokens.js';
import { register } from '../../src/services/registration.js';
import { MAX_UNCLAIMED } from '../../src/store/unmanaged-devices.js';
import { type EventLine, eventsOf, makeDevice, PHONE_SOURCE, type TestContext } from '../support/fixture.js';
import { onBothDatabases, pgliteStore } from '../support/store.js';
import { makeCrowd } from '../support/unmanaged-crowd.js';
import { tellApart } from '../support/timing.js';
import { type Fetched, fileOf, nextUrl, parameter, userOf, withProvisioning } from './provisioning-phones.js';

const MAC = parseMac('80:5e:c0:11:22:33') as Mac;
const FILE = '/805ec0112233.cfg';
const macOf = (number: number): string => `805ec0${number.toString(16).padStart(6, '0')}`;

const knocksOf = async (store: Store): Promise<Knock[]> =>
  (await listKnocks(store.db, { limit: 500, after: null })).items;
const knockEvents = async (store: Store): Promise<EventLine[]> =>
  (await eventsOf(store)).filter((event) => event.type === 'device.knocked');

for (const unknownDevices of ['reject', 'autoprov', 'decoy'] as const) {
  onBothDatabases(
    `who asks for a MAC of nobody is listed until it is somebody's (${unknownDevices})`,
    async ({ store }) => {
      await withProvisioning(
        store,
        async ({ context, fetch, provisioning }) => {
          const firstAt = context.clock.now();
          await fetch(FILE, { headers: { 'User-Agent': 'Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33' } });
          await provisioning.flush();
          context.clock.advance(60);
          await fetch(FILE, { from: '127.0.0.5', headers: { 'User-Agent': `a\tb\xe9${'c'.repeat(300)}` } });
          await fetch('/snomD785-000413AABBCC.htm', { method: 'HEAD' });
          await provisioning.flush();

          const lastAt = context.clock.now();
          const [snom, yealink] = (await knocksOf(store)).toSorted((a, b) => (a.mac < b.mac ? -1 : 1));
          assert.deepEqual(yealink, {
            mac: MAC,
            vendor: 'yealink',
            address: '127.0.0.5',
            userAgent: `ab${'c'.repeat(198)}`,
            times: 2,
            firstAt,
            lastAt,
          });
          assert.deepEqual([snom?.vendor, snom?.times], ['snom', 1]);
          const events = await knockEvents(store);
          assert.deepEqual(
            events.map(({ mac, address, data }) => ({ mac, address, data })),
            [
              { mac: MAC, address: '127.0.0.1', data: { vendor: 'yealink' } },
              { mac: '00:04:13:aa:bb:cc', address: '127.0.0.1', data: { vendor: 'snom' } },
            ],
            'each is told of once',
          );

          await sql`update devices set kind = 'managed' where mac = ${MAC}`.execute(store.db);
          if ((await findDeviceByMac(store.db, MAC)) === null) {
            const device = await makeDevice(context);
            await sql`update devices set mac = ${MAC} where id = ${device.id}`.execute(store.db);
          }
          assert.deepEqual(
            (await knocksOf(store)).map(({ mac }) => mac),
            ['00:04:13:aa:bb:cc'],
          );
          await fetch(FILE);
          await provisioning.flush();
          assert.equal((await knocksOf(store)).length, 1);
        },
        { unknownDevices },
      );
    },
  );
}

onBothDatabases('what names no possible device knocks at nothing', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch, provisioning }) => {
    const device = await makeDevice(context);
    for (const file of [
      '000000000000.cfg',
      '815ec0112233.cfg',
      '805ec011223.cfg',
      'favicon.ico',
      fileOf(device),
    ])
      await fetch(`/${file}`);
    await provisioning.flush();
    assert.deepEqual(await knocksOf(store), []);
  });
});

onBothDatabases('a scan fills the list up to its bound, and the audit log only so far', async ({ store }) => {
  await withProvisioning(
    store,
    async ({ context, fetch, provisioning }) => {
      // What a long scan has left, and its end.
      const lastAt = context.clock.now();
      const earlier = Array.from({ length: MAX_KNOCKS - 100 }, (_, number): Knock => {
        const mac = parseMac(macOf(number)) as Mac;
        return { mac, vendor: 'yealink', address: null, userAgent: null, times: 1, firstAt: lastAt, lastAt };
      });
      await saveKnocks(store.db, earlier);
      context.clock.advance(0.1);
      for (let start = earlier.length; start < MAX_KNOCKS + 100; start += 100) {
        await Promise.all(Array.from({ length: 100 }, (_, number) => fetch(`/${macOf(start + number)}.cfg`)));
        await provisioning.flush();
        context.clock.advance(0.1);
      }
      const { items, next } = await listKnocks(store.db, { limit: 500, after: null });
      const rest = await listKnocks(store.db, { limit: 500, after: next });
      assert.equal(new Set([...items, ...rest.items].map(({ mac }) => mac)).size, MAX_KNOCKS);
      assert.equal(rest.next, null);
      assert.ok(
        !rest.items.some(({ mac }) => mac === parseMac(macOf(0))),
        'the longest silent are forgotten',
      );
      assert.equal((await knockEvents(store)).length, 60);
      context.clock.advance(3600);
      await fetch('/805ec0ffffff.cfg');
      await provisioning.flush();
      assert.equal((await knockEvents(store)).length, 61, 'an hour later it is told again');
    },
    { limits: { tokenlessPerMinute: Infinity } },
  );
});

test('an unknown MAC, nonsense and the file of another family are rejected alike, also by their times', async (t) => {
  await withProvisioning(
    await pgliteStore(),
    async ({ context, fetch }) => {
      const device = await makeDevice(context);
      const visible = ({ status, headers, body }: Fetched) => ({
        status,
        headers: { ...headers, date: '' },
        body,
      });
      const targets = [
        '/805ec011223.cfg',
        '/ffffffffffff.cfg',
        `/snomD785-${fileOf(device).slice(0, 12)}.htm`,
      ];
      const unknown = visible(await fetch(FILE));
      for (const target of targets) assert.deepEqual(visible(await fetch(target)), unknown, target);

      const others = targets.map((target) => () => fetch(target));
      const { times, shortest, difference } = await tellApart(() => fetch(FILE), others, 40);
      t.diagnostic(times);
      assert.ok(shortest > 38, 'none is out before its time, however fast this machine is');
      assert.equal(difference, null);
    },
    { limits: { tokenlessPerMinute: Infinity } },
  );
});

onBothDatabases(
  'autoprov gives an unknown phone a device that waits for the code of a line',
  async ({ store }) => {
    await withProvisioning(
      store,
      async ({ context, fetch, provisioning }) => {
        for (const [target, method] of [
          [FILE, 'HEAD'],
          ['/805ec0112233.boot', 'GET'],
        ] as const)
          assert.equal((await fetch(target, { method })).status, 200);
        assert.equal(await findDeviceByMac(store.db, MAC), null, 'what only looks leaves nothing behind');

        const minimal = await fetch(FILE);
        assert.equal(minimal.status, 200);
        assert.equal(parameter(minimal, 'account.1.label'), 'Authentication needed');
        assert.equal(parameter(minimal, 'phone_setting.emergency.number'), '112,911');
        const device = await findDeviceByMac(store.db, MAC);
        assert.ok(device !== null);
        assert.deepEqual(
          [
            device.kind,
            device.tenantId,
            device.vendor,
            device.authentication.pap,
            device.authentication.state,
          ],
          ['unclaimed', null, 'yealink', null, 'needed'],
        );
        const url = nextUrl(minimal, device);
        const again = await fetch(url);
        assert.equal(again.body, minimal.body);
        const headers = { 'If-None-Match': again.headers.etag };
        assert.equal((await fetch(url, { headers })).status, 304);
        assert.equal((await tokensOfDevice(store.db, device.id)).length, 1);

        await provisioning.flush();
        // That somebody knocked is written in batches, before or after.
        const [first] = (await eventsOf(store, device)).filter(({ type }) => type !== 'device.knocked');
        assert.deepEqual([first?.type, first?.actor], ['device.created', 'phone']);
        const listed = await listDevices(
          store.db,
          { scope: 'all' },
          { ...IN_ORDER_OF_CREATION, limit: 10, after: null },
          context.clock.now(),
        );
        assert.deepEqual(
          listed.items.map(({ mac }) => mac),
          [MAC],
        );
      },
      { unknownDevices: 'autoprov' },
    );
  },
);

onBothDatabases('phones that come at the same time for one MAC are given one device', async ({ store }) => {
  await withProvisioning(
    store,
    async ({ fetch }) => {
      const answers = await Promise.all(Array.from({ length: 6 }, () => fetch(FILE)));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
      const created = (await eventsOf(store)).filter(({ type }) => type === 'device.created');
      assert.equal(created.length, 1);
    },
    { unknownDevices: 'autoprov' },
  );
});

async function registerWith(context: TestContext, fetched: Fetched, callId: string): Promise<void> {
  const contacts = [{ uri: 'sip:phone', expiresSeconds: 300 }];
  const about = { path: null, source: PHONE_SOURCE, callId, cseq: 1, userAgent: null };
  await register(context, userOf(fetched), { contacts, ...about });
}

onBothDatabases(
  'autoprov takes in only so many phones that are registered, and says so once a minute',
  async ({ store }) => {
    await withProvisioning(
      store,
      async ({ context, fetch, log }) => {
        const subscribers = Array.from({ length: 100 }, (_, number) => `192.0.2.${number}/32`);
        const at = context.clock.now();
        await makeCrowd(store, { count: MAX_UNCLAIMED - 2, subscribers, isRegistered: true, at });
        for (const file of [FILE, '/805ec0000001.cfg']) await registerWith(context, await fetch(file), file);
        const alerts = (): number => log().split('there is no room for more unclaimed devices').length - 1;
        for (const target of ['/805ec0000002.cfg', '/805ec0000003.cfg']) {
          assert.equal((await fetch(target)).status, 404);
          context.clock.advance(2);
        }
        assert.equal((await fetch('/805ec0000002.cfg')).status, 404);
        assert.equal(alerts(), 1);
        assert.equal((await fetch(FILE)).status, 200, 'who is in, is in');
        context.clock.advance(60);
        assert.equal((await fetch('/805ec0000002.cfg')).status, 404);
        assert.equal(alerts(), 2);
        await sql`delete from devices where mac = '80:5e:c0:00:00:01'`.execute(store.db);
        context.clock.advance(1);
        assert.equal((await fetch('/805ec0000002.cfg')).status, 200, 'there is room again');
      },
      { unknownDevices: 'autoprov' },
    );
  },
);

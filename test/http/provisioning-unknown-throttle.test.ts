/** Fetches that bring no token are counted, whatever they ask for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNKNOWN_DEVICES } from '../../src/domain/unknown-devices.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { makeDevice, papOf, PHONE_SOURCE } from '../support/fixture.js';
import { pgliteStore } from '../support/store.js';
import { type World, fileOf, nextUrl, userOf, withProvisioning } from './provisioning-phones.js';

const LIMITS = { tokenlessPerMinute: 6 };
const UNKNOWN = '/805ec0112233.cfg';

async function statusesOf({ fetch }: World, target: string, times: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let time = 0; time < times; time += 1) statuses.push((await fetch(target)).status);
  return statuses;
}

for (const unknownDevices of UNKNOWN_DEVICES) {
  test(`one too many in a minute is refused alike for known and unknown MACs (${unknownDevices})`, async () => {
    await withProvisioning(
      await pgliteStore(),
      async (world) => {
        const { context, fetch, log } = world;
        const device = await makeDevice(context);
        const served = unknownDevices === 'reject' ? 404 : 200;
        assert.deepEqual(await statusesOf(world, UNKNOWN, 3), [served, served, served]);
        assert.deepEqual(
          await statusesOf(world, `/${fileOf(device)}`, 3),
          [200, 200, 200],
          'the sixth is served',
        );
        const known = await fetch(`/${fileOf(device)}`);
        const unknown = await fetch(UNKNOWN);
        assert.equal(known.status, 429);
        assert.equal(known.headers['retry-after'], '60');
        assert.equal(unknown.body, known.body);
        assert.deepEqual(
          { ...unknown.headers, date: null },
          { ...known.headers, date: null },
          'nothing tells them apart',
        );
        assert.match(log(), /"reason":"throttled"/);
        const unheld = unknownDevices === 'reject' ? 'none 404' : 'minimal 200';
        assert.deepEqual(
          world.measured.map((one) => `${one.served} ${one.status}`),
          [...Array<string>(3).fill(unheld), ...Array<string>(3).fill('minimal 200'), 'none 429', 'none 429'],
          'as it is counted',
        );

        context.clock.advance(59.999);
        assert.equal((await fetch(UNKNOWN)).status, 429);
        context.clock.advance(0.001);
        assert.equal((await fetch(UNKNOWN)).status, served);
      },
      { limits: LIMITS, unknownDevices },
    );
  });
}

test('phones that come with their tokens are not counted, however many there are behind one address', async () => {
  await withProvisioning(
    await pgliteStore(),
    async (world) => {
      const { context, fetch } = world;
      const device = await makeDevice(context);
      const url = nextUrl(await fetch(`/${fileOf(device)}`), device);
      const statuses = await Promise.all(Array.from({ length: 200 }, async () => (await fetch(url)).status));
      assert.deepEqual(new Set(statuses), new Set([200]));
      assert.deepEqual(await statusesOf(world, UNKNOWN, 5), [404, 404, 404, 404, 404]);
      assert.equal((await fetch(UNKNOWN)).status, 429);
      assert.equal((await fetch(url)).status, 200, 'not even now');
    },
    { limits: LIMITS },
  );
});

test('tokens that have proved nothing are counted by device and source, and one that opens the full configuration is not', async () => {
  await withProvisioning(
    await pgliteStore(),
    async ({ context, fetch }) => {
      const device = await makeDevice(context);
      const minimal = await fetch(`/${fileOf(device)}`);
      const url = nextUrl(minimal, device);
      for (const expected of [200, 200, 200, 429]) assert.equal((await fetch(url)).status, expected);
      assert.equal((await fetch(url, { from: '127.0.0.9' })).status, 200, 'another source');
      const other = await makeDevice(context);
      const otherUrl = nextUrl(await fetch(`/${fileOf(other)}`), other);
      assert.equal((await fetch(otherUrl)).status, 200, 'another device');

      const user = userOf(minimal);
      const digits = await papOf(context, device);
      await attemptEntry(context, 'call', { user, digits, source: PHONE_SOURCE });
      for (let time = 0; time < 5; time += 1)
        assert.equal((await fetch(url)).status, 200, 'it has proved itself');
    },
    { limits: { unprovenPerDevicePerMinute: 3 } },
  );
});

test('a token that nobody holds counts as none', async () => {
  for (const unknownDevices of UNKNOWN_DEVICES) {
    await withProvisioning(
      await pgliteStore(),
      async (world) => {
        const device = await makeDevice(world.context);
        const sham = 'a'.repeat(32);
        await statusesOf(world, `/${sham}/${fileOf(device)}`, 3);
        await statusesOf(world, `/${sham}${UNKNOWN}`, 3);
        assert.equal((await world.fetch(`/${sham}${UNKNOWN}`)).status, 429, unknownDevices);
        assert.equal((await world.fetch(`/${sham}/${fileOf(device)}`)).status, 429, unknownDevices);
        assert.equal((await world.fetch(UNKNOWN)).status, 429, unknownDevices);
      },
      { limits: LIMITS, unknownDevices },
    );
  }
});

test('what names no device is not counted', async () => {
  await withProvisioning(
    await pgliteStore(),
    async (world) => {
      await statusesOf(world, '/y000000000000.boot', 10);
      assert.equal((await world.fetch(UNKNOWN)).status, 404);
    },
    { limits: LIMITS },
  );
});

/** Which fetches keep a temporary network open, seen from the provisioning port. */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import { addSeconds } from '../../src/domain/time.js';
import { findToken } from '../../src/store/tokens.js';
import { eventsOf, makeDevice, makeTenant } from '../support/fixture.js';
import { succeed } from '../support/network-phones.js';
import { onBothDatabases } from '../support/store.js';
import {
  type Fetched,
  type World,
  fileOf,
  nextUrl,
  userOf,
  withProvisioning,
} from './provisioning-phones.js';

const HOME = '127.0.0.5';
const SECONDS = 28_800;

/** A phone at home whose user has just keyed in the PAP and that has fetched since. */
async function provedPhone({
  context,
  fetch,
  provisioning,
}: World): Promise<{ device: Device; url: string }> {
  const device = await makeDevice(context, { tenantId: await makeTenant(context) });
  const minimal = await fetch(`/${fileOf(device)}`, { from: HOME });
  const token = await findToken(context.store.db, userOf(minimal));
  assert.ok(token !== null);
  await succeed(context, device, token);
  const url = nextUrl(minimal, device);
  await fetch(url, { from: HOME });
  await provisioning.flush();
  return { device, url };
}

async function endOf({ context }: World): Promise<Date | null> {
  const { expiresAt } = await context.store.db
    .selectFrom('networks')
    .select('expiresAt')
    .executeTakeFirstOrThrow();
  return expiresAt;
}

onBothDatabases(
  'each full configuration that is fetched from there extends it, unchanged ones too',
  async ({ store }) => {
    await withProvisioning(store, async (world) => {
      const { context, fetch, provisioning } = world;
      const { device, url } = await provedPhone(world);
      let etag = '';
      const fetchAgain = async (method: string, from = HOME): Promise<Fetched> => {
        context.clock.advance(3600);
        const fetched = await fetch(url, { method, from, headers: { 'if-none-match': etag } });
        await provisioning.flush();
        return fetched;
      };

      const full = await fetchAgain('GET');
      etag = String(full.headers.etag);
      const first = addSeconds(context.clock.now(), SECONDS);
      assert.deepEqual([full.status, await endOf(world)], [200, first]);

      assert.equal((await fetchAgain('GET')).status, 304);
      const second = addSeconds(context.clock.now(), SECONDS);
      assert.deepEqual(await endOf(world), second, 'nothing is new for the phone, and it was there');

      assert.equal((await fetchAgain('HEAD')).status, 304);
      assert.equal((await fetchAgain('GET', '127.0.0.6')).status, 304);
      assert.deepEqual(await endOf(world), second, 'who only looks, or is elsewhere, extends nothing');

      const told = (await eventsOf(store, device)).filter(({ type }) => type === 'network.extended');
      assert.deepEqual(
        told.map(({ actor, address, data }) => [actor, address, data['because'], data['expiresAt']]),
        [first, second].map((end) => ['phone', HOME, 'fetch', end.toISOString()]),
      );
    });
  },
);

onBothDatabases('a minimal configuration extends nothing', async ({ store }) => {
  await withProvisioning(store, async (world) => {
    const { context, fetch, provisioning } = world;
    const { device } = await provedPhone(world);
    const before = await endOf(world);
    await store.db.updateTable('tenants').set({ policy: '{"temporaryNetworkMaxDevices":1}' }).execute();
    const { tenantId } = device;
    const devices = [await makeDevice(context, { tenantId }), await makeDevice(context, { tenantId })];
    context.clock.advance(60);
    for (const one of devices) await fetch(`/${fileOf(one)}`, { from: HOME });
    await provisioning.flush();
    const extended = await endOf(world);
    assert.deepEqual(extended, addSeconds(before ?? new Date(0), 60), 'the first was let in');
    context.clock.advance(60);
    const [, second] = devices;
    assert.ok(second !== undefined);
    await fetch(`/${fileOf(second)}`, { from: HOME });
    await provisioning.flush();
    assert.deepEqual(await endOf(world), extended, 'the second was not');
  });
});

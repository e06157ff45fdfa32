/**
 * Temporary networks that are used last longer: until when, by whom, and what the audit log says of
 * it.
 */
import assert from 'node:assert/strict';
import type { Policy } from '../../src/domain/policy.js';
import { addSeconds } from '../../src/domain/time.js';
import type { Device } from '../../src/domain/device.js';
import type { Token } from '../../src/domain/token.js';
import { extendUsedNetworks, networkUse } from '../../src/services/networks/network-extension.js';
import { closeExpiredNetworks } from '../../src/services/networks/networks.js';
import type { NetworkUse } from '../../src/store/fetch-notes.js';
import { type TestContext, eventsOf, makeContext, makeDevice, makeTenant } from '../support/fixture.js';
import { fetchFrom, lookUp, phoneAt, succeed, tokenFor } from '../support/network-phones.js';
import { HOME, networksOf } from '../support/networks.js';
import { onBothDatabases } from '../support/store.js';

const HOUR = 3600;
const SECONDS = 8 * HOUR;
const MAX_SECONDS = 7 * 24 * HOUR;

/**
 * A tenant with a network that a success has just opened, and a phone there that proved itself long
 * ago.
 */
interface Site {
  tenantId: string;
  device: Device;
  token: Token;
  openedAt: Date;
}

async function openedSite(context: TestContext, policy: Partial<Policy> = {}): Promise<Site> {
  const tenantId = await makeTenant(context, { policy });
  const opener = await makeDevice(context, { tenantId });
  await succeed(context, opener, await phoneAt(context, opener, HOME));
  const device = await makeDevice(context, { tenantId });
  const token = await provenToken(context, device);
  return { tenantId, device, token, openedAt: context.clock.now() };
}

async function provenToken(context: TestContext, device: Device): Promise<Token> {
  const token = await tokenFor(context, device, HOME);
  await context.store.db.updateTable('tokens').set({ state: 'proven' }).where('id', '=', token.id).execute();
  return token;
}

/** What a fetch at this moment means for the network, as the provisioning port notes it. */
async function useOf(
  context: TestContext,
  device: Device,
  address = HOME,
  token: Token | null = null,
): Promise<NetworkUse | null> {
  const { facts } = await lookUp(context, device, address, token);
  return networkUse(facts, await fetchFrom(context, device, address, token), address, context.clock.now());
}

async function fetchAndExtend(context: TestContext, { device, token }: Site): Promise<void> {
  const use = await useOf(context, device, HOME, token);
  await extendUsedNetworks(context.store.db, use === null ? [] : [use]);
}

async function endOf(context: TestContext, { tenantId }: Site): Promise<Date | null | undefined> {
  return (await networksOf(context, tenantId))[0]?.expiresAt;
}

onBothDatabases(
  'a full fetch extends the network for eight hours from then, until its last millisecond',
  async ({ store }) => {
    const context = makeContext(store);
    const site = await openedSite(context);
    context.clock.set(addSeconds(site.openedAt, SECONDS - 0.001));
    await fetchAndExtend(context, site);
    assert.deepEqual(await endOf(context, site), addSeconds(site.openedAt, 2 * SECONDS - 0.001));
  },
);

onBothDatabases('a fetch when its time is over extends nothing', async ({ store }) => {
  const context = makeContext(store);
  for (const late of [0, 0.001]) {
    const site = await openedSite(context);
    context.clock.set(addSeconds(site.openedAt, SECONDS + late));
    assert.equal(await useOf(context, site.device, HOME, site.token), null);
    // Looked up in time, noted too late.
    const use = await useInTime(context, site);
    await extendUsedNetworks(store.db, [{ ...use, at: context.clock.now() }]);
    assert.equal(await endOf(context, site), undefined);
  }
});

async function useInTime(context: TestContext, site: Site): Promise<NetworkUse> {
  const now = context.clock.now();
  context.clock.set(addSeconds(site.openedAt, 1));
  const use = await useOf(context, site.device, HOME, site.token);
  context.clock.set(now);
  assert.ok(use !== null);
  return use;
}

onBothDatabases('however much is fetched, a network ends seven days after it opened', async ({ store }) => {
  const context = makeContext(store);
  const site = await openedSite(context);
  const last = addSeconds(site.openedAt, MAX_SECONDS);
  for (let hours = 6; hours < 7 * 24; hours += 6) {
    context.clock.set(addSeconds(site.openedAt, hours * HOUR));
    await fetchAndExtend(context, site);
  }
  assert.deepEqual(await endOf(context, site), last);
  context.clock.set(addSeconds(last, -0.001));
  await fetchAndExtend(context, site);
  assert.deepEqual(await endOf(context, site), last);
  context.clock.set(last);
  assert.equal(await endOf(context, site), undefined);
  assert.equal((await fetchFrom(context, await makeDevice(context, site), HOME)).kind, 'minimal');
  await closeExpiredNetworks(context);
  context.clock.set(addSeconds(last, 0.001));
  assert.equal(await useOf(context, site.device, HOME, site.token), null);
});

onBothDatabases('a new success begins the hard maximum anew', async ({ store }) => {
  const context = makeContext(store);
  const site = await openedSite(context, { temporaryNetworkMaxSeconds: SECONDS + 60 });
  context.clock.advance(SECONDS - 1);
  const opener = await makeDevice(context, site);
  await succeed(context, opener, await phoneAt(context, opener, HOME));
  const anew = context.clock.now();
  context.clock.advance(HOUR);
  await fetchAndExtend(context, site);
  assert.deepEqual(await endOf(context, site), addSeconds(anew, SECONDS + 60));
});

onBothDatabases('whoever is served in full extends it, whoever is not does not', async ({ store }) => {
  const context = makeContext(store);
  const { tenantId, device, token } = await openedSite(context, { temporaryNetworkMaxDevices: 1 });
  context.clock.advance(1);
  const isExtendedBy = async (...fetch: [Device, string?, (Token | null)?]): Promise<boolean> =>
    (await useOf(context, ...fetch)) !== null;
  assert.equal(await isExtendedBy(device, HOME, token), true, 'by its token');
  assert.equal(await isExtendedBy(await makeDevice(context, { tenantId })), true, 'by the network itself');
  assert.equal(await isExtendedBy(await makeDevice(context, { tenantId })), false, 'no room');
  assert.equal(await isExtendedBy(device, '192.0.2.11', token), false, 'from elsewhere');
  const stranger = await makeDevice(context);
  assert.equal(
    await isExtendedBy(stranger, HOME, await provenToken(context, stranger)),
    false,
    'of another tenant',
  );
});

onBothDatabases(
  'a permanent network, a strict policy and one that only observes extend nothing',
  async ({ store }) => {
    const context = makeContext(store);
    for (const policy of [{ strict: true }, { enforce: false }]) {
      const { tenantId, device, token } = await openedSite(context);
      await store.db
        .updateTable('tenants')
        .set({ policy: JSON.stringify(policy) })
        .where('id', '=', tenantId)
        .execute();
      assert.equal(await useOf(context, device, HOME, token), null);
    }
    const { device, token } = await openedSite(context);
    await store.db.updateTable('networks').set({ kind: 'permanent', expiresAt: null }).execute();
    assert.equal(await useOf(context, device, HOME, token), null);
  },
);

onBothDatabases(
  'extensions come in any order, twice, and never go backwards',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const other = await openAnother();
    const site = await openedSite(context);
    const uses: NetworkUse[] = [];
    for (const seconds of [HOUR, 2 * HOUR, 3 * HOUR]) {
      context.clock.set(addSeconds(site.openedAt, seconds));
      const use = await useOf(context, site.device, HOME, site.token);
      assert.ok(use !== null);
      uses.push(use);
    }
    const [first, second, third] = uses.map((use) => [use]);
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    await extendUsedNetworks(other.db, third);
    await Promise.all([
      extendUsedNetworks(store.db, first),
      extendUsedNetworks(other.db, second),
      extendUsedNetworks(other.db, third),
    ]);
    assert.deepEqual(await endOf(context, site), addSeconds(site.openedAt, 3 * HOUR + SECONDS));
    const told = (await eventsOf(store)).filter(({ type }) => type === 'network.extended');
    assert.equal(told.length, 1);
    assert.deepEqual(
      [told[0]?.mac, told[0]?.address, told[0]?.data['because'], told[0]?.data['expiresAt']],
      [site.device.mac, HOME, 'fetch', addSeconds(site.openedAt, 3 * HOUR + SECONDS).toISOString()],
    );
  },
);

onBothDatabases(
  'a busy site writes a line for each hundredth of the eight hours, not for each fetch',
  async ({ store }) => {
    const context = makeContext(store);
    const site = await openedSite(context);
    for (let seconds = 0; seconds < 600; seconds += 30) {
      context.clock.advance(30);
      await fetchAndExtend(context, site);
    }
    assert.deepEqual(await endOf(context, site), addSeconds(site.openedAt, SECONDS + 600));
    const told = (await eventsOf(store)).filter(({ type }) => type === 'network.extended');
    assert.equal(told.length, 2, '288 s are a hundredth');
  },
);

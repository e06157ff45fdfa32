/**
 * Two instances on one database that open, fill, extend and close the same network at the same
 * time.
 */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import { parsePrefix } from '../../src/domain/prefix.js';
import { addSeconds } from '../../src/domain/time.js';
import type { Token } from '../../src/domain/token.js';
import { removeDevice } from '../../src/services/devices/devices.js';
import { fetchConfiguration } from '../../src/services/fetch/fetch-configuration.js';
import { extendUsedNetworks, networkUse } from '../../src/services/networks/network-extension.js';
import { closeExpiredNetworks, addNetwork } from '../../src/services/networks/networks.js';
import { type TestContext, eventTypesOf, makeContext, makeDevice, makeTenant } from '../support/fixture.js';
import { fetchFrom, lookUp, phoneAt, succeed } from '../support/network-phones.js';
import { ADMIN, HOME, networksOf } from '../support/networks.js';
import { onBothDatabases } from '../support/store.js';

async function phonesOf(
  context: TestContext,
  tenantId: string,
  count: number,
): Promise<{ device: Device; token: Token }[]> {
  const phones = [];
  for (let number = 0; number < count; number++) {
    const device = await makeDevice(context, { tenantId });
    phones.push({ device, token: await phoneAt(context, device, HOME) });
  }
  return phones;
}

async function countEvents(context: TestContext, type: string): Promise<number> {
  return (await eventTypesOf(context.store)).filter((one) => one === type).length;
}

onBothDatabases(
  'successes at one address at the same time open one network',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const other = makeContext(await openAnother(), context.clock);
    const tenantId = await makeTenant(context);
    const phones = await phonesOf(context, tenantId, 8);
    await Promise.all(
      phones.map(({ device, token }, index) => succeed(index % 2 === 0 ? context : other, device, token)),
    );
    assert.equal((await networksOf(context, tenantId)).length, 1);
    assert.equal(await countEvents(context, 'network.opened'), 1);
    assert.equal(await countEvents(context, 'network.extended'), 7);
    const open = await store.db.selectFrom('resyncs').select(['tokenId', 'reason']).execute();
    assert.deepEqual(
      new Map(open.map(({ tokenId, reason }) => [tokenId, reason])),
      new Map(phones.map(({ token }) => [token.id, 'authenticated'])),
      'each phone has one open resync, that of its own success',
    );
    assert.equal(open.length, phones.length);
  },
);

onBothDatabases(
  'the same network added twice at the same time is there once',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const other = makeContext(await openAnother(), context.clock);
    const tenantId = await makeTenant(context);
    const prefix = parsePrefix('192.0.2.0/24');
    assert.ok(prefix !== null);
    const input = { prefix, kind: 'permanent', expiresAt: null, label: null, force: false } as const;
    const outcomes = await Promise.all(
      [context, other, context, other].map((one) => addNetwork(one, tenantId, input, ADMIN)),
    );
    assert.deepEqual(outcomes.map(({ kind }) => kind).toSorted(), ['network', 'taken', 'taken', 'taken']);
    assert.equal(await countEvents(context, 'network.opened'), 1);
  },
);

onBothDatabases('the last places of a network are taken once', async ({ store, openAnother }) => {
  const context = makeContext(store);
  const other = makeContext(await openAnother(), context.clock);
  const tenantId = await makeTenant(context, { policy: { temporaryNetworkMaxDevices: 3 } });
  const [opener, ...waiting] = await phonesOf(context, tenantId, 13);
  assert.ok(opener !== undefined);
  await succeed(context, opener.device, opener.token);
  // All of them are told that there is room before anybody is let in.
  const asked = await Promise.all(
    waiting.map(({ device, token }, index) => lookUp(index % 2 === 0 ? context : other, device, HOME, token)),
  );
  const served = await Promise.all(
    asked.map((fetch, index) => fetchConfiguration(index % 2 === 0 ? context : other, fetch)),
  );
  const reasons = served.map((one) => one?.reason);
  assert.equal(reasons.filter((reason) => reason === 'temporary-network').length, 3);
  assert.equal(reasons.filter((reason) => reason === 'needed').length, 9);
  assert.equal((await networksOf(context, tenantId))[0]?.devices, 3);
});

onBothDatabases(
  'instances that extend a network at the same time leave the latest end',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const other = await openAnother();
    const tenantId = await makeTenant(context);
    const [opener] = await phonesOf(context, tenantId, 1);
    assert.ok(opener !== undefined);
    const { device, token } = opener;
    await succeed(context, device, token);
    const openedAt = context.clock.now();
    const uses = [];
    for (let minute = 1; minute <= 12; minute++) {
      context.clock.set(addSeconds(openedAt, minute * 60));
      const { facts } = await lookUp(context, device, HOME, token);
      uses.push(networkUse(facts, await fetchFrom(context, device, HOME, token), HOME, context.clock.now()));
    }
    await Promise.all(
      uses.map((use, index) =>
        extendUsedNetworks(index % 2 === 0 ? store.db : other.db, use === null ? [] : [use]),
      ),
    );
    const [network] = await networksOf(context, tenantId);
    assert.deepEqual(network?.expiresAt, addSeconds(openedAt, 12 * 60 + 28_800));
  },
);

onBothDatabases('networks that end are closed once, whoever looks', async ({ store, openAnother }) => {
  const context = makeContext(store);
  const other = makeContext(await openAnother(), context.clock);
  for (let number = 0; number < 5; number++) {
    const tenantId = await makeTenant(context);
    const [phone] = await phonesOf(context, tenantId, 1);
    assert.ok(phone !== undefined);
    await succeed(context, phone.device, phone.token);
  }
  context.clock.advance(28_800);
  await Promise.all([context, other, context, other].map((one) => closeExpiredNetworks(one)));
  assert.equal(await countEvents(context, 'network.closed'), 5);
});

onBothDatabases(
  'a success stands while phones that wait beside it are deleted',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const other = makeContext(await openAnother(), context.clock);
    const tenantId = await makeTenant(context);
    const [caller, ...waiting] = await phonesOf(context, tenantId, 9);
    assert.ok(caller !== undefined);
    await Promise.all([
      ...waiting.map(({ device }) => removeDevice(other, device.mac, ADMIN)),
      succeed(context, caller.device, caller.token),
    ]);
    assert.equal((await networksOf(context, tenantId)).length, 1);
    const left = await store.db.selectFrom('resyncs').select('tokenId').execute();
    assert.deepEqual(left, [{ tokenId: caller.token.id }]);
  },
);

/** What a success opens, for whom, how long, and how it ends. */
import assert from 'node:assert/strict';
import { addSeconds } from '../../src/domain/time.js';
import { closeExpiredNetworks, removeNetwork } from '../../src/services/networks/networks.js';
import { type TestContext, eventsOf, makeContext, makeDevice, makeTenant } from '../support/fixture.js';
import { fetchFrom, phoneAt, reasonFrom, succeed } from '../support/network-phones.js';
import { ADMIN, ELSEWHERE, HOME, networksOf, openedTenant, succeedAt, trust } from '../support/networks.js';
import { onBothDatabases } from '../support/store.js';

const HOUR = 3600;

async function networkEvents(context: TestContext): Promise<[string, unknown][]> {
  const events = await eventsOf(context.store);
  return events.flatMap(({ type, data }) =>
    type.startsWith('network.') ? [[type, data['because']] satisfies [string, unknown]] : [],
  );
}

onBothDatabases(
  'a success opens the address that its own token was fetched from, for eight hours',
  async ({ store }) => {
    const context = makeContext(store);
    const tenantId = await makeTenant(context);
    const device = await makeDevice(context, { tenantId });
    const token = await phoneAt(context, device, HOME);
    // Somebody else asks for the same MAC afterwards, and the call itself comes through another
    // address.
    context.clock.advance(1);
    await fetchFrom(context, device, ELSEWHERE);
    await succeed(context, device, token, '203.0.113.5');

    const opened = await networksOf(context, tenantId);
    const now = context.clock.now();
    const expiresAt = addSeconds(now, 8 * HOUR);
    assert.deepEqual(opened, [
      {
        id: opened[0]?.id,
        tenantId,
        prefix: '192.0.2.10/32',
        kind: 'temporary',
        label: null,
        reason: 'pap',
        openedBy: 'phone',
        openedFor: device.mac,
        openedAt: now,
        expiresAt,
        createdAt: now,
        devices: 0,
      },
    ]);
    const event = (await eventsOf(store, device)).find(({ type }) => type === 'network.opened');
    assert.deepEqual(event, {
      type: 'network.opened',
      mac: device.mac,
      actor: 'phone',
      address: HOME,
      data: {
        id: opened[0]?.id,
        prefix: '192.0.2.10/32',
        kind: 'temporary',
        expiresAt: expiresAt.toISOString(),
        because: 'pap',
      },
    });
  },
);

onBothDatabases('an IPv6 phone opens its /64, and IPv4 in IPv6 is IPv4', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await makeTenant(context);
  await succeedAt(context, tenantId, '2001:db8:1:2:aaaa:bbbb:cccc:dddd');
  await succeedAt(context, tenantId, '::ffff:192.0.2.10');
  const prefixes = (await networksOf(context, tenantId)).map(({ prefix }) => prefix);
  assert.deepEqual(new Set(prefixes), new Set(['2001:db8:1:2::/64', '192.0.2.10/32']));

  const device = await makeDevice(context, { tenantId });
  assert.equal(await reasonFrom(context, device, '2001:db8:1:2::1'), 'full: temporary-network');
  assert.equal(await reasonFrom(context, device, '2001:db8:1:3::1'), 'minimal: needed');
  assert.equal(await reasonFrom(context, device, HOME), 'full: temporary-network');
  assert.equal(await reasonFrom(context, device, '192.0.2.11'), 'minimal: needed');
});

onBothDatabases(
  'under a strict policy, and one that only observes, a success opens nothing',
  async ({ store }) => {
    const context = makeContext(store);
    for (const policy of [{ strict: true }, { enforce: false }]) {
      assert.deepEqual(await networksOf(context, await openedTenant(context, policy)), []);
    }
    assert.deepEqual(await networkEvents(context), []);
  },
);

onBothDatabases(
  'a policy made strict later shuts the temporary networks there are, not the permanent ones',
  async ({ store }) => {
    const context = makeContext(store);
    const tenantId = await openedTenant(context);
    const device = await makeDevice(context, { tenantId });
    await store.db
      .updateTable('tenants')
      .set({ policy: JSON.stringify({ strict: true }) })
      .execute();
    assert.equal(await reasonFrom(context, device, HOME), 'minimal: needed');
    await trust(context, tenantId, '192.0.2.0/24');
    assert.equal(await reasonFrom(context, device, HOME), 'full: network');
  },
);

onBothDatabases('a network of another tenant gives nothing', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await openedTenant(context);
  await trust(context, tenantId, '198.51.100.0/24');
  const stranger = await makeDevice(context);
  const unclaimed = await makeDevice(context, { tenantId: null, kind: 'unclaimed' });
  for (const device of [stranger, unclaimed]) {
    assert.equal(await reasonFrom(context, device, HOME), 'minimal: needed');
    assert.equal(await reasonFrom(context, device, ELSEWHERE), 'minimal: needed');
  }
});

onBothDatabases(
  'a temporary network ends to the millisecond, and its end is written down once',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const other = makeContext(await openAnother(), context.clock);
    const tenantId = await openedTenant(context);
    const device = await makeDevice(context, { tenantId });
    const end = addSeconds(context.clock.now(), 8 * HOUR);

    context.clock.set(addSeconds(end, -0.001));
    assert.equal(await closeExpiredNetworks(context), false);
    assert.equal((await networksOf(context, tenantId)).length, 1);
    assert.equal(await reasonFrom(context, device, HOME), 'full: temporary-network');

    const late = await makeDevice(context, { tenantId });
    for (const moment of [end, addSeconds(end, 0.001)]) {
      context.clock.set(moment);
      // No sweep has run yet: what counts is the time.
      assert.deepEqual(await networksOf(context, tenantId), []);
      assert.equal(await reasonFrom(context, late, HOME), 'minimal: needed');
    }
    await Promise.all([closeExpiredNetworks(context), closeExpiredNetworks(other)]);
    assert.deepEqual(await networkEvents(context), [
      ['network.opened', 'pap'],
      ['network.closed', 'expired'],
    ]);
    assert.equal((await eventsOf(store)).at(-1)?.actor, 'system');
  },
);

onBothDatabases('a new success begins the network anew, at the last moment too', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await openedTenant(context, { temporaryNetworkMaxDevices: 1 });
  const [before] = await networksOf(context, tenantId);
  const [first, second] = [await makeDevice(context, { tenantId }), await makeDevice(context, { tenantId })];
  assert.equal(await reasonFrom(context, first, HOME), 'full: temporary-network');
  assert.equal(await reasonFrom(context, second, HOME), 'minimal: needed', 'full');

  context.clock.set(addSeconds(before?.expiresAt ?? new Date(0), -0.001));
  await succeedAt(context, tenantId, HOME);
  const [after] = await networksOf(context, tenantId);
  assert.equal(after?.id, before?.id);
  assert.deepEqual(after?.openedAt, context.clock.now());
  assert.deepEqual(after?.expiresAt, addSeconds(context.clock.now(), 8 * HOUR));
  assert.deepEqual(after?.createdAt, before?.createdAt);
  assert.equal(after?.devices, 0, 'whom it had let in is forgotten');
  assert.equal(await reasonFrom(context, second, HOME), 'full: temporary-network');
  assert.deepEqual(await networkEvents(context), [
    ['network.opened', 'pap'],
    ['network.extended', 'pap'],
  ]);
});

onBothDatabases('a success at an address whose time is over opens it again', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await openedTenant(context);
  const [before] = await networksOf(context, tenantId);
  context.clock.advance(8 * HOUR);
  await succeedAt(context, tenantId, HOME);
  const [after] = await networksOf(context, tenantId);
  assert.notEqual(after?.id, before?.id);
  assert.deepEqual(await networkEvents(context), [
    ['network.opened', 'pap'],
    ['network.closed', 'expired'],
    ['network.opened', 'pap'],
  ]);
});

onBothDatabases('a success does not shorten what an administrator has given', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await makeTenant(context);
  const expiresAt = addSeconds(context.clock.now(), 24 * HOUR);
  await trust(context, tenantId, HOME, { kind: 'temporary', expiresAt });
  await succeedAt(context, tenantId, HOME);
  const [network] = await networksOf(context, tenantId);
  assert.deepEqual([network?.reason, network?.expiresAt], ['pap', expiresAt]);
});

onBothDatabases(
  'a network that an administrator removes gives nothing any more, a temporary one too',
  async ({ store }) => {
    const context = makeContext(store);
    const tenantId = await openedTenant(context);
    await trust(context, tenantId, '198.51.100.0/24');
    const device = await makeDevice(context, { tenantId });
    for (const { id } of await networksOf(context, tenantId)) {
      assert.equal(
        await removeNetwork(context, await makeTenant(context), id, ADMIN),
        false,
        'not their own',
      );
      assert.equal(await removeNetwork(context, tenantId, id, ADMIN), true);
      assert.equal(await removeNetwork(context, tenantId, id, ADMIN), false);
    }
    assert.equal(await reasonFrom(context, device, HOME), 'minimal: needed');
    assert.equal(await reasonFrom(context, device, ELSEWHERE), 'minimal: needed');
    assert.deepEqual((await networkEvents(context)).slice(-2), [
      ['network.closed', 'removed'],
      ['network.closed', 'removed'],
    ]);
  },
);

onBothDatabases('of two temporary networks the narrower one lets in', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await makeTenant(context);
  await trust(context, tenantId, '192.0.2.0/24', { kind: 'temporary' });
  await succeedAt(context, tenantId, HOME);
  await fetchFrom(context, await makeDevice(context, { tenantId }), HOME);
  const counts = (await networksOf(context, tenantId)).map(({ prefix, devices }) => [prefix, devices]);
  assert.deepEqual(
    new Map(counts as [string, number][]),
    new Map([
      ['192.0.2.0/24', 0],
      ['192.0.2.10/32', 1],
    ]),
  );
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { clientAddress } from '../../src/domain/client-address.js';
import { MAX_TOLD_SOURCES } from '../../src/domain/repetition.js';
import { IgnoredForwarding } from '../../src/services/fetch/ignored-forwarding.js';
import { insertNetwork } from '../../src/store/networks.js';
import { eventTypesOf, makeContext, makeDevice } from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';

const forged = (peer: string) => clientAddress(peer, { forwarded: 'for=192.0.2.7' }, []);

onBothDatabases(
  'ignored forwarding headers are told once an hour of each peer, of so many peers and then of all together',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    const now = context.clock.now();
    await insertNetwork(store.db, {
      id: randomUUID(),
      tenantId: device.tenantId ?? '',
      prefix: '192.0.2.0/24',
      kind: 'permanent',
      label: null,
      reason: 'administrator',
      openedBy: 'anna',
      openedFor: null,
      openedAt: now,
      expiresAt: null,
      createdAt: now,
    });
    const forwarding = new IgnoredForwarding(context, 3);
    const told = async () => (await eventTypesOf(store, device)).length;

    await forwarding.report(device, clientAddress('198.51.100.1', {}, []));
    assert.equal(await told(), 0, 'no header, no event');
    for (const round of ['first', 'second'])
      for (let peer = 1; peer <= 30; peer += 1) {
        await forwarding.report(device, forged(`198.51.100.${peer}`));
        if (round === 'first') assert.equal(await told(), Math.min(peer, MAX_TOLD_SOURCES + 1));
      }
    assert.equal(await told(), MAX_TOLD_SOURCES + 1, 'however few peers are remembered');
    context.clock.set(new Date(now.getTime() + 3_600_000 - 1));
    await forwarding.report(device, forged('198.51.100.1'));
    await forwarding.report(device, forged('198.51.100.4'));
    assert.equal(await told(), MAX_TOLD_SOURCES + 1, 'a millisecond before the hour is over');
    // A minute later, for within one an instance does not ask again.
    context.clock.set(new Date(now.getTime() + 3_660_000));
    await forwarding.report(device, forged('198.51.100.1'));
    await forwarding.report(device, forged('198.51.100.4'));
    assert.equal(await told(), MAX_TOLD_SOURCES + 3);
  },
);

onBothDatabases('a database that fails does not fail the fetch', async ({ store }) => {
  const context = makeContext(store);
  const device = { ...(await makeDevice(context)), tenantId: 'no uuid' };
  await new IgnoredForwarding(context).report(device, forged('198.51.100.1'));
  assert.deepEqual(await eventTypesOf(store), []);
});

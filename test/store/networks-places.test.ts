/** How many devices a temporary network lets in, and who takes a place in it. */
import assert from 'node:assert/strict';
import { addSeconds } from '../../src/domain/time.js';
import { fetchConfiguration } from '../../src/services/fetch/fetch-configuration.js';
import { makeContext, makeDevice } from '../support/fixture.js';
import { lookUp, reasonFrom, tokenFor } from '../support/network-phones.js';
import { HOME, networksOf, openedTenant, trust } from '../support/networks.js';
import { onBothDatabases } from '../support/store.js';

onBothDatabases('a temporary network lets in as many devices as the policy says', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await openedTenant(context, { temporaryNetworkMaxDevices: 3 });
  const devices = await Promise.all(Array.from({ length: 5 }, () => makeDevice(context, { tenantId })));
  const reasons: string[] = [];
  for (const device of devices) reasons.push(await reasonFrom(context, device, HOME));
  const [inside, outside] = ['full: temporary-network', 'minimal: needed'];
  assert.deepEqual(reasons, [inside, inside, inside, outside, outside]);
  assert.equal((await networksOf(context, tenantId))[0]?.devices, 3);

  const [first, , , fourth] = devices;
  assert.ok(first !== undefined && fourth !== undefined);
  assert.equal(await reasonFrom(context, first, HOME), inside, 'it is among them');
  await store.db.deleteFrom('devices').where('id', '=', first.id).execute();
  assert.equal(await reasonFrom(context, fourth, HOME), inside, 'a place is free again');
});

onBothDatabases('who is let in for another reason takes no place', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await openedTenant(context, { temporaryNetworkMaxDevices: 1 });
  const suspended = await makeDevice(context, { tenantId });
  const suspendedUntil = addSeconds(context.clock.now(), 60);
  await store.db
    .updateTable('devices')
    .set({ suspendedUntil: suspendedUntil })
    .where('id', '=', suspended.id)
    .execute();
  assert.equal(await reasonFrom(context, suspended, HOME), 'full: suspension');
  const proven = await makeDevice(context, { tenantId });
  const token = await tokenFor(context, proven, HOME);
  await store.db.updateTable('tokens').set({ state: 'proven' }).where('id', '=', token.id).execute();
  assert.equal(await reasonFrom(context, proven, HOME, token), 'full: token');
  assert.equal((await networksOf(context, tenantId))[0]?.devices, 0);
  await trust(context, tenantId, HOME);
  assert.equal(await reasonFrom(context, await makeDevice(context, { tenantId }), HOME), 'full: network');
  assert.equal((await networksOf(context, tenantId))[0]?.devices, 0);
});

onBothDatabases('whom it would let in when it ends meanwhile, it does not', async ({ store }) => {
  const context = makeContext(store);
  for (const [milliseconds, reason] of [
    [-1, 'temporary-network'],
    [0, 'needed'],
    [1, 'needed'],
  ] as const) {
    const tenantId = await openedTenant(context);
    const [network] = await networksOf(context, tenantId);
    assert.ok(network?.expiresAt);
    // Decided on what was looked up in time.
    const asked = await lookUp(context, await makeDevice(context, { tenantId }), HOME);
    context.clock.set(new Date(network.expiresAt.getTime() + milliseconds));
    assert.equal((await fetchConfiguration(context, asked))?.reason, reason, `${milliseconds} ms`);
  }
});

/** Whose an open window is, when several ask. */
import assert from 'node:assert/strict';
import { authorizeProvisioning } from '../../src/services/authentication/authorize-provisioning.js';
import { suspendAuthentication } from '../../src/services/authentication/suspend-authentication.js';
import { findToken } from '../../src/store/tokens.js';
import { carriedOut, eventsOf, makeContext, reread } from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { ADMIN, DAY, ELSEWHERE, HOME, ask, syncedPhone, windowDevice } from '../support/window-devices.js';

onBothDatabases(
  'what comes back after sixty days shuts out no other phone that proved itself since',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await windowDevice(context);
    const leftover = await syncedPhone(context, device);
    context.clock.advance(59 * DAY);
    await authorizeProvisioning(context, device.mac, ADMIN);
    const phone = await syncedPhone(context, device);
    context.clock.advance(2 * DAY);

    const back = await ask(context, device, leftover, ELSEWHERE);
    assert.equal(back.outcome, 'minimal unauthorized');
    assert.notEqual(back.tokenId, leftover, 'it is nobody now');
    assert.equal((await findToken(store.db, leftover))?.state, 'revoked');
    assert.equal((await ask(context, device, leftover, ELSEWHERE)).outcome, 'minimal unauthorized');
    assert.equal((await ask(context, device, phone)).outcome, 'full token', 'not disturbed');
  },
);

onBothDatabases(
  'an open window is for the first address; a second claimant is turned away and reported',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await windowDevice(context);
    const first = await ask(context, device, null, '2001:db8:1:2::1');
    assert.equal(first.outcome, 'full window');
    assert.equal((await ask(context, device, null, '2001:db8:1:2:3::4')).outcome, 'full window', 'its /64');
    const second = await ask(context, device, null, ELSEWHERE);
    assert.equal(second.outcome, 'minimal unauthorized');
    const { attention } = await reread(context, device);
    assert.equal(attention, 'contested');
    const contested = (await eventsOf(store, device)).filter(({ type }) => type === 'device.contested');
    assert.deepEqual(
      contested.map(({ address, data }) => [address, data]),
      [[ELSEWHERE, { first: '2001:db8:1:2::/64' }]],
    );

    assert.equal((await ask(context, device, second.tokenId, ELSEWHERE)).outcome, 'minimal unauthorized');
    const moved = await ask(context, device, first.tokenId, '203.0.113.9');
    assert.equal(moved.outcome, 'full token', 'the first came back with its own token from another address');
    assert.equal((await ask(context, device, second.tokenId, ELSEWHERE)).outcome, 'minimal unauthorized');
  },
);

onBothDatabases('who waits elsewhere when a window is claimed is reported', async ({ store }) => {
  const context = makeContext(store);
  const device = await windowDevice(context);
  context.clock.advance(31 * DAY);
  const phone = await ask(context, device);
  const stranger = await ask(context, device, null, ELSEWHERE);
  const authorized = carriedOut(await authorizeProvisioning(context, device.mac, ADMIN));
  assert.equal(authorized?.attention, null);
  assert.equal((await ask(context, device, stranger.tokenId, ELSEWHERE)).outcome, 'full window');
  assert.equal((await ask(context, device, phone.tokenId)).outcome, 'minimal unauthorized');
  assert.equal((await reread(context, device)).attention, 'contested');
  const contested = (await eventsOf(store, device)).filter(({ type }) => type === 'device.contested');
  assert.deepEqual(contested.at(-1)?.data, { first: `${ELSEWHERE}/32` });
});

onBothDatabases(
  'two instances are asked at the same moment: exactly one claimant gets in',
  async ({ store, openAnother }) => {
    const one = makeContext(store);
    const other = makeContext(await openAnother(), one.clock);
    for (let round = 0; round < 10; round++) {
      const device = await windowDevice(one);
      const outcomes = await Promise.all([ask(one, device, null, HOME), ask(other, device, null, ELSEWHERE)]);
      assert.deepEqual(outcomes.map(({ outcome }) => outcome).toSorted(), [
        'full window',
        'minimal unauthorized',
      ]);
      const winner = outcomes[0]?.outcome === 'full window' ? HOME : ELSEWHERE;
      assert.equal((await reread(one, device)).windowClaimedBy, `${winner}/32`);
    }
  },
);

onBothDatabases('who came first under another trust has the window', async ({ store }) => {
  const context = makeContext(store);
  const device = await windowDevice(context);
  await suspendAuthentication(context, device.mac, ADMIN);
  assert.equal((await ask(context, device)).outcome, 'full suspension');
  context.clock.advance(1800);
  assert.equal((await ask(context, device, null, ELSEWHERE)).outcome, 'minimal unauthorized');
  assert.equal((await ask(context, device)).outcome, 'full window');
});

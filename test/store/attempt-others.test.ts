/**
 * Entries that end otherwise than with a PAP that is right or wrong: older phones, administrators
 * who must speak first, decoys.
 */
import assert from 'node:assert/strict';
import { rearm } from '../../src/domain/authentication.js';
import { completePolicy } from '../../src/domain/policy.js';
import { endLapsedLocks } from '../../src/services/authentication/lock-expiry.js';
import { saveAuthentication } from '../../src/store/devices.js';
import { findToken, moveToken } from '../../src/store/tokens.js';
import {
  eventTypesOf,
  eventsOf,
  makeContext,
  makeDevice,
  makePhone,
  makeToken,
  papOf,
  reread,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { enterPap, guess, opened, verdictOf } from './entries.js';

onBothDatabases(
  'a success after a loss ends what the lost phone held, and nothing else',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    const lost = await makePhone(context, device);
    await enterPap(context, device, lost);
    const now = context.clock.now();
    await moveToken(store.db, lost.id, ['released'], 'proven', now);
    const { authentication } = await reread(context, device);
    await saveAuthentication(store.db, device.id, rearm(authentication, completePolicy({}), now), now);

    const stranger = await makeToken(context, device);
    const phone = await makePhone(context, device);
    assert.equal((await guess(context, device, phone)).kind, 'wrong');
    assert.equal((await findToken(store.db, lost.id))?.state, 'proven', 'good until the new PAP succeeds');
    assert.deepEqual(await enterPap(context, device, phone), { kind: 'accepted' });
    const states = [lost, stranger, phone].map(async ({ id }) => (await findToken(store.db, id))?.state);
    assert.deepEqual(await Promise.all(states), ['revoked', 'bootstrap', 'released']);
  },
);

onBothDatabases('a phone that kept its token keys in the new PAP and keeps it', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);
  await moveToken(store.db, phone.id, ['bootstrap'], 'proven', context.clock.now());
  assert.deepEqual(await enterPap(context, device, phone), { kind: 'accepted' });
  assert.equal((await findToken(store.db, phone.id))?.state, 'proven');
});

onBothDatabases('where an administrator must authorize first, no PAP is looked at', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context, {
    policy: { secondFactor: 'pap+window', firstSyncSeconds: 60 },
  });
  const open = await makePhone(context, device);
  assert.equal((await opened(context, open)).state, 'needed');
  assert.equal((await guess(context, device, open)).kind, 'wrong');

  context.clock.advance(60);
  assert.equal((await opened(context, open)).state, 'unauthorized');
  assert.deepEqual(await enterPap(context, device, open), { kind: 'unauthorized' });
  assert.deepEqual((await eventsOf(store, device)).at(-1)?.data, { because: 'unauthorized' });
  assert.equal((await reread(context, device)).authentication.wrongInRow, 1);
});

onBothDatabases(
  'a decoy is locked as any device, is never right, and leaves nothing behind',
  async ({ store }) => {
    const context = makeContext(store);
    context.installation.guesses.perSourcePerHour = 4;
    const decoy = await makeDevice(context, { kind: 'decoy', tenantId: null });
    const phone = await makePhone(context, decoy);
    const heard = await opened(context, phone);
    assert.deepEqual([heard.state, heard.asks, heard.papDigits], ['needed', 'pap', 6]);
    // A decoy's caller cannot know the PAP.
    const pap = await papOf(context, decoy);
    assert.deepEqual(await verdictOf(context, phone, pap), { kind: 'wrong', attemptsLeft: 2 });
    assert.deepEqual(await guess(context, decoy, phone), { kind: 'wrong', attemptsLeft: 1 });
    assert.deepEqual(await verdictOf(context, phone, pap), { kind: 'failed', lockedSeconds: 1800 });
    assert.deepEqual(await verdictOf(context, phone, pap), { kind: 'failed', lockedSeconds: 1800 });
    context.clock.advance(1800);
    await endLapsedLocks(context);
    assert.deepEqual(await eventTypesOf(store), []);

    assert.deepEqual(await verdictOf(context, phone, pap), { kind: 'wrong', attemptsLeft: 2 });
    assert.deepEqual(await eventsOf(store), [
      {
        type: 'budget.spent',
        mac: null,
        actor: 'phone',
        address: '192.0.2.10',
        data: { budget: 'source', limit: 4 },
      },
    ]);
  },
);

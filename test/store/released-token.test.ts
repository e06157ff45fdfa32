/**
 * A PAP was right and its phone never came for the full configuration: what was released is taken
 * back.
 */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import type { Policy } from '../../src/domain/policy.js';
import { RELEASE_SECONDS, type Token } from '../../src/domain/token.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { takeDueResyncs } from '../../src/services/resync/due-resyncs.js';
import { endAllLapsedReleases } from '../../src/services/authentication/release-expiry.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import { setAttention } from '../../src/store/devices.js';
import type { Store } from '../../src/store/store.js';
import { findToken, moveToken } from '../../src/store/tokens.js';
import { fetchAs } from '../support/fetch.js';
import {
  PHONE_SOURCE,
  type TestContext,
  eventsOf,
  makeContext,
  makeDevice,
  makePhone,
  makeToken,
  papOf,
  reread,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';

const ELSEWHERE = '198.51.100.7';

interface Released {
  context: TestContext;
  device: Device;
  phone: Token;
  pap: string;
  /** When the release lapses. */
  end: Date;
}

/**
 * A device whose phone has called with the right PAP and been told to fetch, but not fetched yet.
 */
async function released(store: Store, policy: Partial<Policy> = { strict: true }): Promise<Released> {
  const context = makeContext(store);
  const device = await makeDevice(context, { policy });
  const phone = await makePhone(context, device);
  const pap = await papOf(context, device);
  const end = new Date(context.clock.now().getTime() + RELEASE_SECONDS * 1000);
  assert.deepEqual(await attempt(context, phone, pap), { kind: 'verdict', verdict: { kind: 'accepted' } });
  return { context, device, phone, pap, end };
}

async function attempt(context: TestContext, phone: Token, digits: string): Promise<unknown> {
  return attemptEntry(context, 'call', { user: phone.id, digits, source: PHONE_SOURCE });
}

async function stateOf(store: Store, token: Token): Promise<unknown> {
  const { state, releasedAt } = (await findToken(store.db, token.id)) ?? {};
  return [state, releasedAt];
}

const neededEvents = async (store: Store, device: Device): Promise<unknown[]> =>
  (await eventsOf(store, device)).filter(({ type }) => type === 'device.needed').map(({ data }) => data);

onBothDatabases(
  'a released token is waited for to the last millisecond of ten minutes',
  async ({ store }) => {
    const { context, device, phone, end } = await released(store);
    context.clock.set(new Date(end.getTime() - 1));
    await endAllLapsedReleases(context);
    assert.equal((await reread(context, device)).authentication.state, 'successful');
    assert.equal((await fetchAs(context, device, { tokenId: phone.id })).reason, 'token');
    assert.deepEqual(await stateOf(store, phone), ['proven', new Date(end.getTime() - 600_000)]);

    context.clock.set(new Date(end.getTime() + 1));
    await endAllLapsedReleases(context);
    assert.equal((await reread(context, device)).authentication.state, 'successful', 'it has come');
    assert.equal((await fetchAs(context, device, { tokenId: phone.id })).reason, 'token');
  },
);

for (const late of [0, 1]) {
  onBothDatabases(
    `a released token whose phone comes ${late} ms after ten minutes opens nothing, and a fresh PAP is asked for`,
    async ({ store }) => {
      const { context, device, phone, pap, end } = await released(store);
      context.clock.set(new Date(end.getTime() + late));
      const served = await fetchAs(context, device, { tokenId: phone.id });
      assert.deepEqual([served.kind, served.reason, served.tokenId], ['minimal', 'needed', phone.id]);

      assert.deepEqual(await stateOf(store, phone), ['bootstrap', null]);
      const { authentication, attention } = await reread(context, device);
      assert.deepEqual(
        [authentication.state, authentication.authenticatedBy, authentication.pap?.serial, attention],
        ['needed', null, 2, 'not_fetched'],
      );
      assert.deepEqual(await neededEvents(store, device), [{ because: 'not-fetched' }]);
      const fresh = await papOf(context, device);
      if (fresh !== pap) {
        const outcome = await attempt(context, phone, pap);
        assert.deepEqual(
          outcome,
          { kind: 'verdict', verdict: { kind: 'wrong', attemptsLeft: 2 } },
          'retired',
        );
      }
      assert.deepEqual(await attempt(context, phone, fresh), {
        kind: 'verdict',
        verdict: { kind: 'accepted' },
      });
      assert.equal((await fetchAs(context, device, { tokenId: phone.id })).reason, 'token');
    },
  );
}

onBothDatabases(
  'the watch takes a release back once, whichever instance looks, and tells the phones',
  async ({ store, openAnother }) => {
    const { context, device, phone, end } = await released(store);
    const other = makeContext(await openAnother(), context.clock);
    context.clock.set(end);
    await takeDueResyncs(context);
    await Promise.all([
      endAllLapsedReleases(context),
      endAllLapsedReleases(other),
      fetchAs(other, device, { tokenId: phone.id }),
      endAllLapsedReleases(context),
    ]);
    // Who found the device held by another instance has left it to that one.
    assert.deepEqual(await neededEvents(store, device), [{ because: 'not-fetched' }]);
    assert.deepEqual(await stateOf(store, phone), ['bootstrap', null]);
    assert.equal((await reread(context, device)).authentication.pap?.serial, 2);

    const due = await store.db.selectFrom('resyncs').select(['reason', 'tokenId']).execute();
    assert.deepEqual(due, [{ reason: 'needed', tokenId: null }]);
  },
);

onBothDatabases('a stranger gets nothing of a release that has lapsed', async ({ store }) => {
  const { context, device, phone, end } = await released(store);
  const stranger = await makeToken(context, device);
  context.clock.set(end);
  await endAllLapsedReleases(context);
  for (const tokenId of [stranger.id, phone.id, null]) {
    const served = await fetchAs(context, device, { tokenId, address: ELSEWHERE });
    assert.deepEqual([served.kind, served.reason], ['minimal', 'needed']);
  }
});

onBothDatabases('a device whose other phone has proved itself only loses the release', async ({ store }) => {
  const { context, device, phone, end } = await released(store);
  const proven = await makeToken(context, device);
  await moveToken(store.db, proven.id, ['bootstrap'], 'proven', context.clock.now());
  context.clock.set(end);
  await endAllLapsedReleases(context);
  assert.deepEqual(await stateOf(store, phone), ['bootstrap', null]);
  const { authentication, attention } = await reread(context, device);
  assert.deepEqual([authentication.state, authentication.pap, attention], ['successful', null, null]);
  assert.deepEqual(await neededEvents(store, device), []);
});

onBothDatabases('a reset has ended the release before it lapses', async ({ store }) => {
  const { context, device, phone, end } = await released(store);
  await resetAuthentication(context, device.mac, { name: 'admin', address: null });
  const pap = await papOf(context, device);
  context.clock.set(end);
  await endAllLapsedReleases(context);
  assert.equal((await findToken(store.db, phone.id))?.state, 'revoked');
  assert.equal(await papOf(context, device), pap);
  assert.deepEqual(await neededEvents(store, device), []);
});

onBothDatabases('what an administrator should look at already stays what he is shown', async ({ store }) => {
  const { context, device, end } = await released(store);
  await setAttention(store.db, device.id, 'contested');
  context.clock.set(end);
  await endAllLapsedReleases(context);
  const { authentication, attention } = await reread(context, device);
  assert.deepEqual([authentication.state, attention], ['needed', 'contested']);
});

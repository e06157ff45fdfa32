/** Telavox's windows over months: who gets in, who must be authorized, and that it stays so. */
import assert from 'node:assert/strict';
import { parseMac } from '../../src/domain/mac.js';
import { SECOND_FACTORS } from '../../src/domain/policy.js';
import { addSeconds } from '../../src/domain/time.js';
import { authorizeProvisioning } from '../../src/services/authentication/authorize-provisioning.js';
import { removeDevice } from '../../src/services/devices/devices.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import { suspendAuthentication } from '../../src/services/authentication/suspend-authentication.js';
import { touchToken } from '../../src/store/tokens.js';
import {
  carriedOut,
  eventTypesOf,
  eventsOf,
  makeContext,
  reread,
  type TestContext,
} from '../support/fixture.js';
import { fetchAs } from '../support/fetch.js';
import { onBothDatabases } from '../support/store.js';
import {
  ADMIN,
  DAY,
  ask,
  askUnseen,
  setPolicy,
  syncedPhone,
  windowDevice,
} from '../support/window-devices.js';

const NOBODYS = parseMac('02:00:00:00:00:01') ?? assert.fail('not a MAC');

function turnTo(context: TestContext, from: Date, seconds: number, milliseconds: number): void {
  context.clock.set(new Date(addSeconds(from, seconds).getTime() + milliseconds));
}

onBothDatabases(
  'a new phone gets in for thirty days, and is successful once it comes back',
  async ({ store }) => {
    const context = makeContext(store);
    for (const [milliseconds, expected] of [
      [-1, 'full window'],
      [0, 'minimal unauthorized'],
      [1, 'minimal unauthorized'],
    ] as const) {
      const device = await windowDevice(context);
      turnTo(context, device.createdAt, 30 * DAY, milliseconds);
      const { outcome, tokenId } = await ask(context, device);
      assert.equal(outcome, expected, `${milliseconds} ms`);
      const isIn = expected === 'full window';
      const back = isIn ? 'full token' : expected;
      assert.equal((await ask(context, device, tokenId)).outcome, back);
      const { authentication, firstSyncedAt } = await reread(context, device);
      assert.equal(authentication.state, isIn ? 'successful' : 'needed');
      assert.equal(authentication.authenticatedBy, isIn ? 'window' : null);
      assert.deepEqual(firstSyncedAt, isIn ? context.clock.now() : null);
    }
  },
);

onBothDatabases(
  'a later change of the policy moves no window, but what it asks for counts at once',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await windowDevice(context);
    const { tenantId } = device;
    assert.ok(tenantId !== null);
    await setPolicy(context, device, { firstSyncSeconds: 60 });
    assert.deepEqual((await reread(context, device)).firstSyncUntil, device.firstSyncUntil);
    context.clock.advance(3600);
    await setPolicy(context, device, { secondFactor: 'pap' });
    assert.equal((await ask(context, device)).outcome, 'minimal needed');
    await setPolicy(context, device, { secondFactor: 'window' });
    assert.equal((await ask(context, device)).outcome, 'full window');

    const authorized = carriedOut(await authorizeProvisioning(context, device.mac, ADMIN));
    assert.deepEqual(authorized?.firstSyncUntil, addSeconds(context.clock.now(), 60));
  },
);

onBothDatabases(
  'after sixty days of silence a phone must be approved again, and stays so while it asks',
  async ({ store }) => {
    const context = makeContext(store);
    for (const [milliseconds, expected] of [
      [-1, 'full token'],
      [0, 'minimal unauthorized'],
      [1, 'minimal unauthorized'],
    ] as const) {
      const device = await windowDevice(context);
      const token = await syncedPhone(context, device);
      turnTo(context, context.clock.now(), 60 * DAY, milliseconds);
      assert.deepEqual(await ask(context, device, token), { outcome: expected, tokenId: token });
      if (expected === 'full token') continue;

      for (let minute = 0; minute < 3; minute++) {
        context.clock.advance(60);
        assert.equal((await ask(context, device, token)).outcome, expected);
      }
      assert.equal((await reread(context, device)).attention, 'inactive');

      const authorized = carriedOut(await authorizeProvisioning(context, device.mac, ADMIN));
      assert.deepEqual([authorized?.attention, authorized?.authentication.state], [null, 'successful']);
      assert.deepEqual(await ask(context, device, token), { outcome: 'full token', tokenId: token });
    }
  },
);

onBothDatabases(
  'an approved phone is no longer silent, even if what its fetch left behind is lost',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await windowDevice(context);
    const token = await syncedPhone(context, device);
    context.clock.advance(61 * DAY);
    assert.equal((await askUnseen(context, device, token)).outcome, 'minimal unauthorized');
    await authorizeProvisioning(context, device.mac, ADMIN);
    assert.equal((await askUnseen(context, device, token)).outcome, 'full token');
    assert.equal((await ask(context, device, token)).outcome, 'full token');
  },
);

onBothDatabases(
  'registering or calling does not end the silence of a phone that proved itself',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await windowDevice(context);
    const token = await syncedPhone(context, device);
    context.clock.advance(61 * DAY);
    await touchToken(store.db, token, context.clock.now());
    assert.equal((await ask(context, device, token)).outcome, 'minimal unauthorized');
  },
);

onBothDatabases(
  'a phone that lost its token must be approved; the one that holds it is not disturbed',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await windowDevice(context);
    const holder = await syncedPhone(context, device);
    const lost = await ask(context, device);
    assert.equal(lost.outcome, 'minimal unauthorized');
    assert.equal((await reread(context, device)).attention, 'token_missing');
    assert.ok((await eventTypesOf(store, device)).includes('device.token_missing'));
    assert.equal((await ask(context, device, holder)).outcome, 'full token');
    assert.equal((await ask(context, device, lost.tokenId)).outcome, 'minimal unauthorized');

    await authorizeProvisioning(context, device.mac, ADMIN);
    assert.equal((await ask(context, device, lost.tokenId)).outcome, 'full window');
    assert.equal((await ask(context, device, lost.tokenId)).outcome, 'full token', 'it came back with it');
    assert.equal((await ask(context, device, holder)).outcome, 'full token');
  },
);

onBothDatabases(
  'a reset from the portal needs no approval, nor does a device that is made anew',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await windowDevice(context);
    const token = await syncedPhone(context, device);
    context.clock.advance(90 * DAY);
    const reset = await resetAuthentication(context, device.mac, ADMIN);
    assert.deepEqual(reset?.firstSyncUntil, addSeconds(context.clock.now(), 30 * DAY));
    assert.deepEqual(await reread(context, device), reset);
    const { outcome, tokenId } = await ask(context, device, token);
    assert.equal(outcome, 'full window');
    assert.notEqual(tokenId, token);

    await removeDevice(context, device.mac, ADMIN);
    const anew = await windowDevice(context);
    assert.equal((await ask(context, anew)).outcome, 'full window');
  },
);

onBothDatabases(
  'a suspension does not stand in for the approval, and does work while the window is open',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await windowDevice(context, { secondFactor: 'pap+window' });
    const waiting = await ask(context, device);
    assert.equal(waiting.outcome, 'minimal needed', 'the PAP is asked for as well');
    context.clock.advance(30 * DAY);
    await suspendAuthentication(context, device.mac, ADMIN);
    assert.equal((await ask(context, device)).outcome, 'minimal unauthorized');
    await authorizeProvisioning(context, device.mac, ADMIN);
    assert.equal((await ask(context, device)).outcome, 'full suspension');
  },
);

onBothDatabases(
  'a policy that only observes lets a silent phone in, and does not hold it against it later',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await windowDevice(context);
    const token = await syncedPhone(context, device);
    const { tenantId } = device;
    assert.ok(tenantId !== null);
    await setPolicy(context, device, { enforce: false });
    context.clock.advance(61 * DAY);
    const served = await fetchAs(context, device, { tokenId: token });
    assert.deepEqual([served.kind, served.reason], ['full', 'not-enforced']);
    assert.equal(served.kind === 'full' && served.would?.reason, 'unauthorized');
    await ask(context, device, token);
    await setPolicy(context, device, { enforce: true });
    assert.equal((await ask(context, device, token)).outcome, 'full token');
  },
);

onBothDatabases('authorizing stores a new "first sync until" under every policy', async ({ store }) => {
  const context = makeContext(store);
  for (const secondFactor of SECOND_FACTORS) {
    const device = await windowDevice(context, { secondFactor, firstSyncSeconds: 600 });
    context.clock.advance(3600);
    const firstSyncUntil = addSeconds(context.clock.now(), 600);
    const authorized = carriedOut(await authorizeProvisioning(context, device.mac, ADMIN));
    assert.deepEqual(authorized, { ...device, firstSyncUntil });
    assert.deepEqual(await reread(context, device), authorized);
    assert.deepEqual(await eventsOf(store, device), [
      {
        type: 'provisioning.authorized',
        mac: device.mac,
        actor: 'admin',
        address: null,
        data: { firstSyncUntil: firstSyncUntil.toISOString() },
      },
    ]);
  }
  assert.equal(await authorizeProvisioning(context, NOBODYS, ADMIN), null);
});

onBothDatabases(
  'where a PAP is needed too, a phone that lost its token gets a fresh one, and only that phone',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await windowDevice(context);
    const holder = await syncedPhone(context, device);
    await setPolicy(context, device, { secondFactor: 'pap+window' });

    context.clock.advance(61 * DAY);
    assert.equal((await ask(context, device, holder)).outcome, 'minimal unauthorized');
    const afterSilence = carriedOut(await authorizeProvisioning(context, device.mac, ADMIN));
    assert.deepEqual(afterSilence?.authentication, (await reread(context, device)).authentication);
    assert.equal(afterSilence?.authentication.state, 'successful', 'the token is enough');
    assert.equal((await ask(context, device, holder)).outcome, 'full token');

    const lost = await ask(context, device);
    assert.equal(lost.outcome, 'minimal unauthorized');
    const afterLoss = carriedOut(await authorizeProvisioning(context, device.mac, ADMIN));
    assert.equal(afterLoss?.authentication.state, 'needed');
    assert.notEqual(afterLoss?.authentication.pap, null);
    assert.equal((await ask(context, device, lost.tokenId)).outcome, 'minimal needed');
    assert.equal((await ask(context, device, holder)).outcome, 'full token', 'not disturbed');
  },
);

/** What counts as a token, what does not, and what an administrator hears of it. */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import { UNPROVEN_TOKEN_SECONDS } from '../../src/domain/token.js';
import { MAX_UNPROVEN_PER_SOURCE } from '../../src/domain/token-places.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { findToken, tokensOfDevice } from '../../src/store/tokens.js';
import {
  type EventLine,
  eventsOf,
  makeDevice,
  papOf,
  PHONE_SOURCE,
  reread,
  registerPhone,
  type TestContext,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import {
  type Fetched,
  fileOf,
  giveLines,
  nextUrl,
  parameter,
  userOf,
  withProvisioning,
  type World,
} from './provisioning-phones.js';

const eventsOfType = async (context: TestContext, device: Device, type: string): Promise<EventLine[]> =>
  (await eventsOf(context.store, device)).filter((event) => event.type === type);

/** Takes a device to successful; answers the URL of the phone that did it. */
async function authenticate({ context, fetch }: World, device: Device): Promise<string> {
  const minimal = await fetch(`/${fileOf(device)}`);
  const digits = await papOf(context, device);
  await attemptEntry(context, 'call', { user: userOf(minimal), digits, source: PHONE_SOURCE });
  const url = nextUrl(minimal, device);
  await fetch(url);
  return url;
}

onBothDatabases('the token of one phone opens nothing of another', async ({ store }) => {
  await withProvisioning(store, async (world) => {
    const { context, fetch } = world;
    const [mine, yours] = [await makeDevice(context), await makeDevice(context)];
    await giveLines(context, yours, 1);
    const url = await authenticate(world, mine);

    const crossed = await fetch(url.replace(fileOf(mine), fileOf(yours)));
    assert.equal(parameter(crossed, 'account.1.label'), 'Authentication needed');
    assert.doesNotMatch(crossed.body, /line-password/);
    const [event, ...more] = await eventsOfType(context, yours, 'device.token_missing');
    assert.equal(event?.data['reason'], 'other-device');
    assert.deepEqual(more, []);
    assert.deepEqual(await eventsOfType(context, mine, 'device.token_missing'), []);
    assert.equal((await reread(context, yours)).attention, null, 'it waits for its PAP, as before');
  });
});

onBothDatabases('a token that was changed, guessed or cut is none', async ({ store }) => {
  await withProvisioning(store, async (world) => {
    const { context, fetch } = world;
    const device = await makeDevice(context, { policy: { strict: true } });
    await giveLines(context, device, 1);
    const url = await authenticate(world, device);
    const token = url.split('/').at(-2) ?? '';
    const last = token.endsWith('a') ? 'b' : 'a';
    for (const wrong of [
      token.slice(0, -1) + last,
      token.slice(0, -1),
      `${token}a`,
      token.toUpperCase(),
      token.slice(0, 12) + 'a'.repeat(20),
      'a'.repeat(32),
      'token',
    ]) {
      const answer = await fetch(`/${wrong}/${fileOf(device)}`);
      assert.equal(parameter(answer, 'account.1.label'), 'Authentication needed', wrong);
    }
    assert.match((await fetch(url)).body, /line-password-1/, 'the phone that holds it is not disturbed');
    const reasons = (await eventsOfType(context, device, 'device.token_missing')).map(
      ({ data }) => data['reason'],
    );
    assert.deepEqual(reasons, ['unknown', 'malformed'], 'each reason once');
    assert.equal((await reread(context, device)).attention, 'token_missing');
  });
});

onBothDatabases(
  'a bootstrap token lapses a day after its last use, to the millisecond',
  async ({ store }) => {
    await withProvisioning(store, async ({ context, fetch, provisioning }) => {
      const device = await makeDevice(context);
      const first = await fetch(`/${fileOf(device)}`);
      const url = nextUrl(first, device);
      context.clock.advance(UNPROVEN_TOKEN_SECONDS - 0.001);
      assert.equal((await fetch(url)).body, first.body);
      await provisioning.flush();
      context.clock.advance(UNPROVEN_TOKEN_SECONDS - 0.001);
      assert.equal((await fetch(url)).body, first.body, 'that was a use');
      await provisioning.flush();
      context.clock.advance(UNPROVEN_TOKEN_SECONDS);
      assert.notEqual((await fetch(url)).body, first.body);
    });
  },
);

onBothDatabases('a proven token never lapses', async ({ store }) => {
  await withProvisioning(store, async (world) => {
    const device = await makeDevice(world.context);
    await giveLines(world.context, device, 1);
    const url = await authenticate(world, device);
    world.context.clock.advance(UNPROVEN_TOKEN_SECONDS * 4000);
    assert.match((await world.fetch(url)).body, /line-password-1/);
  });
});

onBothDatabases('unproven tokens are bounded, and those of phones that came back stay', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch }) => {
    const device = await makeDevice(context);
    const phone = await fetch(`/${fileOf(device)}`);
    const registered = await findToken(store.db, userOf(phone));
    assert.ok(registered !== null);
    await registerPhone(context, registered);

    const strangers: Fetched[] = [];
    for (let number = 0; number < MAX_UNPROVEN_PER_SOURCE + 4; number++) {
      context.clock.advance(1);
      strangers.push(await fetch(`/${fileOf(device)}`));
    }
    const live = (await tokensOfDevice(store.db, device.id)).filter(({ state }) => state === 'bootstrap');
    const expected = [phone, ...strangers.slice(-(MAX_UNPROVEN_PER_SOURCE - 1))];
    assert.deepEqual(live.map(({ id }) => id).sort(), expected.map(userOf).sort());
    assert.equal((await fetch(nextUrl(phone, device))).body, phone.body);
  });
});

onBothDatabases(
  'who comes without the token of a device that proved itself is reported, and flagged once',
  async ({ store }) => {
    await withProvisioning(store, async (world) => {
      const { context, fetch } = world;
      const device = await makeDevice(context, { policy: { strict: true } });
      const url = await authenticate(world, device);
      assert.equal((await reread(context, device)).attention, null);

      const lost = await fetch(`/${fileOf(device)}`);
      assert.equal(parameter(lost, 'account.1.label'), 'Authentication needed');
      assert.equal((await reread(context, device)).attention, 'token_missing');
      await fetch(nextUrl(lost, device));
      assert.equal(
        (await eventsOfType(context, device, 'device.token_missing')).length,
        1,
        'it waits with its own now',
      );
      assert.equal((await fetch(url)).status, 200);
      assert.equal((await reread(context, device)).authentication.state, 'successful');
    });
  },
);

onBothDatabases('a second address that asks without a token contests the first one', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch }) => {
    const device = await makeDevice(context);
    const path = `/${fileOf(device)}`;
    await fetch(path, { from: '127.0.0.2' });
    await fetch(path, { from: '127.0.0.2' });
    assert.deepEqual(await eventsOfType(context, device, 'device.contested'), []);

    await fetch(path, { from: '127.0.0.3' });
    await fetch(path, { from: '127.0.0.3' });
    await fetch(path, { from: '127.0.0.2' });
    const [contested, ...more] = await eventsOfType(context, device, 'device.contested');
    assert.deepEqual([contested?.address, contested?.data], ['127.0.0.3', { first: '127.0.0.2' }]);
    assert.deepEqual(more, [], 'both are known now');
    assert.equal((await reread(context, device)).attention, 'contested');

    context.clock.advance(UNPROVEN_TOKEN_SECONDS);
    await fetch(path, { from: '127.0.0.4' });
    assert.equal(
      (await eventsOfType(context, device, 'device.contested')).length,
      1,
      'the others have lapsed',
    );
  });
});

onBothDatabases('a hundred phones that claim one MAC at once get tokens of their own', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch }) => {
    const device = await makeDevice(context);
    const answers = await Promise.all(Array.from({ length: 100 }, () => fetch(`/${fileOf(device)}`)));
    assert.equal(new Set(answers.map(userOf)).size, 100);
    const live = (await tokensOfDevice(store.db, device.id)).filter(({ state }) => state === 'bootstrap');
    assert.equal(live.length, MAX_UNPROVEN_PER_SOURCE);
  });
});

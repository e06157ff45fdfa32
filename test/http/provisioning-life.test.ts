/**
 * A phone's life as its fetches see it: from the first minimal configuration to the full one, and
 * back.
 */
import assert from 'node:assert/strict';
import type { Token } from '../../src/domain/token.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { removeDevice } from '../../src/services/devices/devices.js';
import { takeDueResyncs } from '../../src/services/resync/due-resyncs.js';
import { resyncDevice } from '../../src/services/devices/change-device.js';
import { requestResync } from '../../src/services/resync/resyncs.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import { suspendAuthentication } from '../../src/services/authentication/suspend-authentication.js';
import { findToken } from '../../src/store/tokens.js';
import {
  eventsOf,
  makeDevice,
  makeSite,
  makeTenant,
  papOf,
  PHONE_SOURCE,
  registerPhone,
  reread,
  type TestContext,
  wrongPapOf,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { fileOf, giveLines, nextUrl, parameter, userOf, withProvisioning } from './provisioning-phones.js';

const ADMIN = { name: 'admin', address: null };

const call = async (context: TestContext, user: string, digits: string): Promise<unknown> =>
  attemptEntry(context, 'call', { user, digits, source: PHONE_SOURCE });

const tokenOf = async (context: TestContext, user: string): Promise<Token> => {
  const token = await findToken(context.store.db, user);
  assert.ok(token !== null);
  return token;
};

onBothDatabases('a phone proves itself by a call and gets its full configuration', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch, provisioning, log }) => {
    const tenantId = await makeTenant(context, { numbers: ['110', '112'], language: 'fr' });
    const siteId = await makeSite(context, tenantId, { language: 'de' });
    const device = await makeDevice(context, { tenantId, siteId });
    await giveLines(context, device, 2);

    const first = await fetch(`/${fileOf(device)}`);
    assert.equal(first.status, 200);
    assert.equal(parameter(first, 'account.1.label'), 'Authentication needed');
    assert.equal(parameter(first, 'features.hotline_number'), '*89');
    assert.equal(parameter(first, 'phone_setting.emergency.number'), '110,112');
    assert.equal(parameter(first, 'lang.gui'), 'German');
    assert.equal(parameter(first, 'account.1.sip_server.1.address'), 'sip.example');
    assert.doesNotMatch(first.body, /line-password|pbx\.example/);
    assert.equal(first.headers['cache-control'], 'no-store');

    const url = nextUrl(first, device);
    const waiting = await fetch(url);
    assert.equal(waiting.body, first.body, 'the same token, the same bytes');
    assert.equal(waiting.headers.etag, first.headers.etag);
    const unchanged = await fetch(url, { headers: { 'If-None-Match': waiting.headers.etag } });
    assert.equal(unchanged.status, 304);
    assert.equal(unchanged.body, '');

    await call(context, userOf(first), await wrongPapOf(context, device));
    assert.equal((await fetch(url)).body, first.body);
    await call(context, userOf(first), await papOf(context, device));

    const stranger = await fetch(`/${fileOf(device)}`, { from: '127.0.0.9' });
    assert.equal(parameter(stranger, 'account.1.label'), 'Authentication needed');
    const full = await fetch(url);
    assert.equal(parameter(full, 'account.1.password'), 'line-password-1');
    assert.equal(parameter(full, 'account.2.password'), 'line-password-2');
    assert.equal(parameter(full, 'account.3.enable'), '0');
    assert.equal(nextUrl(full, device), url, 'the phone keeps its token');
    assert.equal((await findToken(store.db, userOf(first)))?.state, 'proven');
    assert.equal((await fetch(url)).body, full.body);
    const hours = Number(parameter(full, 'static.auto_provision.repeat.minutes')) / 60;
    assert.ok(hours >= 4 && hours <= 6, `${hours} hours`);
    const still = await fetch(url, { headers: { 'If-None-Match': `"other", W/${full.headers.etag}` } });
    assert.equal(still.status, 304);

    await provisioning.flush();
    const events = await eventsOf(store, device);
    const served = events.filter(({ type }) => type.startsWith('config.'));
    assert.deepEqual(
      served.map(({ type, data, address, actor }) => [type, data['reason'], address, actor]),
      [
        ['config.minimal', 'needed', '127.0.0.1', 'phone'],
        ['config.minimal', 'successful', '127.0.0.9', 'phone'],
        ['config.full', 'token', '127.0.0.1', 'phone'],
      ],
      'one for each reason, however often it went out',
    );
    const seen = await reread(context, device);
    assert.deepEqual([seen.lastSeenAddress, seen.lastProvisionedAt], ['127.0.0.1', context.clock.now()]);

    const token = url.split('/').at(-2) ?? '';
    assert.equal(token.length, 32);
    assert.doesNotMatch(log(), new RegExp(`${token}|line-password|${token.slice(12)}`));
    assert.match(log(), new RegExp(`"path":"/~/${fileOf(device)}"`));
  });
});

onBothDatabases('each state has its words, and a lock that is over needs no timer', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch }) => {
    const device = await makeDevice(context, { policy: { maxLockouts: 2 } });
    const first = await fetch(`/${fileOf(device)}`);
    const url = nextUrl(first, device);
    const lock = async (): Promise<void> => {
      for (let wrong = 0; wrong < 3; wrong++)
        await call(context, userOf(first), await wrongPapOf(context, device, wrong));
    };
    await lock();
    assert.equal(parameter(await fetch(url), 'account.1.label'), 'Authentication failed');
    context.clock.advance(1800);
    assert.equal(parameter(await fetch(url), 'account.1.label'), 'Authentication needed');
    await lock();
    assert.equal(parameter(await fetch(url), 'account.1.label'), 'Authentication blocked');
  });
});

onBothDatabases('a reset ends every token, and a new one begins', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch }) => {
    const device = await makeDevice(context, { policy: { strict: true } });
    await giveLines(context, device, 1);
    const first = await fetch(`/${fileOf(device)}`);
    const url = nextUrl(first, device);
    await call(context, userOf(first), await papOf(context, device));
    assert.match((await fetch(url)).body, /line-password-1/);

    await resetAuthentication(context, device.mac, ADMIN);
    const again = await fetch(url);
    assert.equal(parameter(again, 'account.1.label'), 'Authentication needed');
    assert.doesNotMatch(again.body, /line-password/);
    assert.notEqual(nextUrl(again, device), url);

    await removeDevice(context, device.mac, ADMIN);
    assert.equal((await fetch(nextUrl(again, device))).status, 404);
  });
});

onBothDatabases(
  'a phone that has fetched after a reset is told under its new name only',
  async ({ store }) => {
    await withProvisioning(store, async ({ context, fetch, provisioning }) => {
      const device = await makeDevice(context);
      const first = await fetch(`/${fileOf(device)}`);
      await registerPhone(context, await tokenOf(context, userOf(first)));
      await resetAuthentication(context, device.mac, ADMIN);
      assert.equal((await takeDueResyncs(context)).length, 1, 'the old registration is good for the news');

      const again = await fetch(nextUrl(first, device));
      await provisioning.flush();
      await registerPhone(context, await tokenOf(context, userOf(again)));
      await resyncDevice(context, device.mac);
      assert.deepEqual(
        (await takeDueResyncs(context)).map(({ user }) => user),
        [userOf(again)],
      );
    });
  },
);

onBothDatabases('a fetch with its token closes the resync that the phone was sent', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch, provisioning }) => {
    const device = await makeDevice(context);
    const first = await fetch(`/${fileOf(device)}`);
    const open = async (): Promise<number> =>
      (await store.db.selectFrom('resyncs').select('id').where('deviceId', '=', device.id).execute()).length;
    const wish = { deviceId: device.id, tokenId: userOf(first), callId: null, reason: 'requested' } as const;
    await requestResync(store.db, wish, context.clock.now());
    await store.db.updateTable('resyncs').set({ firstSentAt: context.clock.now(), sent: 1 }).execute();

    await fetch(`/${fileOf(device)}`);
    await provisioning.flush();
    assert.equal(await open(), 1, 'somebody without the token has not answered for the phone');
    await fetch(nextUrl(first, device));
    await provisioning.flush();
    assert.equal(await open(), 0);
  });
});

onBothDatabases(
  'suspension gives the full configuration, and its return makes the device successful',
  async ({ store }) => {
    await withProvisioning(store, async ({ context, fetch }) => {
      const device = await makeDevice(context);
      await giveLines(context, device, 1);
      await suspendAuthentication(context, device.mac, ADMIN);

      const full = await fetch(`/${fileOf(device)}`);
      assert.equal(parameter(full, 'account.1.password'), 'line-password-1');
      assert.equal((await reread(context, device)).authentication.state, 'needed');

      context.clock.advance(1801);
      assert.match(
        (await fetch(`/${fileOf(device)}`)).body,
        /Authentication needed/,
        'it is over for others',
      );
      const returned = await fetch(nextUrl(full, device));
      assert.equal(returned.body, full.body);
      const { authentication } = await reread(context, device);
      assert.deepEqual([authentication.state, authentication.authenticatedBy], ['successful', 'suspension']);
      assert.equal(authentication.pap, null);
    });
  },
);

onBothDatabases('a phone that waits with its own token is let in by a suspension too', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch }) => {
    const device = await makeDevice(context);
    await giveLines(context, device, 1);
    const url = nextUrl(await fetch(`/${fileOf(device)}`), device);
    await suspendAuthentication(context, device.mac, ADMIN);
    assert.match((await fetch(url)).body, /line-password-1/);
    assert.equal((await reread(context, device)).authentication.state, 'needed', 'until it comes back');
    assert.match((await fetch(url)).body, /line-password-1/);
    assert.equal((await reread(context, device)).authentication.state, 'successful');
  });
});

onBothDatabases('a tenant that asks for no second factor has phones that ask for none', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch, provisioning }) => {
    const device = await makeDevice(context, { policy: { secondFactor: 'none' } });
    await giveLines(context, device, 1);
    const full = await fetch(`/${fileOf(device)}`);
    assert.match(full.body, /line-password-1/);
    assert.equal((await fetch(nextUrl(full, device))).body, full.body);
    await provisioning.flush();
    assert.deepEqual(
      (await eventsOf(store, device)).map(({ type, data }) => [type, data['reason']]),
      [['config.full', 'open']],
    );
    assert.equal((await reread(context, device)).authentication.state, 'needed');
  });
});

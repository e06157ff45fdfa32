/**
 * Policy `enforce: false`: everybody is served, and what would have happened is written down; then
 * the gate is switched on.
 */
import assert from 'node:assert/strict';
import type { AuthenticationState } from '../../src/domain/authentication.js';
import type { Device } from '../../src/domain/device.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { changeTenant } from '../../src/services/tenants.js';
import { saveAuthentication } from '../../src/store/devices.js';
import {
  PHONE_SOURCE,
  type TestContext,
  eventsOf,
  makeDevice,
  papOf,
  reread,
  wrongPapOf,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import {
  type World,
  fileOf,
  giveLines,
  nextUrl,
  parameter,
  userOf,
  withProvisioning,
} from './provisioning-phones.js';

const OBSERVE = { enforce: false } as const;
const HOME = { from: '127.0.0.2' };
const ELSEWHERE = { from: '127.0.0.3' };

async function observedDevice(context: TestContext): Promise<Device> {
  const device = await makeDevice(context, { policy: OBSERVE });
  await giveLines(context, device, 1);
  return device;
}

async function enforce(context: TestContext, device: Device, isEnforced = true): Promise<void> {
  await changeTenant(context, device.tenantId ?? '', { policy: { enforce: isEnforced } }, ADMIN);
}

const ADMIN = { name: 'admin', address: null };

async function served({ context, provisioning }: World, device: Device): Promise<unknown[]> {
  await provisioning.flush();
  return (await eventsOf(context.store, device))
    .filter(({ type }) => type.startsWith('config.'))
    .map(({ type, data }) => [type, data]);
}

const shows = async ({ fetch }: World, target: string, from = HOME): Promise<string> =>
  parameter(await fetch(target, from), 'account.1.label');

onBothDatabases(
  'while observing, a configuration says what it would have been, and why',
  async ({ store }) => {
    await withProvisioning(store, async (world) => {
      const { context, fetch } = world;
      const reasons: AuthenticationState[] = ['needed', 'failed', 'blocked'];
      for (const state of reasons) {
        const device = await observedDevice(context);
        const failedUntil = state === 'failed' ? new Date(context.clock.now().getTime() + 1000) : null;
        await saveAuthentication(
          store.db,
          device.id,
          { ...device.authentication, state, failedUntil },
          context.clock.now(),
        );
        const full = await fetch(`/${fileOf(device)}`, HOME);
        assert.equal(parameter(full, 'account.1.password'), 'line-password-1', state);
        const data = { reason: 'not-enforced', would: 'minimal', because: state };
        assert.deepEqual(await served(world, device), [['config.full', data]]);
      }
    });
  },
);

onBothDatabases('while observing, whose MAC nobody has created is served nothing', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch }) => {
    const device = await observedDevice(context);
    await store.db.deleteFrom('devices').where('id', '=', device.id).execute();
    assert.equal((await fetch(`/${fileOf(device)}`)).status, 404);
  });
});

onBothDatabases(
  'a phone that came back while observing has proved itself, and stays full when the gate is on',
  async ({ store }) => {
    await withProvisioning(store, async (world) => {
      const { context, fetch } = world;
      const device = await observedDevice(context);
      const url = nextUrl(await fetch(`/${fileOf(device)}`, HOME), device);
      assert.equal((await reread(context, device)).authentication.state, 'needed', 'it may be anybody');
      assert.equal(await shows(world, url), 'Line 1');
      const { authentication } = await reread(context, device);
      assert.deepEqual(
        [authentication.state, authentication.authenticatedBy, authentication.pap],
        ['successful', 'observation', null],
      );
      await enforce(context, device);
      assert.equal(await shows(world, url), 'Line 1');
      assert.equal(await shows(world, url, ELSEWHERE), 'Line 1', 'wherever it is');
      assert.deepEqual((await served(world, device)).at(-1), ['config.full', { reason: 'token' }]);
    });
  },
);

onBothDatabases(
  'a phone that only collected its token while observing is full when the gate is on, too',
  async ({ store }) => {
    await withProvisioning(store, async (world) => {
      const { context, fetch } = world;
      const device = await observedDevice(context);
      const url = nextUrl(await fetch(`/${fileOf(device)}`, HOME), device);
      await enforce(context, device);
      assert.equal(await shows(world, url), 'Line 1');
      assert.equal((await reread(context, device)).authentication.authenticatedBy, 'observation');
      assert.equal(await shows(world, `/${fileOf(device)}`), 'Authentication needed', 'without it nobody is');
    });
  },
);

onBothDatabases(
  'a stranger is served while observing, and what he was given is worth nothing afterwards',
  async ({ store }) => {
    await withProvisioning(store, async (world) => {
      const { context, fetch } = world;
      const device = await observedDevice(context);
      // One came before the phone that is the device's came back, one after it.
      const early = nextUrl(await fetch(`/${fileOf(device)}`, ELSEWHERE), device);
      const url = nextUrl(await fetch(`/${fileOf(device)}`, HOME), device);
      await fetch(url, HOME);
      const late = nextUrl(await fetch(`/${fileOf(device)}`, ELSEWHERE), device);
      for (const stranger of [early, late]) assert.equal(await shows(world, stranger, ELSEWHERE), 'Line 1');
      const types = (await eventsOf(store, device)).map(({ type }) => type);
      assert.ok(types.includes('device.token_missing'), 'it is said that he would have been kept back');

      await enforce(context, device);
      for (const stranger of [early, late]) {
        assert.equal(await shows(world, stranger, ELSEWHERE), 'Authentication needed');
      }
      assert.equal(await shows(world, url), 'Line 1', 'the phone is not disturbed');
    });
  },
);

onBothDatabases('while observing, a PAP proves its phone and opens no network', async ({ store }) => {
  await withProvisioning(store, async (world) => {
    const { context, fetch } = world;
    const device = await observedDevice(context);
    await enforce(context, device);
    const first = await fetch(`/${fileOf(device)}`, HOME);
    await enforce(context, device, false);
    const keyIn = async (digits: string): Promise<unknown> =>
      attemptEntry(context, 'call', { user: userOf(first), digits, source: PHONE_SOURCE });
    await keyIn(await wrongPapOf(context, device));
    const outcome = await keyIn(await papOf(context, device));
    assert.deepEqual(outcome, { kind: 'verdict', verdict: { kind: 'accepted' } });
    await fetch(nextUrl(first, device), HOME);
    assert.deepEqual(await store.db.selectFrom('networks').selectAll().execute(), []);
    const types = (await eventsOf(store, device)).map(({ type }) => type);
    assert.ok(types.includes('pap.wrong'), 'wrong ones are counted, or the counts would lie');
    assert.ok(!types.some((type) => type.startsWith('network.')));
  });
});

onBothDatabases('a HEAD while observing tells of the same and changes nothing', async ({ store }) => {
  await withProvisioning(store, async (world) => {
    const { context, fetch } = world;
    const device = await observedDevice(context);
    const head = await fetch(`/${fileOf(device)}`, { ...HOME, method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.deepEqual(await store.db.selectFrom('tokens').selectAll().execute(), []);
    const full = await fetch(`/${fileOf(device)}`, HOME);
    assert.equal(head.headers['content-length'], full.headers['content-length']);
  });
});

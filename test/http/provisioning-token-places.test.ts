/**
 * What strangers fetch of a device takes neither the account nor the way in from the phone that
 * waits.
 */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import { MAX_ENDED_TOKENS, MAX_UNPROVEN_TOKENS } from '../../src/domain/token-places.js';
import { findAccount } from '../../src/services/account.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { openCall } from '../../src/services/authentication/call.js';
import { routeCall } from '../../src/services/emergency/emergency-route.js';
import { register } from '../../src/services/registration.js';
import { findToken, tokensOfDevice } from '../../src/store/tokens.js';
import { makeDevice, makeSite, makeTenant, papOf, PHONE_SOURCE, registerPhone } from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import {
  type Fetched,
  fileOf,
  nextUrl,
  userOf,
  withProvisioning,
  type World,
} from './provisioning-phones.js';

/** How a stranger treats what it was given. */
type Habit = 'never comes back' | 'comes back' | 'registers' | 'calls';

const HOME = '127.0.0.2';
const SITE_ROUTE = ['sip:112@site.example'];

async function deviceOfSite({ context }: World): Promise<Device> {
  const tenantId = await makeTenant(context);
  const siteId = await makeSite(context, tenantId, { route: ['sip:site.example'] });
  return makeDevice(context, { tenantId, siteId });
}

async function fetchAsStranger(world: World, device: Device, from: string, habit: Habit): Promise<void> {
  const { context, fetch } = world;
  const given = await fetch(`/${fileOf(device)}`, { from });
  assert.equal(given.status, 200);
  const user = userOf(given);
  if (habit === 'comes back') await fetch(nextUrl(given, device), { from });
  if (habit === 'registers' || habit === 'calls') await registerAt(world, user);
  if (habit === 'calls')
    await openCall(context, { callId: `call-${user}`, user, dialled: 'service', source: PHONE_SOURCE });
}

async function registerAt({ context }: World, user: string): Promise<void> {
  const contacts = [{ uri: `sip:${user}@192.0.2.66`, expiresSeconds: 300 }];
  const about = { path: null, source: PHONE_SOURCE, callId: user, cseq: 1, userAgent: null };
  await register(context, user, { contacts, ...about });
}

async function emergencyTargets({ context }: World, phone: Fetched): Promise<readonly string[]> {
  const answer = await routeCall(context, { user: userOf(phone), dialled: '112', source: PHONE_SOURCE });
  return answer.kind === 'emergency' ? answer.targets : [];
}

async function assertGetsIn(world: World, device: Device, phone: Fetched): Promise<void> {
  const { context, fetch } = world;
  assert.deepEqual(await emergencyTargets(world, phone), SITE_ROUTE);
  assert.notEqual(await findAccount(context, userOf(phone)), null, 'it can register');
  assert.equal((await fetch(nextUrl(phone, device), { from: HOME })).body, phone.body);
  const digits = await papOf(context, device);
  const outcome = await attemptEntry(context, 'call', { user: userOf(phone), digits, source: PHONE_SOURCE });
  assert.deepEqual(outcome, { kind: 'verdict', verdict: { kind: 'accepted' } });
}

const ONE = (): string => '127.0.0.3';
const SAME = (): string => HOME;
const MANY = (index: number): string => `127.0.${1 + (index >> 7)}.${1 + (index & 127)}`;

for (const [whence, addressOf, count] of [
  ['another address', ONE, 30],
  ["the phone's own address", SAME, 30],
  ['as many addresses', MANY, 90],
] as const)
  for (const habit of ['never comes back', 'comes back', 'registers', 'calls'] as const)
    onBothDatabases(
      `${count} fetches from ${whence}, each of which ${habit}, cost a registered phone nothing`,
      async ({ store }) => {
        await withProvisioning(store, async (world) => {
          const { context, fetch, provisioning } = world;
          const device = await deviceOfSite(world);
          const phone = await fetch(`/${fileOf(device)}`, { from: HOME });
          const token = await findToken(store.db, userOf(phone));
          assert.ok(token !== null);
          await registerPhone(context, token);
          for (let index = 0; index < count; index += 1) {
            context.clock.advance(0.2);
            await fetchAsStranger(world, device, addressOf(index), habit);
            if (index % 20 === 0) await provisioning.flush();
          }
          const tokens = await tokensOfDevice(store.db, device.id);
          assert.ok(tokens.length <= MAX_UNPROVEN_TOKENS + MAX_ENDED_TOKENS, `${tokens.length} tokens`);
          await assertGetsIn(world, device, phone);
        });
      },
    );

onBothDatabases(
  'a phone that has not registered yet outlasts a stranger at another address',
  async ({ store }) => {
    await withProvisioning(store, async (world) => {
      const device = await deviceOfSite(world);
      const phone = await world.fetch(`/${fileOf(device)}`, { from: HOME });
      for (let index = 0; index < 30; index += 1) {
        world.context.clock.advance(0.2);
        await fetchAsStranger(world, device, ONE(), 'registers');
      }
      await assertGetsIn(world, device, phone);
    });
  },
);

onBothDatabases(
  'a phone that is reset to factory defaults three times gets in, after a stranger has taken every place',
  async ({ store }) => {
    await withProvisioning(store, async (world) => {
      const { context, fetch } = world;
      const device = await deviceOfSite(world);
      for (let index = 0; index < 90; index += 1) {
        context.clock.advance(0.2);
        await fetchAsStranger(world, device, MANY(index), 'registers');
      }
      let phone = await fetch(`/${fileOf(device)}`, { from: HOME });
      for (let reset = 0; reset < 3; reset += 1) {
        await registerAt(world, userOf(phone));
        context.clock.advance(20);
        phone = await fetch(`/${fileOf(device)}`, { from: HOME });
      }
      await registerAt(world, userOf(phone));
      await assertGetsIn(world, device, phone);
    });
  },
);

/** Policy `lockoutScope: device-and-source`: a stranger locks himself out, not the owner. */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import type { Policy } from '../../src/domain/policy.js';
import { addSeconds } from '../../src/domain/time.js';
import { endLapsedSourceLocks } from '../../src/services/authentication/lock-expiry.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import {
  type TestContext,
  eventsOf,
  makeContext,
  makeDevice,
  makePhone,
  reread,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { type User, enterPap, guess, opened } from './entries.js';

const POLICY: Partial<Policy> = { lockoutScope: 'device-and-source' };
const STRANGER = '203.0.113.7';
const OWNER = '192.0.2.10';

async function makeTarget(context: TestContext, policy: Partial<Policy> = {}) {
  const device = await makeDevice(context, { policy: { ...POLICY, ...policy } });
  return { device, phone: await makePhone(context, device) };
}

async function guessTimes(
  context: TestContext,
  times: number,
  device: Device,
  user: User,
  address: string,
): Promise<void> {
  for (let index = 0; index < times; index += 1) await guess(context, device, user, address);
}

async function rowsOf(context: TestContext): Promise<number> {
  return (await context.store.db.selectFrom('source_locks').select('source').execute()).length;
}

onBothDatabases('three wrong PAPs lock out the address and nobody else', async ({ store }) => {
  const context = makeContext(store);
  const { device, phone } = await makeTarget(context);
  const stranger = await makePhone(context, device);
  assert.deepEqual(await guess(context, device, stranger, STRANGER), { kind: 'wrong', attemptsLeft: 2 });
  assert.deepEqual(await guess(context, device, stranger, STRANGER), { kind: 'wrong', attemptsLeft: 1 });
  const failedUntil = addSeconds(context.clock.now(), 1800).toISOString();
  assert.deepEqual(await guess(context, device, stranger, STRANGER), { kind: 'failed', lockedSeconds: 1800 });

  // The address is locked, not his token: he has others. The right PAP is not looked at.
  assert.deepEqual(await enterPap(context, device, phone, STRANGER), { kind: 'failed', lockedSeconds: 1800 });
  const { state, ...heard } = await opened(context, stranger, STRANGER);
  assert.deepEqual([state, 'lockedSeconds' in heard && heard.lockedSeconds], ['failed', 1800]);
  assert.deepEqual(
    (await eventsOf(store, device)).map(({ type, data }) => [type, data]),
    [
      ['pap.wrong', { attemptsLeft: 2 }],
      ['pap.wrong', { attemptsLeft: 1 }],
      ['pap.wrong', { attemptsLeft: 0, sourceFailedUntil: failedUntil }],
      ['pap.refused', { because: 'source' }],
    ],
  );

  // The device waits on, and its owner gets in.
  const { authentication } = await reread(context, device);
  assert.deepEqual([authentication.state, authentication.wrongInRow], ['needed', 3]);
  const owner = await opened(context, phone, OWNER);
  assert.deepEqual([owner.state, 'attemptsLeft' in owner && owner.attemptsLeft], ['needed', 3]);
  assert.deepEqual(await enterPap(context, device, phone, OWNER), { kind: 'accepted' });
  assert.equal(await rowsOf(context), 0);
});

onBothDatabases('an address’s lock is on until its last millisecond', async ({ store }) => {
  const context = makeContext(store);
  for (const [milliseconds, kind] of [
    [-1, 'failed'],
    [0, 'accepted'],
    [1, 'accepted'],
  ] as const) {
    const { device, phone } = await makeTarget(context);
    await guessTimes(context, 3, device, phone, STRANGER);
    const end = addSeconds(context.clock.now(), 1800);
    context.clock.set(new Date(end.getTime() + milliseconds));
    assert.equal((await opened(context, phone, STRANGER)).state, kind === 'failed' ? 'failed' : 'needed');
    assert.equal((await enterPap(context, device, phone, STRANGER)).kind, kind);
  }
});

onBothDatabases('nine from all addresses together lock the device', async ({ store }) => {
  const context = makeContext(store);
  const { device, phone } = await makeTarget(context, { maxLockouts: 2 });
  for (let index = 0; index < 8; index += 1) await guess(context, device, phone, `203.0.113.${index}`);
  // The ninth is the last, for whoever makes it.
  const last = await opened(context, phone, OWNER);
  assert.deepEqual([last.state, 'attemptsLeft' in last && last.attemptsLeft], ['needed', 1]);
  assert.deepEqual(await guess(context, device, phone, OWNER), { kind: 'failed', lockedSeconds: 1800 });
  assert.equal((await reread(context, device)).authentication.state, 'failed');
  assert.deepEqual(await enterPap(context, device, phone, '198.51.100.1'), {
    kind: 'failed',
    lockedSeconds: 1800,
  });
  context.clock.advance(1800);
  // Its locks count as ever; nine more block it.
  for (let index = 0; index < 8; index += 1) await guess(context, device, phone, `198.51.100.${index}`);
  assert.deepEqual(await guess(context, device, phone, '198.51.100.9'), { kind: 'blocked' });
});

onBothDatabases('locks of addresses go with a reset, and when they are over', async ({ store }) => {
  const context = makeContext(store);
  const { device, phone } = await makeTarget(context);
  await guessTimes(context, 3, device, phone, STRANGER);
  await resetAuthentication(context, device.mac, { name: 'admin', address: null });
  assert.equal(await rowsOf(context), 0);
  const again = await makePhone(context, device);
  assert.equal((await opened(context, again, STRANGER)).state, 'needed');

  await guessTimes(context, 3, device, again, STRANGER);
  await guessTimes(context, 1, device, again, OWNER);
  context.clock.set(new Date(addSeconds(context.clock.now(), 1800).getTime() - 1));
  await endLapsedSourceLocks(context);
  assert.equal(await rowsOf(context), 2);
  context.clock.advance(0.001);
  await endLapsedSourceLocks(context);
  assert.equal(await rowsOf(context), 1, 'what was counted for the owner stays');
});

onBothDatabases('under the scope device no address is locked out', async ({ store }) => {
  const context = makeContext(store);
  const { device, phone } = await makeTarget(context, { lockoutScope: 'device' });
  await guessTimes(context, 2, device, phone, STRANGER);
  assert.deepEqual(await guess(context, device, phone, OWNER), { kind: 'failed', lockedSeconds: 1800 });
  assert.equal(await rowsOf(context), 0);
});

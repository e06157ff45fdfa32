/**
 * Policy `lockoutScope: device-and-source`: phones that came later lock out themselves, their
 * address and each other; never the first phone, or the device.
 */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import type { Policy } from '../../src/domain/policy.js';
import { addSeconds } from '../../src/domain/time.js';
import { endLapsedEntryLocks } from '../../src/services/authentication/lock-expiry.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import { deleteRegistration } from '../../src/store/registrations.js';
import {
  type TestContext,
  eventsOf,
  makeContext,
  makeDevice,
  makePhone,
  makeToken,
  registerPhone,
  reread,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { type User, enterPap, guess, opened } from './entries.js';

const POLICY: Partial<Policy> = { lockoutScope: 'device-and-source' };
const STRANGER = '203.0.113.7';
const OWNER = '192.0.2.10';

/** A device whose first phone is the owner's. */
async function makeTarget(context: TestContext, policy: Partial<Policy> = {}) {
  const device = await makeDevice(context, { policy: { ...POLICY, ...policy } });
  return { device, owner: await makePhone(context, device) };
}

/**
 * Guesses of which each comes from an address of its own, three by each of the phones. Answers what
 * came of them.
 */
async function guessByMany(context: TestContext, device: Device, phones: readonly User[], from: number) {
  const kinds: string[] = [];
  for (const [index, phone] of phones.flatMap((one) => [one, one, one]).entries()) {
    kinds.push((await guess(context, device, phone, `198.51.100.${from + index}`)).kind);
  }
  return kinds;
}

async function makePhones(context: TestContext, device: Device, count: number): Promise<User[]> {
  const phones: User[] = [];
  for (let index = 0; index < count; index += 1) phones.push(await makePhone(context, device));
  return phones;
}

async function guessTimes(context: TestContext, times: number, device: Device, user: User, address: string) {
  const kinds: string[] = [];
  for (let index = 0; index < times; index += 1)
    kinds.push((await guess(context, device, user, address)).kind);
  return kinds;
}

async function rowsOf(context: TestContext): Promise<string[]> {
  const rows = await context.store.db
    .selectFrom('entryLocks')
    .select(['scope', 'wrongInRow'])
    .orderBy('scope')
    .orderBy('wrongInRow')
    .execute();
  return rows.map(({ scope, wrongInRow }) => `${scope} ${wrongInRow}`);
}

async function attemptsLeft(context: TestContext, user: User, address: string): Promise<unknown> {
  const heard = await opened(context, user, address);
  return heard.state === 'needed' ? heard.attemptsLeft : heard.state;
}

onBothDatabases('three wrong PAPs lock out the later phone, and its address', async ({ store }) => {
  const context = makeContext(store);
  const { device, owner } = await makeTarget(context);
  const stranger = await makePhone(context, device);
  assert.deepEqual(await guess(context, device, stranger, STRANGER), { kind: 'wrong', attemptsLeft: 2 });
  assert.deepEqual(await guess(context, device, stranger, STRANGER), { kind: 'wrong', attemptsLeft: 1 });
  const failedUntil = addSeconds(context.clock.now(), 1800).toISOString();
  assert.deepEqual(await guess(context, device, stranger, STRANGER), { kind: 'failed', lockedSeconds: 1800 });

  // Neither another address nor another phone at that address helps. The right PAP is not looked
  // at.
  const refused = { kind: 'failed', lockedSeconds: 1800 };
  assert.deepEqual(await enterPap(context, device, stranger, '203.0.113.8'), refused);
  const another = await makePhone(context, device);
  assert.deepEqual(await enterPap(context, device, another, STRANGER), refused);
  assert.equal(await attemptsLeft(context, another, STRANGER), 'failed');
  assert.deepEqual(
    (await eventsOf(store, device)).map(({ type, data }) => [type, data]),
    [
      ['pap.wrong', { attemptsLeft: 2 }],
      ['pap.wrong', { attemptsLeft: 1 }],
      ['pap.wrong', { attemptsLeft: 0, sourceFailedUntil: failedUntil }],
      ['pap.refused', { because: 'source' }],
      ['pap.refused', { because: 'source' }],
    ],
  );

  // The device waits on, and its owner gets in: even from that address.
  const { authentication } = await reread(context, device);
  assert.deepEqual([authentication.state, authentication.wrongInRow], ['needed', 0]);
  assert.equal(await attemptsLeft(context, owner, STRANGER), 3);
  assert.deepEqual(await enterPap(context, device, owner, STRANGER), { kind: 'accepted' });
  assert.deepEqual(await rowsOf(context), []);
});

onBothDatabases(
  'no number of later phones locks or blocks the device, or costs its first phone a try',
  async ({ store }) => {
    const context = makeContext(store);
    // What the hour allows is another matter.
    context.installation.guesses.perSourcePerHour = 1000;
    const { device, owner } = await makeTarget(context, { maxLockouts: 2 });
    assert.deepEqual(await guess(context, device, owner, OWNER), { kind: 'wrong', attemptsLeft: 2 });

    // Nine are all that later phones have in a lock's time, and the second nine all that they have.
    const strangers = await makePhones(context, device, 4);
    const [two, three] = [Array(2).fill('wrong'), Array(3).fill('failed')];
    assert.deepEqual(await guessByMany(context, device, strangers, 0), [
      ...two,
      'failed',
      ...two,
      'failed',
      ...two,
      'failed',
      ...three,
    ]);
    assert.equal((await reread(context, device)).authentication.state, 'needed');
    assert.equal(await attemptsLeft(context, owner, OWNER), 2);
    context.clock.advance(1800);
    await registerPhone(context, owner);
    assert.deepEqual(await guessByMany(context, device, strangers, 20), [
      ...two,
      'failed',
      ...two,
      'failed',
      ...two,
      'blocked',
      ...Array(3).fill('blocked'),
    ]);
    context.clock.advance(1800);
    await registerPhone(context, owner);
    assert.equal(await attemptsLeft(context, strangers[3]!, '198.51.100.50'), 'blocked');
    assert.equal((await guess(context, device, strangers[3]!, '198.51.100.50')).kind, 'blocked');
    const { authentication } = await reread(context, device);
    assert.deepEqual([authentication.state, authentication.lockouts], ['needed', 0]);

    // The first phone's own wrong entries lock the device, for all of them, and block it.
    assert.deepEqual(await guess(context, device, owner, OWNER), { kind: 'wrong', attemptsLeft: 1 });
    assert.deepEqual(await guess(context, device, owner, OWNER), { kind: 'failed', lockedSeconds: 1800 });
    assert.equal((await reread(context, device)).authentication.state, 'failed');
    context.clock.advance(1800);
    await registerPhone(context, owner);
    assert.deepEqual(await guessTimes(context, 3, device, owner, OWNER), ['wrong', 'wrong', 'blocked']);
    assert.equal((await reread(context, device)).authentication.state, 'blocked');

    // A reset lets all of them try again.
    await resetAuthentication(context, device.mac, { name: 'admin', address: null });
    const again = await makePhone(context, device);
    const later = await makePhone(context, device);
    assert.equal((await guess(context, device, later, '198.51.100.60')).kind, 'wrong');
    assert.equal((await enterPap(context, device, again)).kind, 'accepted');
  },
);

onBothDatabases(
  'the first phone stays the first when it registers again, moves, restarts or is silent for a moment',
  async ({ store }) => {
    const context = makeContext(store);
    const { device, owner } = await makeTarget(context);
    const stranger = await makePhone(context, device);
    const isFirst = async (user: User) => {
      const [before, left] = [
        (await reread(context, device)).authentication,
        await attemptsLeft(context, user, OWNER),
      ];
      return left === 3 - before.wrongInRow && (await rowsOf(context)).length > 0;
    };
    assert.deepEqual(await guessTimes(context, 3, device, stranger, OWNER), ['wrong', 'wrong', 'failed']);
    assert.ok(await isFirst(owner), 'the address is locked, and it is not');

    context.clock.advance(200);
    await registerPhone(context, owner);
    assert.ok(await isFirst(owner), 'it has registered again');
    await deleteRegistration(store.db, owner.id);
    context.clock.advance(300);
    await registerPhone(context, stranger);
    assert.ok(await isFirst(owner), 'it is being restarted');
    await registerPhone(context, owner);
    assert.ok(await isFirst(owner), 'it is back');
  },
);

onBothDatabases(
  'a phone that is gone leaves its place to the next, and takes it again when it is back',
  async ({ store }) => {
    const context = makeContext(store);
    const { device, owner } = await makeTarget(context);
    const next = await makePhone(context, device);
    await guessByMany(context, device, [next, ...(await makePhones(context, device, 2))], 0);
    assert.equal(await attemptsLeft(context, next, OWNER), 'failed');
    const lockedAt = context.clock.now();
    await deleteRegistration(store.db, owner.id);
    context.clock.advance(900);
    await registerPhone(context, next);
    assert.equal(await attemptsLeft(context, next, OWNER), 3);
    await registerPhone(context, owner);
    assert.equal(await attemptsLeft(context, owner, OWNER), 3);
    context.clock.set(lockedAt);
    assert.equal(await attemptsLeft(context, next, OWNER), 'failed');
  },
);

onBothDatabases('a phone that has not registered is no first phone', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context, { policy: POLICY });
  const token = await makeToken(context, device);
  assert.deepEqual(await guessTimes(context, 3, device, token, OWNER), ['wrong', 'wrong', 'failed']);
  assert.equal((await reread(context, device)).authentication.state, 'needed');
  await registerPhone(context, token);
  assert.deepEqual(await guess(context, device, token, OWNER), { kind: 'wrong', attemptsLeft: 2 });
});

onBothDatabases('a lock of a later phone is on until its last millisecond', async ({ store }) => {
  const context = makeContext(store);
  for (const [milliseconds, kind] of [
    [-1, 'failed'],
    [0, 'accepted'],
    [1, 'accepted'],
  ] as const) {
    const { device, owner } = await makeTarget(context);
    const stranger = await makePhone(context, device);
    await guessTimes(context, 3, device, stranger, STRANGER);
    const end = addSeconds(context.clock.now(), 1800);
    context.clock.set(new Date(end.getTime() + milliseconds));
    await registerPhone(context, owner);
    assert.equal((await opened(context, stranger, STRANGER)).state, kind === 'failed' ? 'failed' : 'needed');
    assert.equal((await enterPap(context, device, stranger, STRANGER)).kind, kind);
  }
});

onBothDatabases('locks of later phones go with a reset, and when they are over', async ({ store }) => {
  const context = makeContext(store);
  const { device } = await makeTarget(context);
  const stranger = await makePhone(context, device);
  await guessTimes(context, 3, device, stranger, STRANGER);
  await resetAuthentication(context, device.mac, { name: 'admin', address: null });
  assert.deepEqual(await rowsOf(context), []);

  await makePhone(context, device);
  const again = await makePhone(context, device);
  await guessTimes(context, 3, device, again, STRANGER);
  context.clock.set(new Date(addSeconds(context.clock.now(), 1800).getTime() - 1));
  await endLapsedEntryLocks(context);
  assert.deepEqual(await rowsOf(context), ['all 3', 'phone 0', 'source 0']);
  context.clock.advance(0.001);
  await endLapsedEntryLocks(context);
  assert.deepEqual(await rowsOf(context), ['all 3'], 'what was counted for all of them stays');
});

onBothDatabases('under the scope device all phones count for the device', async ({ store }) => {
  const context = makeContext(store);
  const { device, owner } = await makeTarget(context, { lockoutScope: 'device' });
  const stranger = await makePhone(context, device);
  await guessTimes(context, 2, device, stranger, STRANGER);
  assert.deepEqual(await guess(context, device, owner, OWNER), { kind: 'failed', lockedSeconds: 1800 });
  assert.deepEqual(await rowsOf(context), []);
});

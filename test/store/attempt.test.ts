/** Attempts on a database: what is counted, what is written, what is released, who is told. */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import { findToken } from '../../src/store/tokens.js';
import {
  type TestContext,
  eventTypesOf,
  eventsOf,
  makeContext,
  makeDevice,
  makePhone,
  makeToken,
  papOf,
  reread,
  wrongPapOf,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { enter, opened, verdictOf } from './entries.js';

const ADMIN = { name: 'admin', address: null };

async function resyncsOf(context: TestContext, device: Device) {
  return context.store.db
    .selectFrom('resyncs')
    .select(['tokenId', 'callId', 'reason', 'dueAt'])
    .where('deviceId', '=', device.id)
    .orderBy('createdAt')
    .execute();
}

onBothDatabases('the right PAP makes the device successful and retires the PAP', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);

  assert.deepEqual(await verdictOf(context, phone, await papOf(context, device)), { kind: 'accepted' });

  const { authentication } = await reread(context, device);
  assert.equal(authentication.state, 'successful');
  assert.equal(authentication.authenticatedBy, 'pap');
  assert.equal(authentication.pap, null);
  assert.deepEqual(await eventTypesOf(store, device), [
    'pap.accepted',
    'device.authenticated',
    'network.opened',
  ]);
  assert.deepEqual(
    (await eventsOf(store, device)).map(({ actor, address }) => [actor, address]),
    [
      ['phone', '192.0.2.10'],
      ['phone', '192.0.2.10'],
      ['phone', '192.0.2.10'],
    ],
  );
});

onBothDatabases('success releases the token of the phone that called, and no other', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const stranger = await makeToken(context, device);
  const caller = await makePhone(context, device);
  const latecomer = await makeToken(context, device);

  await verdictOf(context, caller, await papOf(context, device));

  assert.equal((await findToken(store.db, caller.id))?.state, 'released');
  assert.deepEqual((await findToken(store.db, caller.id))?.releasedAt, context.clock.now());
  assert.equal((await findToken(store.db, stranger.id))?.state, 'bootstrap');
  assert.equal((await findToken(store.db, latecomer.id))?.state, 'bootstrap');
});

onBothDatabases('success resyncs the phone that called, when its call is over', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);
  await verdictOf(context, phone, await papOf(context, device));
  assert.deepEqual(await resyncsOf(context, device), [
    {
      tokenId: phone.id,
      callId: 'call-1',
      reason: 'authenticated',
      dueAt: new Date(context.clock.now().getTime() + 30_000),
    },
  ]);
});

onBothDatabases('three wrong PAPs in a row lock the device for half an hour', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);
  const wrong = await wrongPapOf(context, device);

  assert.deepEqual(await verdictOf(context, phone, wrong), { kind: 'wrong', attemptsLeft: 2 });
  assert.deepEqual(await verdictOf(context, phone, wrong), { kind: 'wrong', attemptsLeft: 1 });
  assert.deepEqual(await resyncsOf(context, device), []);
  assert.deepEqual(await verdictOf(context, phone, wrong), { kind: 'failed', lockedSeconds: 1800 });

  assert.deepEqual(await eventTypesOf(store, device), [
    'pap.wrong',
    'pap.wrong',
    'pap.wrong',
    'device.failed',
  ]);
  assert.deepEqual(
    (await resyncsOf(context, device)).map(({ tokenId, reason }) => ({ tokenId, reason })),
    [{ tokenId: null, reason: 'failed' }],
  );
  // The right one is of no use now, and is not even looked at.
  context.clock.advance(1);
  assert.deepEqual(await verdictOf(context, phone, await papOf(context, device)), {
    kind: 'failed',
    lockedSeconds: 1799,
  });
  assert.equal((await eventTypesOf(store, device)).at(-1), 'pap.refused');
  assert.equal((await findToken(store.db, phone.id))?.state, 'bootstrap');
});

onBothDatabases('a lock is on until its last millisecond and over with the next', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context, { policy: { maxAttempts: 1, lockoutSeconds: 60 } });
  const phone = await makePhone(context, device);
  await verdictOf(context, phone, await wrongPapOf(context, device));

  const end = new Date(context.clock.now().getTime() + 60_000);
  context.clock.set(new Date(end.getTime() - 1));
  assert.deepEqual(await verdictOf(context, phone, await papOf(context, device)), {
    kind: 'failed',
    lockedSeconds: 1,
  });
  context.clock.set(end);
  assert.deepEqual(await verdictOf(context, phone, await papOf(context, device)), { kind: 'accepted' });
  assert.deepEqual((await eventTypesOf(store, device)).slice(-4), [
    'device.needed',
    'pap.accepted',
    'device.authenticated',
    'network.opened',
  ]);
});

onBothDatabases(
  'the lock that would be the last one blocks, and only a reset leads out',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context, {
      policy: { maxAttempts: 1, maxLockouts: 2, lockoutSeconds: 60 },
    });
    const phone = await makePhone(context, device);
    await verdictOf(context, phone, await wrongPapOf(context, device));
    context.clock.advance(61);
    assert.deepEqual(await verdictOf(context, phone, await wrongPapOf(context, device)), {
      kind: 'blocked',
    });
    context.clock.advance(10 * 86_400 - 100);
    await verdictOfBlocked(context, device);
    assert.equal((await eventTypesOf(store, device)).filter((type) => type === 'device.blocked').length, 1);

    await resetAuthentication(context, device.mac, ADMIN);
    const fresh = await makePhone(context, device);
    assert.deepEqual(await verdictOf(context, fresh, await papOf(context, device)), { kind: 'accepted' });
  },
);

async function verdictOfBlocked(context: TestContext, device: Device): Promise<void> {
  const phone = await makePhone(context, device);
  assert.deepEqual(await verdictOf(context, phone, await papOf(context, device)), { kind: 'blocked' });
}

onBothDatabases('an attempt on a successful device is refused', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);
  const pap = await papOf(context, device);
  await verdictOf(context, phone, pap);
  assert.deepEqual(await verdictOf(context, phone, pap), { kind: 'successful' });
  assert.equal((await eventTypesOf(store, device)).at(-1), 'pap.refused');
});

onBothDatabases('a PAP is good until the last millisecond of its lifetime', async ({ store }) => {
  const context = makeContext(store);
  for (const [milliseconds, kind] of [
    [-1, 'accepted'],
    [0, 'expired'],
    [1, 'expired'],
  ] as const) {
    const device = await makeDevice(context, { policy: { papLifetimeSeconds: 60 } });
    const phone = await makePhone(context, device);
    const pap = await papOf(context, device);
    context.clock.set(new Date(context.clock.now().getTime() + 60_000 + milliseconds));
    assert.equal((await opened(context, phone)).state, kind === 'accepted' ? 'needed' : kind);
    assert.deepEqual(await verdictOf(context, phone, pap), { kind });
  }
});

onBothDatabases('a PAP past its lifetime is refused and not checked', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context, { policy: { papLifetimeSeconds: 60 } });
  const phone = await makePhone(context, device);
  const pap = await papOf(context, device);
  context.clock.advance(60);
  assert.deepEqual(await verdictOf(context, phone, pap), { kind: 'expired' });
  assert.deepEqual(await eventsOf(store, device), [
    {
      type: 'pap.refused',
      mac: device.mac,
      actor: 'phone',
      address: '192.0.2.10',
      data: { because: 'expired' },
    },
  ]);
});

onBothDatabases('a PAP has as many digits as the policy asks for, up to ten', async ({ store }) => {
  const context = makeContext(store);
  for (const papDigits of [6, 7, 8, 9, 10]) {
    const device = await makeDevice(context, { policy: { papDigits } });
    const phone = await makePhone(context, device);
    const pap = await papOf(context, device);
    assert.equal(pap.length, papDigits);
    assert.equal((await opened(context, phone)).papDigits, papDigits);
    assert.equal((await verdictOf(context, phone, await wrongPapOf(context, device))).kind, 'wrong');
    assert.deepEqual(await verdictOf(context, phone, pap), { kind: 'accepted' });
  }
});

onBothDatabases('an entry with another number of digits is no attempt', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context, { policy: { papDigits: 8 } });
  const phone = await makePhone(context, device);
  for (const digits of ['1234567', '123456789']) {
    assert.deepEqual(await enter(context, phone, digits), { kind: 'incomplete' });
  }
  assert.equal((await reread(context, device)).authentication.wrongInRow, 0);
  assert.deepEqual(await eventTypesOf(store, device), []);
});

onBothDatabases('who has no live token cannot attempt', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const revoked = await makePhone(context, device);
  await resetAuthentication(context, device.mac, ADMIN);
  const pap = await papOf(context, device);
  assert.deepEqual(await enter(context, revoked, pap), { kind: 'unknown-caller' });
  assert.deepEqual(await enter(context, { id: 'nobody' }, pap), { kind: 'unknown-caller' });

  const lapsing = await makeToken(context, device);
  context.clock.advance(86_400);
  assert.deepEqual(await enter(context, lapsing, pap), { kind: 'unknown-caller' });
  assert.equal((await reread(context, device)).authentication.state, 'needed');
});

onBothDatabases('the audit log holds no digits of what was keyed', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);
  const keyed = [
    await wrongPapOf(context, device),
    await wrongPapOf(context, device, 1),
    await papOf(context, device),
  ];
  for (const digits of keyed) await verdictOf(context, phone, digits);
  const log = JSON.stringify(await eventsOf(store));
  for (const digits of keyed) assert.ok(!log.includes(digits));
  assert.ok(!log.includes(phone.id));
});

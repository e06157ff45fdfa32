/**
 * What changes a device's authentication besides an attempt: the end of a lock, a reset, a
 * suspension, a return under trust.
 */
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { derivePap } from '../../src/domain/secrets.js';
import type { Device } from '../../src/domain/device.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { findAccount, findHa1 } from '../../src/services/account.js';
import { takeDueResyncs } from '../../src/services/resync/due-resyncs.js';
import { endLapsedLocks } from '../../src/services/authentication/lock-expiry.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import { suspendAuthentication } from '../../src/services/authentication/suspend-authentication.js';
import { startSweep } from '../../src/services/sweep.js';
import { lockDevice, setAttention } from '../../src/store/devices.js';
import { openStore } from '../../src/store/open-store.js';
import { findToken, markServedFull, moveToken, tokensOfDevice } from '../../src/store/tokens.js';
import { decideOn, fetchAs, lookUp } from '../support/fetch.js';
import {
  carriedOut,
  PHONE_SOURCE,
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
import { SILENT, onBothDatabases, onPostgres } from '../support/store.js';
import { until } from '../support/wait-for.js';

const ADMIN = { name: 'front desk', address: '198.51.100.1' };

async function lockedDevice(context: TestContext): Promise<Device> {
  const device = await makeDevice(context, { policy: { maxAttempts: 1, lockoutSeconds: 60 } });
  const phone = await makePhone(context, device);
  const digits = await wrongPapOf(context, device);
  await attemptEntry(context, 'call-1', { user: phone.id, digits, source: PHONE_SOURCE });
  return device;
}

onBothDatabases(
  'a lock that is over is written down once, and the phone is told',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const other = makeContext(await openAnother(), context.clock);
    const device = await lockedDevice(context);
    const end = new Date(context.clock.now().getTime() + 60_000);
    context.clock.set(new Date(end.getTime() - 1));
    await endLapsedLocks(context);
    assert.equal((await reread(context, device)).authentication.state, 'failed');

    context.clock.set(end);
    await Promise.all([endLapsedLocks(context), endLapsedLocks(other), endLapsedLocks(context)]);
    const { authentication } = await reread(context, device);
    assert.deepEqual(
      [authentication.state, authentication.failedUntil, authentication.lockouts],
      ['needed', null, 1],
    );
    assert.equal((await eventTypesOf(store, device)).filter((type) => type === 'device.needed').length, 1);
    // The resync of the lock itself waited for a call that never ended; it is part of this one.
    context.clock.advance(30);
    assert.equal((await takeDueResyncs(context)).length, 1);
  },
);

onBothDatabases(
  'the look for locks that are over goes on by itself until it is stopped',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await lockedDevice(context);
    context.clock.advance(60);
    const watch = startSweep(context.log, [{ what: 'locks', look: () => endLapsedLocks(context) }]);
    await until(async () => (await reread(context, device)).authentication.state === 'needed');
    await watch.stop();
  },
);

onBothDatabases('a reset revokes every token, makes another PAP and clears what was', async ({ store }) => {
  const context = makeContext(store);
  const device = await lockedDevice(context);
  await setAttention(store.db, device.id, 'token missing');
  await suspendAuthentication(context, device.mac, ADMIN);
  const before = await papOf(context, device);
  const proven = await makeToken(context, device);
  await moveToken(store.db, proven.id, ['bootstrap'], 'proven', context.clock.now());

  const answered = await resetAuthentication(context, device.mac, ADMIN);

  const now = await reread(context, device);
  assert.deepEqual(answered, now);
  assert.deepEqual(now.authentication, {
    state: 'needed',
    wrongInRow: 0,
    lockouts: 0,
    failedUntil: null,
    suspendedAt: null,
    suspendedUntil: null,
    pap: { serial: 2, digits: 6, issuedAt: context.clock.now() },
    nextPapSerial: 3,
    authenticatedBy: null,
  });
  assert.equal(now.attention, null);
  assert.notEqual(await papOf(context, device), before);
  assert.deepEqual(
    new Set((await tokensOfDevice(store.db, device.id)).map((token) => token.state)),
    new Set(['revoked']),
  );
  const last = (await eventsOf(store, device)).at(-1);
  assert.deepEqual(
    [last?.type, last?.actor, last?.address],
    ['authentication.reset', 'front desk', '198.51.100.1'],
  );
});

onBothDatabases(
  'a phone whose token was revoked by a reset is still told, and answered',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    const phone = await makePhone(context, device);
    await resetAuthentication(context, device.mac, ADMIN);
    assert.deepEqual(
      (await takeDueResyncs(context)).map((due) => due.user),
      [phone.id],
    );
    assert.equal(await findAccount(context, phone.id), null);
    assert.notEqual(await findHa1(context, phone.id, 'phone'), null);
    context.clock.advance(300);
    assert.equal(await findHa1(context, phone.id, 'phone'), null);
  },
);

onBothDatabases('the old PAP is worth nothing after a reset', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const old = derivePap(context.masterKey, device.id, 1, 6);
  await resetAuthentication(context, device.mac, ADMIN);
  const phone = await makePhone(context, device);
  const outcome = await attemptEntry(context, 'call', { user: phone.id, digits: old, source: PHONE_SOURCE });
  assert.deepEqual(outcome, { kind: 'verdict', verdict: { kind: 'wrong', attemptsLeft: 2 } });
});

onBothDatabases('a suspension leaves the state as it is and tells the phones', async ({ store }) => {
  const context = makeContext(store);
  const device = await lockedDevice(context);
  context.clock.advance(31);
  await takeDueResyncs(context);
  const suspended = carriedOut(await suspendAuthentication(context, device.mac, ADMIN));
  assert.equal(suspended?.authentication.state, 'failed');
  assert.deepEqual(
    suspended?.authentication.suspendedUntil,
    new Date(context.clock.now().getTime() + 1_800_000),
  );
  assert.equal((await eventTypesOf(store, device)).at(-1), 'authentication.suspended');
  assert.equal((await takeDueResyncs(context)).length, 1);
});

onPostgres('whether an order is refused is decided under the lock of the device', async (url, t) => {
  const store = await openStore({ databaseUrl: url, dataDir: null, log: SILENT });
  t.after(() => store.close());
  const context = makeContext(store);
  const device = await makeDevice(context);
  const { order } = await store.transaction(async (transaction) => {
    await lockDevice(transaction, { id: device.id });
    const begun = suspendAuthentication(context, device.mac, ADMIN);
    const waiting = sql<{ pid: number }>`select pid from pg_locks where not granted`;
    await until(async () => (await waiting.execute(store.db)).rows.length > 0, { what: 'the order' });
    await setAttention(transaction, device.id, 'contested');
    return { order: begun };
  });
  assert.deepEqual(await order, { refused: 'contested' });
  assert.equal((await reread(context, device)).authentication.suspendedUntil, null);
  const forced = carriedOut(await suspendAuthentication(context, device.mac, ADMIN, { force: true }));
  assert.notEqual(forced?.authentication.suspendedUntil, null);
  assert.deepEqual(await eventTypesOf(store, device), ['authentication.suspended']);
});

onBothDatabases(
  'neither reset nor suspension makes a device of a MAC that there is not',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    await store.db.deleteFrom('devices').execute();
    assert.equal(await resetAuthentication(context, device.mac, ADMIN), null);
    assert.equal(await suspendAuthentication(context, device.mac, ADMIN), null);
    assert.deepEqual(await eventTypesOf(store), []);
  },
);

onBothDatabases(
  'a phone that comes back after a full configuration under trust has proved itself',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await lockedDevice(context);
    const token = await makeToken(context, device);
    assert.equal((await fetchAs(context, device, { tokenId: token.id })).kind, 'minimal');
    assert.equal((await findToken(store.db, token.id))?.state, 'bootstrap');

    await markServedFull(store.db, token.id, 'suspension', context.clock.now());
    assert.equal((await fetchAs(context, device, { tokenId: token.id })).reason, 'token');
    assert.equal((await findToken(store.db, token.id))?.state, 'proven');
    const { authentication, firstSyncedAt } = await reread(context, device);
    assert.deepEqual(
      [authentication.state, authentication.authenticatedBy, authentication.pap, authentication.lockouts],
      ['successful', 'suspension', null, 0],
    );
    assert.deepEqual(firstSyncedAt, context.clock.now());
    const last = (await eventsOf(store, device)).at(-1);
    assert.deepEqual([last?.type, last?.data], ['device.authenticated', { by: 'suspension' }]);
    // Once is enough.
    await fetchAs(context, device, { tokenId: token.id });
    assert.equal(
      (await eventTypesOf(store, device)).filter((type) => type === 'device.authenticated').length,
      1,
    );
  },
);

onBothDatabases('a return with a token that was revoked or has lapsed proves nothing', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const revoked = await makeToken(context, device);
  await markServedFull(store.db, revoked.id, 'suspension', context.clock.now());
  // Looked up before the reset, decided after it.
  const facts = await lookUp(context, device, { tokenId: revoked.id });
  await resetAuthentication(context, device.mac, ADMIN);
  const late = await decideOn(context, facts, { tokenId: revoked.id });
  assert.deepEqual([late.kind, late.isNewToken], ['minimal', true]);
  assert.equal((await findToken(store.db, revoked.id))?.state, 'revoked');

  const lapsed = await makeToken(context, device);
  await markServedFull(store.db, lapsed.id, 'network', context.clock.now());
  context.clock.advance(86_400);
  const served = await fetchAs(context, device, { tokenId: lapsed.id });
  assert.deepEqual([served.kind, served.isNewToken], ['minimal', true]);
  assert.equal((await reread(context, device)).authentication.state, 'needed');
});

onBothDatabases(
  'a stranger who fetches over and over does not push out the phone that registered',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    const phone = await makePhone(context, device);
    for (let index = 0; index < 60; index += 1) {
      context.clock.advance(1);
      await makeToken(context, device);
    }
    const tokens = await tokensOfDevice(store.db, device.id);
    assert.equal(tokens.filter((token) => token.state === 'bootstrap').length, 8);
    assert.equal(tokens.find((token) => token.id === phone.id)?.state, 'bootstrap');
    // What has ended is kept for emergency calls, but not without end.
    assert.equal(tokens.filter((token) => token.state === 'revoked').length, 32);
  },
);

onBothDatabases('a proven token is never pushed out and never lapses', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const token = await makeToken(context, device);
  await moveToken(store.db, token.id, ['bootstrap'], 'proven', context.clock.now());
  for (let index = 0; index < 20; index += 1) {
    context.clock.advance(86_400);
    await makeToken(context, device);
  }
  assert.equal((await findToken(store.db, token.id))?.state, 'proven');
  assert.notEqual(await findAccount(context, token.id), null);
});

/**
 * A device had proved itself, and somebody comes without its token: what is written, and the two
 * answers that a policy can give.
 */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import type { EventType } from '../../src/domain/events.js';
import type { Policy } from '../../src/domain/policy.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { suspendAuthentication } from '../../src/services/authentication/suspend-authentication.js';
import type { Store } from '../../src/store/store.js';
import { findToken } from '../../src/store/tokens.js';
import { fetchAs } from '../support/fetch.js';
import {
  PHONE_SOURCE,
  type TestContext,
  eventsOf,
  makeContext,
  makeDevice,
  papOf,
  reread,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';

const ELSEWHERE = '198.51.100.7';
const REARM: Partial<Policy> = { strict: true, onLostConfiguration: 'rearm' };

/** A phone fetches, calls with the right PAP and fetches again. Answers its token's id. */
async function proveItself(context: TestContext, device: Device): Promise<string> {
  const { tokenId } = await fetchAs(context, device);
  await accept(context, device, tokenId);
  assert.equal((await fetchAs(context, device, { tokenId })).reason, 'token');
  return tokenId;
}

async function accept(context: TestContext, device: Device, user: string): Promise<void> {
  const digits = await papOf(context, device);
  const outcome = await attemptEntry(context, 'call', { user, digits, source: PHONE_SOURCE });
  assert.deepEqual(outcome, { kind: 'verdict', verdict: { kind: 'accepted' } });
}

async function count(store: Store, device: Device, type: EventType): Promise<number> {
  return (await eventsOf(store, device)).filter((event) => event.type === type).length;
}

async function summary(context: TestContext, device: Device): Promise<unknown[]> {
  const { authentication, attention } = await reread(context, device);
  return [authentication.state, authentication.pap?.serial ?? null, attention];
}

onBothDatabases('by default a loss is reported, and no PAP is made', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context, { policy: { strict: true } });
  const held = await proveItself(context, device);
  const served = await fetchAs(context, device);
  assert.deepEqual([served.kind, served.reason], ['minimal', 'successful']);
  assert.deepEqual(await summary(context, device), ['successful', null, 'token_missing']);
  assert.equal(await count(store, device, 'device.token_missing'), 1);
  assert.equal((await fetchAs(context, device, { tokenId: held })).kind, 'full');
});

onBothDatabases(
  'under rearm one loss makes one fresh PAP, and what is held stays good until it is keyed in',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const other = makeContext(await openAnother(), context.clock);
    const device = await makeDevice(context, { policy: REARM });
    const old = await proveItself(context, device);

    const lost = await Promise.all([
      fetchAs(context, device),
      fetchAs(other, device, { address: ELSEWHERE }),
      fetchAs(other, device),
    ]);
    for (const served of lost) {
      assert.ok(served.kind === 'minimal');
      assert.equal(served.displayText, 'Authentication needed');
    }
    assert.deepEqual(await summary(context, device), ['needed', 2, 'token_missing']);
    assert.equal(
      await count(store, device, 'device.token_missing'),
      1,
      'who comes later waits as anybody does',
    );

    assert.equal((await fetchAs(context, device, { tokenId: old })).reason, 'token', 'not disturbed');
    assert.deepEqual(
      await summary(context, device),
      ['needed', 2, 'token_missing'],
      'nor does it end the wait',
    );

    const [mine] = lost;
    assert.ok(mine);
    await accept(context, device, mine.tokenId);
    assert.deepEqual(await summary(context, device), ['successful', null, 'token_missing']);
    assert.equal((await findToken(store.db, old))?.state, 'revoked');
    assert.equal((await fetchAs(context, device, { tokenId: mine.tokenId })).reason, 'token');
  },
);

onBothDatabases('under rearm the next loss makes the next PAP', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context, { policy: REARM });
  await proveItself(context, device);
  for (const serial of [2, 3]) {
    const { tokenId } = await fetchAs(context, device);
    assert.deepEqual(await summary(context, device), ['needed', serial, 'token_missing']);
    await accept(context, device, tokenId);
    await fetchAs(context, device, { tokenId });
  }
  assert.equal(await count(store, device, 'device.token_missing'), 2);
});

onBothDatabases('what ended with the fresh PAP does not come back to life', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context, { policy: REARM });
  const old = await proveItself(context, device);
  await proveItself(context, device);
  const served = await fetchAs(context, device, { tokenId: old });
  assert.deepEqual([served.kind, served.isNewToken], ['minimal', true]);
});

for (const trust of ['suspension', 'temporary-network'] as const) {
  onBothDatabases(`coming without a token under trust is no loss: ${trust}`, async ({ store }) => {
    const context = makeContext(store);
    const strict = trust === 'suspension';
    const device = await makeDevice(context, { policy: { strict, onLostConfiguration: 'rearm' } });
    await proveItself(context, device);
    if (strict) await suspendAuthentication(context, device.mac, { name: 'admin', address: null });
    const served = await fetchAs(context, device);
    assert.deepEqual([served.kind, served.reason], ['full', trust]);
    assert.deepEqual(await summary(context, device), ['successful', null, null]);
    assert.equal(await count(store, device, 'device.token_missing'), 0);
    // It is served for as long as the trust lasts, and proves nothing: it may be any phone that is
    // behind the address, or asks meanwhile.
    const { tokenId } = served;
    assert.equal((await fetchAs(context, device, { tokenId })).reason, trust);
    assert.equal((await findToken(store.db, tokenId))?.state, 'bootstrap');
    context.clock.advance(3600 * 8);
    for (const _ of ['once', 'once more'])
      assert.equal((await fetchAs(context, device, { tokenId })).kind, 'minimal');
    assert.deepEqual(await summary(context, device), ['successful', null, 'token_missing']);
    const [loss, ...more] = (await eventsOf(store, device)).filter(
      ({ type }) => type === 'device.token_missing',
    );
    assert.deepEqual([loss?.data, more], [{ reason: 'trust-ended' }, []]);
  });
}

onBothDatabases('while a policy only observes, nothing is rearmed', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context, { policy: { ...REARM, enforce: false } });
  await proveItself(context, device);
  const served = await fetchAs(context, device);
  assert.deepEqual([served.kind, served.reason], ['full', 'not-enforced']);
  assert.deepEqual(await summary(context, device), ['successful', null, 'token_missing']);
  assert.equal(await count(store, device, 'device.token_missing'), 1, 'but it is said');
});

onBothDatabases(
  'of two who claim a device at the same time each waits with his own token, and only the caller’s is released',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const other = makeContext(await openAnother(), context.clock);
    const device = await makeDevice(context, { policy: { strict: true } });
    const [owner, stranger] = await Promise.all([
      fetchAs(context, device),
      fetchAs(other, device, { address: ELSEWHERE }),
    ]);
    const contested = (await eventsOf(store, device)).filter(({ type }) => type === 'device.contested');
    assert.equal(contested.length, 1);
    const both = new Set([contested[0]?.address, contested[0]?.data['first']]);
    assert.deepEqual(both, new Set([PHONE_SOURCE.address, ELSEWHERE]));
    assert.deepEqual(await summary(context, device), ['needed', 1, 'contested']);

    await accept(context, device, owner.tokenId);
    assert.equal((await findToken(store.db, owner.tokenId))?.state, 'released');
    assert.equal((await findToken(store.db, stranger.tokenId))?.state, 'bootstrap');
    const early = await fetchAs(context, device, { tokenId: stranger.tokenId, address: ELSEWHERE });
    assert.equal(early.kind, 'minimal');
    assert.equal((await fetchAs(context, device, { tokenId: owner.tokenId })).kind, 'full');
    const late = await fetchAs(context, device, { tokenId: stranger.tokenId, address: ELSEWHERE });
    assert.equal(late.kind, 'minimal');
    assert.equal((await findToken(store.db, stranger.tokenId))?.state, 'bootstrap');
  },
);

onBothDatabases('a PAP that was used is nobody’s any more', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context, { policy: { strict: true } });
  const digits = await papOf(context, device);
  await proveItself(context, device);
  const { tokenId: user } = await fetchAs(context, device, { address: ELSEWHERE });
  const outcome = await attemptEntry(context, 'call', { user, digits, source: PHONE_SOURCE });
  assert.deepEqual(outcome, { kind: 'verdict', verdict: { kind: 'successful' } });
  assert.equal((await fetchAs(context, device, { tokenId: user, address: ELSEWHERE })).kind, 'minimal');
});

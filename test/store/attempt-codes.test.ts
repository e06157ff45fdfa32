/**
 * An unclaimed phone tries the codes of lines: counted as PAPs are, by the same
 * limits.
 */
import assert from 'node:assert/strict';
import { awaitCode } from '../../src/domain/authentication.js';
import type { Device } from '../../src/domain/device.js';
import { createLine } from '../../src/services/lines.js';
import { saveAuthentication } from '../../src/store/devices.js';
import { findToken } from '../../src/store/tokens.js';
import {
  type TestContext,
  eventTypesOf,
  eventsOf,
  makeContext,
  makeDevice,
  makePhone,
  makeTenant,
  reread,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { enter, guess, opened, verdictOf } from './entries.js';

async function makeLine(context: TestContext, tenantId: string, provisioningCode: string): Promise<void> {
  const line = { label: '101', sipUser: '101', password: 'line-password-1', registrar: 'pbx.example' };
  const admin = { name: 'admin', address: null };
  const outcome = await createLine(context, tenantId, { ...line, provisioningCode }, admin);
  assert.equal(outcome.kind, 'line');
}

/** A phone that waits for the code of a line; of a tenant where it was reset to that. */
async function makeUnclaimed(context: TestContext, tenantId: string | null = null): Promise<Device> {
  const device = await makeDevice(context, { kind: 'unclaimed', tenantId });
  await saveAuthentication(
    context.store.db,
    device.id,
    awaitCode(device.authentication),
    context.clock.now(),
  );
  return reread(context, device);
}

onBothDatabases('the code of a line makes the phone that dialled it that line’s', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await makeTenant(context);
  await makeLine(context, tenantId, '4711');
  const device = await makeUnclaimed(context);
  const phone = await makePhone(context, device);
  const heard = await opened(context, phone);
  assert.deepEqual([heard.state, heard.asks], ['needed', 'code']);

  assert.deepEqual(await verdictOf(context, phone, '4712'), { kind: 'wrong', attemptsLeft: 2 });
  assert.deepEqual(await verdictOf(context, phone, '4711'), { kind: 'accepted' });
  const claimed = await reread(context, device);
  assert.deepEqual(
    [claimed.kind, claimed.tenantId, claimed.authentication.state, claimed.authentication.authenticatedBy],
    ['managed', tenantId, 'successful', 'code'],
  );
  assert.equal((await findToken(store.db, phone.id))?.state, 'released');
  assert.deepEqual((await eventTypesOf(store, device)).slice(0, 3), [
    'code.wrong',
    'code.accepted',
    'device.authenticated',
  ]);
  assert.deepEqual(await verdictOf(context, phone, '4711'), { kind: 'successful' });
});

onBothDatabases('three wrong codes lock, three locks block', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeUnclaimed(context);
  const phone = await makePhone(context, device);
  for (const last of ['failed', 'failed', 'blocked']) {
    assert.equal((await verdictOf(context, phone, '1111')).kind, 'wrong');
    assert.equal((await verdictOf(context, phone, '222222')).kind, 'wrong');
    assert.equal((await verdictOf(context, phone, '333333333333')).kind, last);
    assert.equal((await verdictOf(context, phone, '1111')).kind, last);
    assert.equal((await opened(context, phone)).state, last);
    context.clock.advance(1800);
  }
  const types = await eventTypesOf(store, device);
  assert.equal(types.filter((type) => type === 'code.wrong').length, 9);
  assert.equal(types.filter((type) => type === 'code.refused').length, 3);
  assert.deepEqual(
    types.filter((type) => type.startsWith('pap.')),
    [],
  );
});

onBothDatabases('what cannot be a code is no attempt', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeUnclaimed(context);
  const phone = await makePhone(context, device);
  for (const digits of ['123', '1234567890123']) {
    assert.deepEqual(await enter(context, phone, digits), { kind: 'incomplete' });
  }
  assert.deepEqual(await eventTypesOf(store), []);
});

onBothDatabases(
  'the code of another tenant’s line is a wrong guess, and said to be that',
  async ({ store }) => {
    const context = makeContext(store);
    await makeLine(context, await makeTenant(context), '815815');
    const device = await makeUnclaimed(context, await makeTenant(context, { policy: { maxAttempts: 2 } }));
    const phone = await makePhone(context, device);
    assert.deepEqual(await verdictOf(context, phone, '815815'), { kind: 'other-tenant', attemptsLeft: 1 });
    assert.deepEqual(
      (await eventsOf(store, device)).map(({ type, data }) => [type, data]),
      [['code.wrong', { attemptsLeft: 1, because: 'other-tenant' }]],
    );
    assert.deepEqual(await verdictOf(context, phone, '815815'), { kind: 'failed', lockedSeconds: 1800 });
    assert.equal((await reread(context, device)).kind, 'unclaimed');
  },
);

onBothDatabases('codes have budgets of their own', async ({ store }) => {
  const context = makeContext(store);
  context.installation.guesses.perSourcePerHour = 2;
  const unclaimed = await makeUnclaimed(context);
  const device = await makeDevice(context);
  const [first, second] = [await makePhone(context, unclaimed), await makePhone(context, device)];
  assert.equal((await verdictOf(context, first, '1234')).kind, 'wrong');
  assert.equal((await verdictOf(context, first, '1234')).kind, 'wrong');
  assert.deepEqual(await verdictOf(context, first, '1234'), { kind: 'failed', lockedSeconds: 3600 });
  assert.deepEqual(
    (await eventsOf(store, unclaimed)).map(({ type, data }) => [type, data]),
    [
      ['code.wrong', { attemptsLeft: 2 }],
      ['code.wrong', { attemptsLeft: 1 }],
      ['budget.spent', { budget: 'source', limit: 2 }],
      ['code.refused', { because: 'budget' }],
    ],
  );
  assert.ok(!JSON.stringify(await eventsOf(store)).includes('1234'));
  assert.equal((await guess(context, device, second)).kind, 'wrong');
});

/**
 * Claiming a line by its code: what becomes of the device, of the line, and of phones that dial the
 * same code.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { AttemptVerdict } from '../../src/contract/messages.js';
import { addSeconds } from '../../src/domain/time.js';
import type { Token } from '../../src/domain/token.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { giveLine, matchCode } from '../../src/services/authentication/claim-line.js';
import { takeDueResyncs } from '../../src/services/resync/due-resyncs.js';
import { resetToAutoprov } from '../../src/services/authentication/reset-to-autoprov.js';
import { lineIdsOfDevices } from '../../src/store/device-lines.js';
import { lockDevice } from '../../src/store/devices.js';
import { findToken } from '../../src/store/tokens.js';
import {
  PHONE_SOURCE,
  type TestContext,
  eventsOf,
  makeContext,
  makePhone,
  makeTenant,
  makeToken,
  reread,
} from '../support/fixture.js';
import { makeLine, makeUnclaimed, rereadLine } from '../support/lines.js';
import { onBothDatabases } from '../support/store.js';

const ADMIN = { name: 'front desk', address: null };

async function dial(context: TestContext, phone: Token, digits: string): Promise<AttemptVerdict> {
  const outcome = await attemptEntry(context, `call-${phone.id}`, {
    user: phone.id,
    digits,
    source: PHONE_SOURCE,
  });
  if (outcome.kind !== 'verdict') throw new Error(outcome.kind);
  return outcome.verdict;
}

onBothDatabases('who dials the code of a line has it, and the tenant with it', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await makeTenant(context, { policy: { firstSyncSeconds: 100 } });
  const line = await makeLine(context, { tenantId });
  const device = await makeUnclaimed(context);
  const phone = await makePhone(context, device);
  const other = await makeToken(context, device);
  context.clock.advance(60);
  const now = context.clock.now();

  assert.deepEqual(await dial(context, phone, line.provisioningCode), { kind: 'accepted' });

  const claimed = await reread(context, device);
  assert.deepEqual(
    [claimed.kind, claimed.tenantId, claimed.firstSyncUntil],
    ['managed', tenantId, addSeconds(now, 100)],
  );
  const { state, authenticatedBy, pap } = claimed.authentication;
  assert.deepEqual([state, authenticatedBy, pap], ['successful', 'code', null]);
  assert.deepEqual((await lineIdsOfDevices(store.db, [device.id])).get(device.id), [line.id]);
  assert.equal((await rereadLine(context, line)).codeUsedAt, null, 'it can be used again');
  const states = await Promise.all(
    [phone, other].map(async ({ id }) => (await findToken(store.db, id))?.state),
  );
  assert.deepEqual(states, ['released', 'bootstrap'], 'the phone that made the call, and no other');
  const told = (await eventsOf(store, device)).filter(({ type }) => !type.startsWith('network.'));
  assert.deepEqual(
    told.map(({ type, data }) => [type, data]),
    [
      ['code.accepted', { line: line.id }],
      ['device.authenticated', { by: 'code' }],
    ],
  );
  assert.deepEqual(await takeDueResyncs(context), [], 'not while the call goes on');
  context.clock.advance(30);
  assert.deepEqual(
    (await takeDueResyncs(context)).map(({ user }) => user),
    [phone.id],
  );
});

onBothDatabases(
  'the address of the phone that made the call is trusted for its new tenant',
  async ({ store }) => {
    const context = makeContext(store);
    const line = await makeLine(context);
    const phone = await makePhone(context, await makeUnclaimed(context));
    await dial(context, phone, line.provisioningCode);
    const networks = await store.db.selectFrom('networks').select(['tenantId', 'prefix', 'kind']).execute();
    assert.deepEqual(networks, [{ tenantId: line.tenantId, prefix: '192.0.2.10/32', kind: 'temporary' }]);
  },
);

onBothDatabases('a code that is wrong, disabled or used up gives no line', async ({ store }) => {
  const context = makeContext(store);
  const disabled = await makeLine(context, { codeUse: 'disabled' });
  const used = await makeLine(context, { codeUse: 'once', codeUsedAt: context.clock.now() });
  const device = await makeUnclaimed(context);
  const phone = await makePhone(context, device);
  assert.deepEqual(await dial(context, phone, '1234'), { kind: 'wrong', attemptsLeft: 2 });
  assert.deepEqual(await dial(context, phone, disabled.provisioningCode), { kind: 'wrong', attemptsLeft: 1 });
  assert.equal((await dial(context, phone, used.provisioningCode)).kind, 'failed');
  const after = await reread(context, device);
  assert.deepEqual([after.kind, after.tenantId, after.authentication.state], ['unclaimed', null, 'failed']);
});

onBothDatabases(
  'a device keeps its tenant: codes of other tenants are refused, and count',
  async ({ store }) => {
    const context = makeContext(store);
    const tenantId = await makeTenant(context);
    const own = await makeLine(context, { tenantId });
    const foreign = await makeLine(context);
    const device = await makeUnclaimed(context, tenantId);
    const phone = await makePhone(context, device);
    const refused = await dial(context, phone, foreign.provisioningCode);
    assert.deepEqual(refused, { kind: 'other-tenant', attemptsLeft: 2 });
    assert.equal((await reread(context, device)).authentication.wrongInRow, 1);
    assert.deepEqual(await dial(context, phone, own.provisioningCode), { kind: 'accepted' });
    assert.equal((await reread(context, device)).tenantId, tenantId);
  },
);

/**
 * As an attempt does it, but without the budgets, which let only one attempt at a time come this
 * far.
 */
async function claim(context: TestContext, phone: Token, digits: string): Promise<string> {
  return context.store.transaction(async (transaction) => {
    const device = await lockDevice(transaction, { id: phone.deviceId });
    if (device === null) throw new Error('the device is gone');
    const match = await matchCode(context, transaction, device, digits);
    if (match.kind !== 'line') return match.kind;
    const { line } = match;
    const caller = { name: 'phone', address: null };
    await giveLine(
      transaction,
      { device, line, token: phone, callId: `call-${phone.id}`, caller },
      context.clock.now(),
    );
    return match.kind;
  });
}

onBothDatabases(
  'a code for one use that several phones dial at once gives its line to one of them',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const another = makeContext(await openAnother(), context.clock);
    for (const claimBy of [claim, async (...call: Parameters<typeof dial>) => (await dial(...call)).kind]) {
      const line = await makeLine(context, { codeUse: 'once' });
      const phones = await Promise.all(
        Array.from({ length: 6 }, async () => makePhone(context, await makeUnclaimed(context))),
      );
      const claimed = await Promise.all(
        phones.map((phone, index) =>
          claimBy(index % 2 === 0 ? context : another, phone, line.provisioningCode),
        ),
      );
      assert.equal(claimed.filter((kind) => kind === 'line' || kind === 'accepted').length, 1);
      assert.equal(claimed.filter((kind) => kind === 'none' || kind === 'wrong').length, 5);
      assert.deepEqual((await rereadLine(context, line)).codeUsedAt, context.clock.now());
      const holders = await store.db
        .selectFrom('deviceLines')
        .where('lineId', '=', line.id)
        .selectAll()
        .execute();
      assert.equal(holders.length, 1);
    }
  },
);

onBothDatabases('a reusable code gives its line to any number of phones', async ({ store, openAnother }) => {
  const context = makeContext(store);
  const another = makeContext(await openAnother(), context.clock);
  const line = await makeLine(context, { provisioningCode: String(randomInt(1000, 10_000)) });
  const phones = await Promise.all(
    Array.from({ length: 6 }, async () => makePhone(context, await makeUnclaimed(context))),
  );
  const verdicts = await Promise.all(
    phones.map((phone, index) => dial(index % 2 === 0 ? context : another, phone, line.provisioningCode)),
  );
  assert.ok(verdicts.every(({ kind }) => kind === 'accepted'));
});

onBothDatabases(
  'reset to autoprov forgets all but tenant and site, and tells the phones',
  async ({ store }) => {
    const context = makeContext(store);
    const line = await makeLine(context);
    const device = await makeUnclaimed(context);
    const phone = await makePhone(context, device);
    await dial(context, phone, line.provisioningCode);
    context.clock.advance(31);
    await takeDueResyncs(context);

    const answered = await resetToAutoprov(context, device.mac, ADMIN);

    const now = await reread(context, device);
    assert.deepEqual(answered, now);
    assert.deepEqual([now.kind, now.tenantId], ['unclaimed', line.tenantId]);
    assert.deepEqual(now.authentication, {
      state: 'needed',
      wrongInRow: 0,
      lockouts: 0,
      failedUntil: null,
      suspendedAt: null,
      suspendedUntil: null,
      pap: null,
      nextPapSerial: device.authentication.nextPapSerial,
      authenticatedBy: null,
    });
    assert.equal((await lineIdsOfDevices(store.db, [device.id])).get(device.id), undefined);
    assert.equal((await findToken(store.db, phone.id))?.state, 'revoked');
    assert.equal((await eventsOf(store, device)).at(-1)?.type, 'device.reset_to_autoprov');
    assert.deepEqual(
      (await takeDueResyncs(context)).map(({ user }) => user),
      [phone.id],
    );
  },
);

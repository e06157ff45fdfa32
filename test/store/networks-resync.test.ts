/**
 * A network that becomes trusted brings up the tenant's phones that wait there, and no others.
 */
import assert from 'node:assert/strict';
import { AUTHENTICATION_STATES, type AuthenticationState } from '../../src/domain/authentication.js';
import type { Device } from '../../src/domain/device.js';
import { addSeconds } from '../../src/domain/time.js';
import { type Token, UNPROVEN_TOKEN_SECONDS } from '../../src/domain/token.js';
import { closeCall, openCall } from '../../src/services/authentication/call.js';
import { takeDueResyncs } from '../../src/services/resync/due-resyncs.js';
import { requestResync } from '../../src/services/resync/resyncs.js';
import { moveToken } from '../../src/store/tokens.js';
import { PHONE_SOURCE, type TestContext, makeContext, makeDevice, makeTenant } from '../support/fixture.js';
import { phoneAt, succeed, tokenFor } from '../support/network-phones.js';
import { ELSEWHERE, HOME, trust } from '../support/networks.js';
import { onBothDatabases } from '../support/store.js';

async function waitingPhone(
  context: TestContext,
  tenantId: string,
  address = HOME,
  state: AuthenticationState = 'needed',
): Promise<Token> {
  const device = await makeDevice(context, { tenantId });
  const failedUntil = state === 'failed' ? addSeconds(context.clock.now(), 1800) : null;
  await context.store.db
    .updateTable('devices')
    .set({ state, failedUntil: failedUntil })
    .where('id', '=', device.id)
    .execute();
  return phoneAt(context, device, address);
}

/** The open resyncs: of which phone, and why. */
async function openResyncs(context: TestContext): Promise<[string | null, string][]> {
  const rows = await context.store.db.selectFrom('resyncs').select(['tokenId', 'reason']).execute();
  return rows.map(({ tokenId, reason }) => [tokenId, reason]);
}

/** The phones that are told now. */
async function toldNow(context: TestContext): Promise<Set<string>> {
  return new Set((await takeDueResyncs(context)).map(({ user }) => user));
}

const idsOf = (tokens: readonly Token[]): Set<string> => new Set(tokens.map(({ id }) => id));

onBothDatabases(
  'one success has every phone told that waits at its address, whatever its state',
  async ({ store }) => {
    const context = makeContext(store);
    const tenantId = await makeTenant(context);
    const waiting: Token[] = [];
    for (const state of AUTHENTICATION_STATES) {
      waiting.push(await waitingPhone(context, tenantId, HOME, state));
    }
    const device = await makeDevice(context, { tenantId });
    const token = await phoneAt(context, device, HOME);
    await succeed(context, device, token);
    assert.deepEqual(await toldNow(context), idsOf(waiting), 'the caller is told when his call is over');
    assert.deepEqual(
      (await openResyncs(context)).filter(([id]) => id === token.id),
      [[token.id, 'authenticated']],
    );
  },
);

onBothDatabases(
  'a permanent network has those told who wait in it, and nobody outside',
  async ({ store }) => {
    const context = makeContext(store);
    const tenantId = await makeTenant(context);
    const inside = [
      await waitingPhone(context, tenantId, '192.0.2.64'),
      await waitingPhone(context, tenantId, '192.0.2.127'),
    ];
    for (const address of ['192.0.2.63', '192.0.2.128', ELSEWHERE, '2001:db8::1'])
      await waitingPhone(context, tenantId, address);
    await waitingPhone(context, await makeTenant(context), '192.0.2.64');
    await trust(context, tenantId, '192.0.2.64/26');
    assert.deepEqual(await toldNow(context), idsOf(inside));
  },
);

onBothDatabases('a whole /64 is told', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await makeTenant(context);
  const waiting = await waitingPhone(context, tenantId, '2001:db8:1:2::abcd');
  await waitingPhone(context, tenantId, '2001:db8:1:3::abcd');
  const device = await makeDevice(context, { tenantId });
  await succeed(context, device, await phoneAt(context, device, '2001:db8:1:2:1:2:3:4'));
  assert.deepEqual(await toldNow(context), new Set([waiting.id]));
});

onBothDatabases(
  'who does not wait, cannot be reached, or is nobody any more is not told',
  async ({ store }) => {
    const context = makeContext(store);
    const { db } = store;
    const tenantId = await makeTenant(context);
    const make = (): Promise<Device> => makeDevice(context, { tenantId });
    for (const state of ['released', 'proven', 'revoked'] as const) {
      const token = await phoneAt(context, await make(), HOME);
      await moveToken(db, token.id, ['bootstrap'], state, context.clock.now());
    }
    await phoneAt(context, await makeDevice(context, { tenantId, kind: 'unclaimed' }), HOME);
    await tokenFor(context, await make(), HOME);
    await trust(context, tenantId, HOME);
    assert.deepEqual(await openResyncs(context), []);
  },
);

onBothDatabases(
  'a phone can be told until its registration or its token is over, to the millisecond',
  async ({ store }) => {
    const context = makeContext(store);
    const { db } = store;
    const now = context.clock.now();
    const limits = [
      { table: 'registrations', key: 'tokenId', column: 'expiresAt', end: now },
      { table: 'tokens', key: 'id', column: 'lastUsedAt', end: addSeconds(now, -UNPROVEN_TOKEN_SECONDS) },
    ] as const;
    for (const { table, key, column, end } of limits) {
      const tenantId = await makeTenant(context);
      const told: Token[] = [];
      for (const milliseconds of [-1, 0, 1]) {
        const phone = await waitingPhone(context, tenantId);
        const moment = new Date(end.getTime() + milliseconds);
        await db
          .updateTable(table)
          .set({ [column]: moment })
          .where(key, '=', phone.id)
          .execute();
        if (milliseconds > 0) told.push(phone);
      }
      await trust(context, tenantId, HOME);
      assert.deepEqual(await toldNow(context), idsOf(told), table);
    }
  },
);

onBothDatabases('a phone keeps one open resync, and is not told while it is in a call', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await makeTenant(context);
  const talking = await waitingPhone(context, tenantId);
  const asked = await waitingPhone(context, tenantId);
  await openCall(context, { callId: 'call-1', user: talking.id, dialled: 'service', source: PHONE_SOURCE });
  const [held, requested] = [
    { deviceId: talking.deviceId, tokenId: talking.id, callId: 'call-1', reason: 'failed' },
    { deviceId: asked.deviceId, tokenId: asked.id, callId: null, reason: 'requested' },
  ] as const;
  for (const wish of [held, requested]) {
    await store.transaction((transaction) => requestResync(transaction, wish, context.clock.now()));
  }
  await trust(context, tenantId, HOME);
  assert.deepEqual(
    new Map(await openResyncs(context)),
    new Map([
      [talking.id, 'network'],
      [asked.id, 'network'],
    ]),
  );
  assert.equal((await openResyncs(context)).length, 2);
  assert.deepEqual(await toldNow(context), new Set([asked.id]));
  await closeCall(context, 'call-1', { user: talking.id, outcome: 'abandoned', seconds: 5 });
  context.clock.advance(1);
  assert.deepEqual(await toldNow(context), new Set([talking.id]));
});

onBothDatabases(
  'a temporary network under a strict policy has nobody told, for nobody would be let in',
  async ({ store }) => {
    const context = makeContext(store);
    const tenantId = await makeTenant(context, { policy: { strict: true } });
    const phone = await waitingPhone(context, tenantId);
    await trust(context, tenantId, HOME, { kind: 'temporary' });
    assert.deepEqual(await openResyncs(context), []);
    await trust(context, tenantId, HOME);
    assert.deepEqual(await toldNow(context), new Set([phone.id]));
  },
);

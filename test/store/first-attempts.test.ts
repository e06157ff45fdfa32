/** What is left to owners when attackers spend the budgets. */
import assert from 'node:assert/strict';
import {
  eventsOf,
  makeContext,
  makeDevice,
  makePhone,
  makeTenant,
  makeToken,
  registerPhone,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { enterPap, guess, opened, verdictOf } from './entries.js';
import { limited, makeStranger, makeTarget } from './guess-limits.js';

const HERE = '203.0.113.7';

onBothDatabases(
  'when all is spent, the first attempts of a registered phone’s day are looked at',
  async ({ store }) => {
    const context = limited(makeContext(store), { perHour: 2 });
    const strangers = [await makeStranger(context), await makeStranger(context), await makeStranger(context)];
    for (const [index, { device, phone }] of strangers.entries()) {
      const { kind } = await guess(context, device, phone, `203.0.113.${index}`);
      assert.equal(kind, index < 2 ? 'wrong' : 'failed');
    }
    const { device, phone } = await makeTarget(context);
    const heard = async () => (await opened(context, phone)).state;
    assert.equal(await heard(), 'needed');
    // As many as lock it; a day later there are some again.
    assert.deepEqual(await guess(context, device, phone), { kind: 'wrong', attemptsLeft: 2 });
    assert.deepEqual(await guess(context, device, phone), { kind: 'wrong', attemptsLeft: 1 });
    assert.deepEqual(await guess(context, device, phone), { kind: 'failed', lockedSeconds: 1800 });
    context.clock.advance(1800);
    await registerPhone(context, phone);
    assert.equal(await heard(), 'failed');
    assert.deepEqual(await enterPap(context, device, phone), { kind: 'failed', lockedSeconds: 1800 });
    assert.deepEqual((await eventsOf(store, device)).at(-1)?.data, { because: 'budget' });

    context.clock.advance(86_400 - 1800);
    await registerPhone(context, phone);
    for (const [index, stranger] of strangers.entries()) {
      await guess(context, stranger.device, await makeToken(context, stranger.device), `203.0.113.${index}`);
    }
    assert.equal((await enterPap(context, device, phone)).kind, 'accepted');

    // Not of a phone that came later to its device.
    const other = await makeTarget(context);
    const later = await makePhone(context, other.device);
    assert.equal((await enterPap(context, other.device, later)).kind, 'failed');
    assert.equal((await enterPap(context, other.device, other.phone)).kind, 'accepted');
  },
);

onBothDatabases(
  'they pass a tenant’s budget where its policy counts later phones apart, and never that of an address',
  async ({ store }) => {
    for (const [lockoutScope, kind] of [
      ['device', 'failed'],
      ['device-and-source', 'accepted'],
    ] as const) {
      const context = limited(makeContext(store), { perSourcePerHour: 2 });
      const tenantId = await makeTenant(context, { policy: { lockoutScope, guessesPerHour: 1 } });
      const stranger = await makeDevice(context, { tenantId });
      await guess(context, stranger, await makeToken(context, stranger), '203.0.113.1');
      const { device, phone } = await makeTarget(context, tenantId);
      assert.equal((await enterPap(context, device, phone)).kind, kind);

      const [one, two, three] = [
        await makeTarget(context),
        await makeTarget(context),
        await makeTarget(context),
      ];
      await guess(context, one.device, one.phone, `203.0.113.2${lockoutScope.length}`);
      await guess(context, two.device, two.phone, `203.0.113.2${lockoutScope.length}`);
      const last = await enterPap(context, three.device, three.phone, `203.0.113.2${lockoutScope.length}`);
      assert.equal(last.kind, 'failed');
    }
  },
);

onBothDatabases('later phones at an address leave its first phones their guesses', async ({ store }) => {
  const context = limited(makeContext(store), { perSourcePerHour: 2 });
  const { device, phone } = await makeTarget(context);
  for (const kind of ['wrong', 'wrong', 'failed']) {
    const stranger = await makeStranger(context);
    assert.equal((await guess(context, stranger.device, stranger.phone, HERE)).kind, kind);
  }
  assert.equal((await guess(context, device, phone, HERE)).kind, 'wrong');
  assert.equal((await enterPap(context, device, phone, HERE)).kind, 'accepted');
});

onBothDatabases('guesses at decoys and codes leave PAPs their budget', async ({ store }) => {
  const context = limited(makeContext(store), { perSourcePerHour: 3, perHour: 4 });
  const made = async (kind: 'decoy' | 'unclaimed') => {
    const device = await makeDevice(context, { kind, tenantId: null });
    return { device, phone: await makePhone(context, device) };
  };
  const heard: string[] = [];
  for (let index = 0; index < 12; index += 1) {
    const address = `203.0.113.${10 + Math.floor(index / 3)}`;
    const decoy = await made('decoy');
    heard.push((await guess(context, decoy.device, decoy.phone, address)).kind);
  }
  assert.deepEqual(
    new Set(heard),
    new Set(['wrong']),
    'a decoy spends nothing but the budget of the address',
  );
  const codes: string[] = [];
  for (let index = 0; index < 6; index += 1) {
    const { phone } = await made('unclaimed');
    codes.push((await verdictOf(context, phone, '4711', `203.0.113.${20 + index}`)).kind);
  }
  assert.deepEqual(codes, ['wrong', 'wrong', 'wrong', 'wrong', 'failed', 'failed']);

  // At those addresses nothing tells a decoy from a device; elsewhere a phone gets in that came
  // later.
  const { device, phone } = await makeTarget(context);
  assert.equal((await enterPap(context, device, phone, '203.0.113.10')).kind, 'failed');
  const later = await makePhone(context, device);
  assert.equal((await enterPap(context, device, later, '203.0.113.30')).kind, 'accepted');
});

onBothDatabases('a decoy refuses when a device would, for all that is spent', async ({ store }) => {
  const context = limited(makeContext(store), { perHour: 1 });
  const { device, phone } = await makeStranger(context);
  await guess(context, device, phone);
  const decoy = await makeDevice(context, { kind: 'decoy', tenantId: null });
  const token = await makeToken(context, decoy);
  assert.equal((await guess(context, decoy, token, HERE)).kind, 'failed');
  await registerPhone(context, token);
  assert.deepEqual(await guess(context, decoy, token, HERE), { kind: 'wrong', attemptsLeft: 2 });
});

/** Wrong guesses of an hour: from one address, at one tenant's devices, and in all. */
import assert from 'node:assert/strict';
import { pino } from 'pino';
import { addSeconds } from '../../src/domain/time.js';
import { routeCall } from '../../src/services/emergency/emergency-route.js';
import { PHONE_SOURCE, eventsOf, makeContext, makeTenant, reread } from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { enterPap, guess, opened } from './entries.js';
import { limited, makeStranger, makeTarget } from './guess-limits.js';

const HERE = '203.0.113.7';

onBothDatabases('a source may guess so often in an hour, at whatever devices', async ({ store }) => {
  const context = limited(makeContext(store), { perSourcePerHour: 3 });
  const targets = [await makeTarget(context), await makeTarget(context), await makeTarget(context)];
  const [first, second, third] = targets as [(typeof targets)[0], (typeof targets)[0], (typeof targets)[0]];
  const start = context.clock.now();
  assert.equal((await guess(context, first.device, first.phone, HERE)).kind, 'wrong');
  context.clock.advance(600);
  assert.equal((await guess(context, second.device, second.phone, HERE)).kind, 'wrong');
  assert.equal((await guess(context, third.device, third.phone, HERE)).kind, 'wrong');

  // Now all is refused unchecked, the right PAP too, and nothing is counted.
  const refusedNow = { kind: 'failed', lockedSeconds: 3000 };
  assert.deepEqual(await enterPap(context, first.device, first.phone, HERE), refusedNow);
  assert.deepEqual(await guess(context, first.device, first.phone, HERE), refusedNow);
  assert.equal((await reread(context, first.device)).authentication.wrongInRow, 1);
  const refused = {
    type: 'pap.refused',
    mac: first.device.mac,
    actor: 'phone',
    address: HERE,
    data: { because: 'budget' },
  };
  assert.deepEqual((await eventsOf(store, first.device)).slice(1), [refused, refused]);
  const { state, ...rest } = await opened(context, first.phone, HERE);
  assert.deepEqual([state, 'lockedSeconds' in rest && rest.lockedSeconds], ['failed', 3000]);

  // No other source is kept out.
  assert.equal((await opened(context, third.phone, '203.0.113.8')).state, 'needed');
  assert.deepEqual(await enterPap(context, third.device, third.phone, '203.0.113.8'), { kind: 'accepted' });

  // Until the oldest falls out of the hour: then there is room for one, and not for two.
  context.clock.set(new Date(addSeconds(start, 3600).getTime() - 1));
  assert.deepEqual(await enterPap(context, first.device, first.phone, HERE), {
    kind: 'failed',
    lockedSeconds: 1,
  });
  context.clock.set(addSeconds(start, 3600));
  assert.equal((await opened(context, first.phone, HERE)).state, 'needed');
  assert.equal((await guess(context, second.device, second.phone, HERE)).kind, 'wrong');
  assert.deepEqual(await enterPap(context, first.device, first.phone, HERE), {
    kind: 'failed',
    lockedSeconds: 600,
  });
  context.clock.set(new Date(addSeconds(start, 4200).getTime() + 1));
  assert.deepEqual(await enterPap(context, first.device, first.phone, HERE), { kind: 'accepted' });
});

onBothDatabases('an IPv6 source is its /64, and a mapped IPv4 address is that address', async ({ store }) => {
  const context = limited(makeContext(store), { perSourcePerHour: 1 });
  const { device, phone } = await makeTarget(context);
  await guess(context, device, phone, '2001:db8:1:2::1');
  assert.equal((await guess(context, device, phone, '2001:db8:1:2:ffff::9')).kind, 'failed');
  assert.equal((await guess(context, device, phone, '2001:db8:1:3::1')).kind, 'wrong');
  const other = await makeTarget(context);
  await guess(context, other.device, other.phone, '::ffff:203.0.113.9');
  assert.equal((await guess(context, other.device, other.phone, '203.0.113.9')).kind, 'failed');
});

onBothDatabases('what a customer has of IPv6 is counted at its /56 and /48, too', async ({ store }) => {
  const context = limited(makeContext(store), { perSourcePerHour: 2 });
  const kinds: string[] = [];
  for (const address of [
    // Two for a /64, four for a /56, eight for a /48.
    '2001:db8:1:100::1',
    '2001:db8:1:100::2',
    '2001:db8:1:100::3',
    '2001:db8:1:1ff::1',
    '2001:db8:1:101::1',
    '2001:db8:1:102::1',
    '2001:db8:1:200::1',
    '2001:db8:1:300::1',
    '2001:db8:1:400::1',
    '2001:db8:1:500::1',
    '2001:db8:1:600::1',
    '2001:db8:2::1',
  ]) {
    const { device, phone } = await makeTarget(context);
    kinds.push((await guess(context, device, phone, address)).kind);
  }
  assert.deepEqual(kinds.map((kind) => (kind === 'wrong' ? 'w' : '-')).join(''), 'ww-ww-wwww-w');
});

onBothDatabases('a tenant’s devices may be guessed at so often, from wherever', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await makeTenant(context, { policy: { guessesPerHour: 2 } });
  const first = await makeTarget(context, tenantId);
  const second = await makeTarget(context, tenantId);
  const other = await makeTarget(context);
  const start = context.clock.now();
  await guess(context, first.device, first.phone, '203.0.113.1');
  await guess(context, second.device, second.phone, '203.0.113.2');

  assert.deepEqual(await enterPap(context, first.device, first.phone, '203.0.113.3'), {
    kind: 'failed',
    lockedSeconds: 3600,
  });
  assert.equal((await guess(context, other.device, other.phone, '203.0.113.1')).kind, 'wrong');
  context.clock.set(new Date(addSeconds(start, 3600).getTime() - 1));
  assert.equal((await enterPap(context, first.device, first.phone)).kind, 'failed');
  context.clock.set(addSeconds(start, 3600));
  assert.equal((await enterPap(context, first.device, first.phone)).kind, 'accepted');
  context.clock.advance(0.001);
  assert.equal((await enterPap(context, second.device, second.phone)).kind, 'accepted');
});

onBothDatabases('and all devices together so often', async ({ store }) => {
  const context = limited(makeContext(store), { perHour: 2 });
  const first = await makeStranger(context);
  const second = await makeStranger(context);
  const start = context.clock.now();
  await guess(context, first.device, first.phone, '203.0.113.1');
  await guess(context, second.device, second.phone, '203.0.113.2');
  for (const [milliseconds, { device, phone }, kind] of [
    [-1, first, 'failed'],
    [0, first, 'accepted'],
    [1, second, 'accepted'],
  ] as const) {
    context.clock.set(new Date(addSeconds(start, 3600).getTime() + milliseconds));
    assert.equal((await enterPap(context, device, phone, '203.0.113.3')).kind, kind);
  }
});

onBothDatabases('of several spent budgets the caller waits for the last', async ({ store }) => {
  const context = limited(makeContext(store), { perSourcePerHour: 1, perHour: 2 });
  const { device, phone } = await makeStranger(context);
  await guess(context, device, phone, '203.0.113.1');
  context.clock.advance(100);
  await guess(context, device, phone, HERE);
  // In all there is room in 3500 s, for this address in 3600.
  assert.deepEqual(await guess(context, device, phone, HERE), { kind: 'failed', lockedSeconds: 3600 });
  assert.deepEqual(await guess(context, device, phone, '203.0.113.9'), {
    kind: 'failed',
    lockedSeconds: 3500,
  });
});

onBothDatabases('the guess that spends a budget says so, once, in audit log and log', async ({ store }) => {
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
  const context = { ...limited(makeContext(store), { perSourcePerHour: 2, perHour: 3 }), log };
  const tenantId = await makeTenant(context, { policy: { guessesPerHour: 3, maxAttempts: 10 } });
  const { device, phone } = await makeTarget(context, tenantId);
  for (const address of [HERE, HERE, HERE, '203.0.113.1', '203.0.113.2']) {
    await guess(context, device, phone, address);
  }
  const spent = (await eventsOf(store)).filter(({ type }) => type === 'budget.spent');
  assert.deepEqual(
    spent.map(({ mac, address, data }) => [mac, address, data]),
    [
      [device.mac, HERE, { budget: 'source', limit: 2 }],
      [device.mac, '203.0.113.1', { budget: 'installation', limit: 3 }],
      [device.mac, '203.0.113.1', { budget: 'tenant', limit: 3 }],
    ],
  );
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)).map(({ level, budget, limit }) => [level, budget, limit]),
    [
      [40, 'source', 2],
      [40, 'installation', 3],
      [40, 'tenant', 3],
    ],
  );
});

onBothDatabases('right PAPs and refused ones cost nothing', async ({ store }) => {
  const context = limited(makeContext(store), { perSourcePerHour: 4 });
  const locked = await makeTarget(context);
  for (let index = 0; index < 10; index += 1) await guess(context, locked.device, locked.phone, HERE);
  const right = await makeTarget(context);
  assert.equal((await enterPap(context, right.device, right.phone, HERE)).kind, 'accepted');
  const { count } = await store.db
    .selectFrom('guesses')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  assert.equal(count, 3);
});

onBothDatabases('what counts no longer is forgotten', async ({ store }) => {
  const context = makeContext(store);
  const left = async () => (await store.db.selectFrom('guesses').select('at').orderBy('at').execute()).length;
  const stranger = await makeStranger(context);
  await guess(context, stranger.device, stranger.phone);
  const { device, phone } = await makeTarget(context);
  await guess(context, device, phone);
  context.clock.advance(3600);
  await guess(context, device, phone);
  assert.equal(await left(), 2, 'what the first phone of a device enters counts for a day');
  context.clock.advance(86_400 - 3600);
  const next = await makeStranger(context);
  await guess(context, next.device, next.phone);
  assert.equal(await left(), 2);
});

onBothDatabases('an emergency call goes through whatever is spent', async ({ store }) => {
  const context = limited(makeContext(store), { perSourcePerHour: 1, perHour: 1 });
  const { device, phone } = await makeTarget(context);
  await guess(context, device, phone);
  assert.equal((await opened(context, phone)).state, 'failed');
  const route = await routeCall(context, { user: phone.id, dialled: '112', source: PHONE_SOURCE });
  assert.equal(route.kind, 'emergency');
});

/** The queue of resyncs: who is told, when, how often, and what ends it. */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import type { Token } from '../../src/domain/token.js';
import type { DueResync } from '../../src/contract/messages.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { closeCall } from '../../src/services/authentication/call.js';
import { takeDueResyncs } from '../../src/services/resync/due-resyncs.js';
import { resyncDevice } from '../../src/services/devices/change-device.js';
import { closeResyncs, requestResync } from '../../src/services/resync/resyncs.js';
import { reportResync } from '../../src/services/resync/resync-outcome.js';
import { waitForDueResyncs } from '../../src/services/resync/resync-wait.js';
import {
  PHONE_SOURCE,
  type TestContext,
  eventTypesOf,
  eventsOf,
  makeContext,
  makeDevice,
  makePhone,
  makeToken,
  papOf,
  registerPhone,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { until } from '../support/wait-for.js';

const users = (due: readonly DueResync[]): string[] => due.map((one) => one.user).sort();

async function takeAt(context: TestContext, seconds: number, since: Date): Promise<DueResync[]> {
  context.clock.set(new Date(since.getTime() + seconds * 1000));
  return takeDueResyncs(context);
}

async function authenticated(context: TestContext): Promise<{ device: Device; phone: Token }> {
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);
  const digits = await papOf(context, device);
  await attemptEntry(context, 'call-1', { user: phone.id, digits, source: PHONE_SOURCE });
  return { device, phone };
}

const END = { outcome: 'accepted', seconds: 12 } as const;

onBothDatabases(
  'a phone is told one second after its call, where it registered, in its vendor’s way',
  async ({ store }) => {
    const context = makeContext(store);
    const { device, phone } = await authenticated(context);
    assert.deepEqual(await takeDueResyncs(context), []);
    context.clock.advance(9);
    await closeCall(context, 'call-1', { user: phone.id, ...END });
    const ended = context.clock.now();

    assert.deepEqual(await takeAt(context, 0.999, ended), []);
    const due = await takeAt(context, 1, ended);
    assert.equal(due.length, 1);
    assert.deepEqual(
      { ...due[0], id: '', headers: {}, body: null, event: '' },
      {
        id: '',
        contact: `sip:${phone.id}@192.0.2.10:5060`,
        source: PHONE_SOURCE,
        nextHop: null,
        path: null,
        event: '',
        headers: {},
        body: null,
        user: phone.id,
      },
    );
    assert.match(due[0]?.event ?? '', /^check-sync/);
    assert.equal((await eventTypesOf(store, device)).at(-1), 'resync.sent');
  },
);

onBothDatabases('a call whose end is never reported is taken for over', async ({ store }) => {
  const context = makeContext(store);
  const { phone } = await authenticated(context);
  const verdict = context.clock.now();
  assert.deepEqual(await takeAt(context, 29.999, verdict), []);
  assert.deepEqual(users(await takeAt(context, 30, verdict)), [phone.id]);
});

onBothDatabases('a call that outlasts the limit is followed by a resync all the same', async ({ store }) => {
  const context = makeContext(store);
  const { phone } = await authenticated(context);
  const verdict = context.clock.now();
  // The phone dropped this one, being busy.
  const during = await takeAt(context, 30, verdict);
  assert.equal(during.length, 1);
  context.clock.advance(200);
  await closeCall(context, 'call-1', { user: phone.id, ...END });
  context.clock.advance(1);
  assert.deepEqual(users(await takeDueResyncs(context)), [phone.id]);
});

onBothDatabases(
  'a phone that does not fetch is told after 10, 30 and 60 s again, and then given up',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    const phone = await makePhone(context, device);
    await resyncDevice(context, device.mac);
    const start = context.clock.now();

    const times: number[] = [];
    const given: string[] = [];
    for (let second = 0; second <= 120; second += 1) {
      const due = await takeAt(context, second, start);
      if (due.length > 0) times.push(second);
      if ((await eventTypesOf(store, device)).at(-1) === 'resync.failed' && given.length === 0)
        given.push(`${second}`);
    }
    assert.deepEqual(times, [0, 10, 30, 60]);
    assert.deepEqual(given, ['90']);
    assert.deepEqual(
      (await eventTypesOf(store, device)).filter((type) => type === 'resync.failed').length,
      1,
    );
    assert.equal(phone.state, 'bootstrap');
  },
);

onBothDatabases('a fetch ends what it answers, and nothing that has not been sent', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);
  const other = await makePhone(context, device);
  await resyncDevice(context, device.mac);
  const start = context.clock.now();
  await closeResyncs(store.db, device.id, phone.id, start);
  assert.deepEqual(users(await takeAt(context, 0, start)), [phone.id, other.id].sort());

  await closeResyncs(store.db, device.id, phone.id, new Date(start.getTime() - 1));
  assert.deepEqual(users(await takeAt(context, 10, start)), [phone.id, other.id].sort());
  await closeResyncs(store.db, device.id, phone.id, context.clock.now());
  assert.deepEqual(users(await takeAt(context, 30, start)), [other.id]);
});

onBothDatabases('a device without a registered phone is told nothing', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  await makeToken(context, device);
  const expired = await makeToken(context, device);
  await registerPhone(context, expired, 60);
  context.clock.advance(60);
  const wish = { deviceId: device.id, tokenId: null, callId: null } as const;
  await requestResync(store.db, { ...wish, reason: 'needed' }, context.clock.now());
  assert.deepEqual(await takeDueResyncs(context), []);
  assert.deepEqual(await eventTypesOf(store, device), []);
  assert.deepEqual(await store.db.selectFrom('resyncs').select('id').execute(), []);

  await resyncDevice(context, device.mac);
  assert.deepEqual(await takeDueResyncs(context), []);
  const [event] = await eventsOf(store, device);
  assert.equal(event?.type, 'resync.failed', 'but whoever has asked for it hears so');
  assert.equal(event.data['failure'], 'no phone can be reached');
});

onBothDatabases(
  'of several resyncs of a phone the last one stays, and waits for the call',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    const phone = await makePhone(context, device);
    const wish = { deviceId: device.id, tokenId: null, callId: null } as const;
    const now = context.clock.now();
    await requestResync(store.db, { ...wish, callId: 'call-1', reason: 'failed' }, now);
    await requestResync(store.db, { ...wish, reason: 'reset' }, now);
    assert.deepEqual(await takeDueResyncs(context), []);
    await closeCall(context, 'call-1', { user: phone.id, ...END });
    context.clock.advance(1);
    assert.deepEqual(users(await takeDueResyncs(context)), [phone.id]);
    assert.deepEqual((await eventsOf(store, device)).at(-1)?.data, { reason: 'reset', sent: 1 });
  },
);

onBothDatabases('two SIP applications are never given the same resync', async ({ store, openAnother }) => {
  const context = makeContext(store);
  const other = makeContext(await openAnother(), context.clock);
  const expected: string[] = [];
  for (let index = 0; index < 10; index += 1) {
    const device = await makeDevice(context);
    expected.push((await makePhone(context, device)).id);
    await resyncDevice(context, device.mac);
  }
  const taken = await Promise.all([
    takeDueResyncs(context),
    takeDueResyncs(other),
    takeDueResyncs(context),
    takeDueResyncs(other),
  ]);
  // SKIP LOCKED may leave one out for the moment, never give it twice.
  const rest = await takeDueResyncs(context);
  assert.deepEqual(users([...taken.flat(), ...rest]), expected.sort());
});

onBothDatabases('what the phone answers is written down, even after it has fetched', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context, { vendor: 'gigaset' });
  const phone = await makePhone(context, device);
  await resyncDevice(context, device.mac);
  const [due] = await takeDueResyncs(context);
  assert.ok(due);
  assert.equal(due.event, 'check-sync;reboot=false');
  await closeResyncs(store.db, device.id, phone.id, context.clock.now());

  assert.equal(await reportResync(context, due.id, { kind: 'answered', status: 200 }), true);
  assert.equal(await reportResync(context, due.id, { kind: 'answered', status: 481 }), true);
  assert.equal(
    await reportResync(context, due.id, { kind: 'failed', status: null, reason: 'timeout' }),
    true,
  );
  assert.deepEqual(
    (await eventsOf(store, device)).slice(1).map(({ type, data }) => ({ type, data })),
    [
      { type: 'resync.answered', data: { status: 200 } },
      { type: 'resync.failed', data: { status: 481, failure: 'the phone refused' } },
      { type: 'resync.failed', data: { status: null, failure: 'timeout' } },
    ],
  );
  assert.equal(await reportResync(context, 'nonsense', { kind: 'answered', status: 200 }), false);
});

onBothDatabases(
  'who waits is woken by a resync that another instance asks for',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const other = makeContext(await openAnother(), context.clock);
    const device = await makeDevice(context);
    const phone = await makePhone(context, device);
    const waiting = waitForDueResyncs(other, 20, new AbortController().signal);
    await resyncDevice(context, device.mac);
    assert.deepEqual(users(await until(() => waiting, { within: 15_000 })), [phone.id]);
  },
);

onBothDatabases('who waits is woken when the next resync is due, and not before', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);
  const real = { ...context, clock: { now: () => new Date() } };
  await store.db
    .updateTable('registrations')
    .set({ expiresAt: new Date(Date.now() + 60_000) })
    .execute();
  const wish = { deviceId: device.id, tokenId: null, callId: 'call-1', reason: 'requested' } as const;
  await requestResync(store.db, wish, new Date());
  await store.db
    .updateTable('resyncs')
    .set({ dueAt: new Date(Date.now() + 700) })
    .execute();

  const started = performance.now();
  const due = waitForDueResyncs(real, 20, new AbortController().signal);
  assert.deepEqual(users(await until(() => due, { within: 15_000 })), [phone.id]);
  const waited = performance.now() - started;
  assert.ok(waited > 400, `${waited} ms`);
});

onBothDatabases('a wait ends by itself, and at once when nobody waits any more', async ({ store }) => {
  const context = makeContext(store);
  assert.deepEqual(await waitForDueResyncs(context, 0, new AbortController().signal), []);
  const started = performance.now();
  assert.deepEqual(await waitForDueResyncs(context, 0.2, new AbortController().signal), []);
  assert.ok(performance.now() - started >= 190);

  const device = await makeDevice(context);
  await makePhone(context, device);
  const gone = new AbortController();
  const waiting = waitForDueResyncs(context, 20, gone.signal);
  gone.abort();
  assert.deepEqual(await waiting, []);
  // Nothing is leased to who is gone.
  await resyncDevice(context, device.mac);
  assert.deepEqual(await waitForDueResyncs(context, 20, gone.signal), []);
  assert.equal((await takeDueResyncs(context)).length, 1);
});

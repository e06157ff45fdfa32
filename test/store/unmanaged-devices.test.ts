/**
 * Devices that no administrator has made: which of them go, and when; and that decoys are nowhere
 * to be seen.
 */
import assert from 'node:assert/strict';
import { addSeconds } from '../../src/domain/time.js';
import { UNPROVEN_TOKEN_SECONDS } from '../../src/domain/token.js';
import type { Device } from '../../src/domain/device.js';
import { reportEmergencyCall } from '../../src/services/emergency/emergency-report.js';
import { routeCall } from '../../src/services/emergency/emergency-route.js';
import { removeDevice } from '../../src/services/devices/devices.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import { resyncDevice } from '../../src/services/devices/change-device.js';
import { suspendAuthentication } from '../../src/services/authentication/suspend-authentication.js';
import { SYSTEM } from '../../src/services/audit/actors.js';
import { endUnusedDevices, unusedDevices } from '../../src/services/unknown/unused-devices.js';
import { IN_ORDER_OF_CREATION, listDevices } from '../../src/store/device-list.js';
import { findDevice, findDeviceByMac, saveAuthentication } from '../../src/store/devices.js';
import { recordEvents } from '../../src/store/events.js';
import { updateSeenDevices } from '../../src/store/fetch-notes.js';
import type { Mac } from '../../src/domain/mac.js';
import { type Knock, listKnocks, saveKnocks } from '../../src/store/knocks.js';
import { deleteDecoy, dropDecoys } from '../../src/store/unmanaged-devices.js';
import { touchToken } from '../../src/store/tokens.js';
import { TestClock } from '../support/clock.js';
import {
  eventsOf,
  eventTypesOf,
  makeContext,
  makeDevice,
  makePhone,
  makeToken,
  PHONE_SOURCE,
  type TestContext,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';

const unclaimed = (context: TestContext): Promise<Device> =>
  makeDevice(context, { kind: 'unclaimed', tenantId: null });
const decoy = (context: TestContext): Promise<Device> =>
  makeDevice(context, { kind: 'decoy', tenantId: null });

async function exists(context: TestContext, device: Device): Promise<boolean> {
  return (await findDevice(context.store.db, device.id)) !== null;
}

onBothDatabases(
  'an unclaimed device goes when it has not been used for a day, and not a moment before',
  async ({ store }) => {
    const context = makeContext(store);
    const start = context.clock.now();
    const [silent, seen, calling, owned, managed] = [
      await unclaimed(context),
      await unclaimed(context),
      await unclaimed(context),
      await makeDevice(context, { kind: 'unclaimed' }),
      await makeDevice(context),
    ];
    const token = await makeToken(context, calling);
    await updateSeenDevices(store.db, [
      {
        deviceId: seen.id,
        at: addSeconds(start, 1),
        address: null,
        provisionedAt: null,
        minimalAt: null,
        fullAt: null,
        holdsFull: null,
      },
    ]);
    await touchToken(store.db, token.id, addSeconds(start, 2));

    context.clock.set(new Date(start.getTime() + UNPROVEN_TOKEN_SECONDS * 1000 - 1));
    await endUnusedDevices(context);
    assert.ok(await exists(context, silent), 'a millisecond before');
    context.clock.advance(0.001);
    await endUnusedDevices(context);
    assert.ok(!(await exists(context, silent)), 'at its time');
    assert.ok(await exists(context, seen));
    context.clock.advance(0.999);
    await endUnusedDevices(context);
    assert.ok(await exists(context, seen), 'it was seen a second later');
    context.clock.advance(0.001);
    await endUnusedDevices(context);
    assert.ok(!(await exists(context, seen)));
    assert.ok(await exists(context, calling), 'it called two seconds later');
    context.clock.advance(3600);
    await endUnusedDevices(context);
    assert.ok(!(await exists(context, calling)));
    assert.ok(await exists(context, owned), 'one that was reset to autoprov keeps its tenant, and stays');
    assert.ok(await exists(context, managed));
    assert.deepEqual(
      (await eventsOf(store, silent)).map(({ type, actor, data }) => ({ type, actor, data })),
      [{ type: 'device.deleted', actor: 'system', data: { reason: 'unused' } }],
    );
  },
);

onBothDatabases(
  'the watch looks for unused devices once a minute, and again at once while there are more',
  async ({ store }) => {
    const context = makeContext(store);
    const lapse = unusedDevices(context);
    assert.equal(await lapse.look(), false);
    for (let number = 0; number < 101; number += 1) await unclaimed(context);
    context.clock.advance(UNPROVEN_TOKEN_SECONDS);
    assert.equal(await lapse.look(), true, 'a hundred at a time');
    assert.equal(await lapse.look(), false);
    const last = await unclaimed(context);
    context.clock.advance(59.999);
    await lapse.look();
    const { rows } = { rows: await store.db.selectFrom('devices').select('id').execute() };
    assert.deepEqual(rows, [{ id: last.id }]);
  },
);

onBothDatabases(
  'decoys stay while the installation is set to them, and go when it is not',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await decoy(context);
    const asDecoy = {
      ...context,
      installation: { ...context.installation, unknownDevices: 'decoy' as const },
    };
    context.clock.advance(10 * UNPROVEN_TOKEN_SECONDS);
    await endUnusedDevices(asDecoy);
    assert.ok(await exists(context, device));
    await endUnusedDevices(context);
    assert.ok(!(await exists(context, device)));
    assert.deepEqual(await eventTypesOf(store), []);
  },
);

onBothDatabases(
  'of decoys go first those nobody came back to, then those nobody guessed at, each the longest unused first',
  async ({ store }) => {
    const context = makeContext(store);
    const inOrder: Device[] = [];
    const next = async (make: () => Promise<Device>): Promise<void> => {
      context.clock.advance(1);
      inOrder.push(await make());
    };
    const guessed = async (change: object): Promise<Device> => {
      const device = await decoy(context);
      await saveAuthentication(
        store.db,
        device.id,
        { ...device.authentication, ...change },
        context.clock.now(),
      );
      return device;
    };
    const registered = async (): Promise<Device> => {
      const device = await decoy(context);
      await makePhone(context, device);
      return device;
    };
    await next(() => guessed({ wrongInRow: 1 }));
    await next(() => guessed({ state: 'blocked', lockouts: 3 }));
    await next(registered);
    await next(() => decoy(context));
    await next(() => decoy(context));
    const managed = await makeDevice(context);

    const gone: Device[] = [];
    for (const _ of inOrder) {
      assert.equal(await dropDecoys(store.db, 1), 1);
      for (const device of inOrder)
        if (!gone.includes(device) && !(await exists(context, device))) gone.push(device);
    }
    const places = gone.map((device) => inOrder.indexOf(device));
    assert.deepEqual(places, [3, 4, 2, 0, 1]);
    assert.equal(await dropDecoys(store.db, 1), 0);
    assert.ok(await exists(context, managed));
  },
);

onBothDatabases('a decoy is no device to an administrator, whatever he asks of it', async ({ store }) => {
  const context = makeContext(store);
  const { mac, id } = await decoy(context);
  assert.equal(await findDeviceByMac(store.db, mac), null);
  assert.equal(await resetAuthentication(context, mac, SYSTEM), null);
  assert.equal(await suspendAuthentication(context, mac, SYSTEM), null);
  assert.equal(await resyncDevice(context, mac), null);
  assert.equal(await removeDevice(context, mac, SYSTEM), false);
  const { items } = await listDevices(
    store.db,
    { scope: 'all' },
    { ...IN_ORDER_OF_CREATION, limit: 10, after: null },
    context.clock.now(),
  );
  assert.deepEqual(items, []);
  assert.notEqual(await findDevice(store.db, id), null, 'it is there all the same');
  await deleteDecoy(store.db, mac);
  assert.equal(await findDevice(store.db, id), null);
});

onBothDatabases(
  'nothing that becomes of a decoy is in the audit log, but that somebody knocked, or called for help',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await decoy(context);
    const token = await makePhone(context, device);
    const line = {
      at: context.clock.now(),
      tenantId: null,
      mac: device.mac,
      actor: 'phone',
      address: null,
      data: {},
    };
    await recordEvents(store.db, [
      { ...line, type: 'pap.wrong' },
      { ...line, type: 'device.knocked' },
      { ...line, type: 'resync.sent' },
      { ...line, type: 'budget.spent', mac: null },
    ]);
    const call = { user: token.id, dialled: '112', source: PHONE_SOURCE };
    const route = await routeCall(context, call);
    assert.deepEqual(route.kind === 'emergency' && route.targets, ['sip:112@installation.example']);
    await reportEmergencyCall(context, {
      ...call,
      target: 'sip:112@installation.example',
      outcome: 'connected',
      status: 200,
    });
    assert.deepEqual(
      (await eventsOf(store)).map(({ type, mac }) => [type, mac]),
      [
        ['device.knocked', device.mac],
        ['budget.spent', null],
        ['call.emergency', null],
      ],
    );
  },
);

onBothDatabases('events are written in their order, however many there are', async ({ store }) => {
  const context = makeContext(store);
  const device = await makeDevice(context);
  const events = Array.from({ length: 300 }, (_, number) => ({
    at: context.clock.now(),
    type: 'config.minimal' as const,
    tenantId: device.tenantId,
    mac: number % 3 === 0 ? device.mac : number % 3 === 1 ? `02:00:00:00:00:${number % 90}` : null,
    actor: 'phone',
    address: '192.0.2.1',
    data: { number },
  }));
  await recordEvents(store.db, events);
  assert.deepEqual(
    (await eventsOf(store)).map(({ data }) => data['number']),
    events.map(({ data }) => data.number),
  );
});

onBothDatabases('the list of knocks goes on where a page ended, the latest first', async ({ store }) => {
  const clock = new TestClock();
  const knockOf = (number: number): Knock => ({
    mac: `02:00:00:00:00:0${number}` as Mac,
    vendor: 'snom',
    address: null,
    userAgent: null,
    times: 1,
    firstAt: clock.now(),
    lastAt: addSeconds(clock.now(), Math.floor(number / 2)),
  });
  const knocks = [0, 1, 2, 3, 4].map(knockOf);
  assert.equal((await saveKnocks(store.db, knocks)).length, 5);
  assert.deepEqual(await saveKnocks(store.db, [{ ...knocks[0]!, times: 4 }]), [], 'known already');
  const first = await listKnocks(store.db, { limit: 2, after: null });
  const second = await listKnocks(store.db, { limit: 2, after: first.next });
  const third = await listKnocks(store.db, { limit: 2, after: second.next });
  const found = [first, second, third].flatMap(({ items }) => items);
  assert.deepEqual(
    found.map(({ mac }) => mac.at(-1)),
    ['4', '3', '2', '1', '0'],
  );
  assert.equal(found.at(-1)?.times, 5);
  assert.equal(third.next, null);
});

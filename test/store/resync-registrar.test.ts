/**
 * Phones that have their full configuration are registered at their operator's registrar: they are
 * told through it.
 */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import { deriveHa1 } from '../../src/domain/secrets.js';
import type { Token } from '../../src/domain/token.js';
import type { DueResync } from '../../src/contract/messages.js';
import { findLineHa1 } from '../../src/services/account.js';
import { showDevice } from '../../src/services/devices/device-details.js';
import { takeDueResyncs } from '../../src/services/resync/due-resyncs.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import { resyncDevice } from '../../src/services/devices/change-device.js';
import { closeResyncs } from '../../src/services/resync/resyncs.js';
import { reportResync } from '../../src/services/resync/resync-outcome.js';
import { replaceDeviceLines } from '../../src/store/device-lines.js';
import { type Line, updateLine } from '../../src/store/lines.js';
import type { ResyncResult } from '../../src/store/resync-results.js';
import { moveToken } from '../../src/store/tokens.js';
import {
  PHONE_SOURCE,
  type TestContext,
  eventsOf,
  makeContext,
  makeDevice,
  makePhone,
  makeTenant,
  makeToken,
  registerPhone,
  reread,
} from '../support/fixture.js';
import { makeLine } from '../support/lines.js';
import { onBothDatabases } from '../support/store.js';

const ADMIN = { name: 'admin', address: null };
const VOID = {
  deviceId: '',
  reason: 'requested',
  way: null,
  target: null,
  status: null,
  failure: null,
} as const;

interface Provisioned {
  device: Device;
  phone: Token;
  lines: Line[];
}

/**
 * A phone that has fetched its full configuration, an hour ago, with as many lines as there are
 * wishes.
 */
async function provisioned(
  context: TestContext,
  wishes: Partial<Line>[] = [{}],
  tenant: { resyncRoute?: string } = {},
): Promise<Provisioned> {
  const tenantId = await makeTenant(context, tenant);
  const device = await makeDevice(context, { tenantId });
  const phone = await makePhone(context, device);
  await context.store.db
    .updateTable('tokens')
    .set({ fullServedAt: context.clock.now() })
    .where('id', '=', phone.id)
    .execute();
  await moveToken(context.store.db, phone.id, ['bootstrap'], 'proven', context.clock.now());
  const lines: Line[] = [];
  for (const wish of wishes) {
    const { provisioningCode: _code, ...made } = await makeLine(context, { tenantId });
    const line: Line = { ...made, ...wish };
    await updateLine(context.store.db, line);
    lines.push(line);
  }
  await replaceDeviceLines(
    context.store.db,
    device.id,
    lines.map(({ id }) => id),
  );
  context.clock.advance(3600);
  return { device, phone, lines };
}

const where = ({ contact, nextHop, source }: DueResync): unknown => ({ contact, nextHop, source });

async function resultOf(context: TestContext, device: Device): Promise<Omit<ResyncResult, 'at'> | null> {
  const { resync } = await showDevice(context, await reread(context, device), ADMIN);
  if (resync === null) return null;
  const { at: _at, ...rest } = resync;
  return { ...rest, deviceId: '' };
}

onBothDatabases(
  'a phone with its full configuration is told through the registrar of its line',
  async ({ store }) => {
    const context = makeContext(store);
    const { device, phone, lines } = await provisioned(context);
    const contact = `sip:${lines[0]?.sipUser}@pbx.example`;
    await resyncDevice(context, device.mac);
    assert.deepEqual(await resultOf(context, device), { ...VOID, outcome: 'due' });

    const [due, ...more] = await takeDueResyncs(context);
    assert.ok(due !== undefined && more.length === 0);
    assert.deepEqual(where(due), { contact, nextHop: null, source: null });
    assert.equal(due.user, lines[0]?.sipUser);
    assert.match(due.event, /^check-sync/);
    const told = { ...VOID, way: 'registrar', target: contact } as const;
    assert.deepEqual(await resultOf(context, device), { ...told, outcome: 'sent' });

    assert.equal(
      await reportResync(context, due.id, { kind: 'failed', status: 405, reason: 'Method Not Allowed' }),
      true,
    );
    const failed = { ...told, outcome: 'failed', status: 405, failure: 'Method Not Allowed' } as const;
    assert.deepEqual(await resultOf(context, device), failed);
    await reportResync(context, due.id, { kind: 'answered', status: 202 });
    assert.deepEqual(await resultOf(context, device), { ...told, outcome: 'answered', status: 202 });

    context.clock.advance(1);
    await closeResyncs(store.db, device.id, phone.id, context.clock.now());
    await reportResync(context, due.id, { kind: 'failed', status: null, reason: 'no answer' });
    assert.equal((await resultOf(context, device))?.outcome, 'fetched', 'that says more than any answer');
    context.clock.advance(60);
    assert.deepEqual(await takeDueResyncs(context), [], 'and nothing is repeated');
    assert.deepEqual(
      (await eventsOf(store, device)).flatMap(({ type, data }) =>
        type.startsWith('resync.') ? [{ type, data }] : [],
      ),
      [
        { type: 'resync.sent', data: { reason: 'requested', sent: 1, to: contact } },
        { type: 'resync.failed', data: { status: 405, failure: 'Method Not Allowed', to: contact } },
        { type: 'resync.answered', data: { status: 202, to: contact } },
        { type: 'resync.failed', data: { status: null, failure: 'no answer', to: contact } },
      ],
    );
  },
);

onBothDatabases(
  'the way to the registrar is the tenant’s, else the line’s outbound proxy, else its transport’s',
  async ({ store }) => {
    const context = makeContext(store);
    const at = { sipUser: 'k 1', registrar: 'pbx.example:5070' };
    const ways: [Partial<Line>, { resyncRoute?: string }, string | null][] = [
      [at, {}, null],
      [{ ...at, transport: 'tls' }, {}, 'sip:pbx.example:5070;transport=tls'],
      [{ ...at, outboundProxy: 'edge.example' }, {}, 'sip:edge.example;transport=udp'],
      [{ ...at, outboundProxy: 'edge.example', transport: 'tcp' }, {}, 'sip:edge.example;transport=tcp'],
      [{ ...at, outboundProxy: 'edge.example' }, { resyncRoute: 'sip:192.0.2.7;lr' }, 'sip:192.0.2.7;lr'],
    ];
    for (const [line, tenant, nextHop] of ways) {
      const { device } = await provisioned(context, [line], tenant);
      await resyncDevice(context, device.mac);
      const due = (await takeDueResyncs(context)).find(({ id }) => id.includes(device.id));
      assert.deepEqual(due && where(due), { contact: 'sip:k%201@pbx.example:5070', nextHop, source: null });
    }
  },
);

onBothDatabases(
  'of several lines another one is tried each time, until it is given up',
  async ({ store }) => {
    const context = makeContext(store);
    const { device, lines } = await provisioned(context, [{}, {}]);
    await resyncDevice(context, device.mac);
    const tried: string[] = [];
    for (const pause of [0, 10, 20, 30]) {
      context.clock.advance(pause);
      for (const due of await takeDueResyncs(context)) tried.push(due.contact);
    }
    const [first, second] = lines.map(({ sipUser }) => `sip:${sipUser}@pbx.example`);
    assert.deepEqual(tried, [first, second, first, second]);
    context.clock.advance(30);
    assert.deepEqual(await takeDueResyncs(context), []);
    const result = await resultOf(context, device);
    assert.deepEqual([result?.outcome, result?.failure], ['failed', 'the phone did not fetch']);
  },
);

onBothDatabases('a phone that is registered here, or waits here, is told here', async ({ store }) => {
  const context = makeContext(store);
  const { device, phone, lines } = await provisioned(context);
  const contact = `sip:${lines[0]?.sipUser}@pbx.example`;
  const takeNow = async (): Promise<string[]> => {
    await resyncDevice(context, device.mac);
    return (await takeDueResyncs(context))
      .map((due) => (due.source === null ? due.contact : due.user))
      .sort();
  };

  await registerPhone(context, phone);
  assert.deepEqual(
    await takeNow(),
    [phone.id],
    'it has registered here since: so it does not have its lines',
  );
  const stranger = await makePhone(context, device);
  context.clock.advance(301);
  await registerPhone(context, stranger);
  assert.deepEqual(
    await takeNow(),
    [stranger.id, contact].sort(),
    'a stranger’s registration keeps nobody from being told',
  );
});

onBothDatabases(
  'a phone that has just got its configuration is told both here and there',
  async ({ store }) => {
    const context = makeContext(store);
    const { device, phone, lines } = await provisioned(context);
    await registerPhone(context, phone);
    context.clock.advance(1);
    await store.db.updateTable('tokens').set({ fullServedAt: context.clock.now() }).execute();
    await resyncDevice(context, device.mac);
    const due = await takeDueResyncs(context);
    assert.deepEqual(due.map((one) => one.source?.address ?? one.contact).sort(), [
      PHONE_SOURCE.address,
      `sip:${lines[0]?.sipUser}@pbx.example`,
    ]);
    assert.equal((await store.db.selectFrom('resyncs').select('id').execute()).length, 1, 'as one resync');
  },
);

onBothDatabases(
  'after a reset the phone is told to let go of its lines; once it is back, it is told here alone',
  async ({ store }) => {
    const context = makeContext(store);
    const { device } = await provisioned(context);
    await resetAuthentication(context, device.mac, ADMIN);
    const [due] = await takeDueResyncs(context);
    assert.equal(due?.source, null);

    context.clock.advance(5);
    const back = await makeToken(context, device);
    await registerPhone(context, back);
    context.clock.advance(301);
    await resyncDevice(context, device.mac);
    assert.deepEqual(await takeDueResyncs(context), [], 'nobody is at the registrar any more');
    const result = await resultOf(context, device);
    assert.deepEqual([result?.outcome, result?.failure], ['failed', 'no phone can be reached']);
  },
);

onBothDatabases(
  'a registrar that challenges is answered for the line, as long as the resync is open',
  async ({ store }) => {
    const context = makeContext(store);
    const { device, phone, lines } = await provisioned(context, [{ authUser: 'auth-201' }]);
    const other = await provisioned(context);
    await resyncDevice(context, device.mac);
    const [due] = await takeDueResyncs(context);
    assert.ok(due !== undefined);
    assert.equal(due.user, 'auth-201');
    const right = deriveHa1('auth-201', 'pbx', 'a line password');
    assert.deepEqual(await findLineHa1(context, due.id, 'pbx'), right);

    const [id, ofDevice] = due.id.split('.');
    for (const reference of [
      `${id}.${ofDevice}`,
      `${id}.${ofDevice}.${other.lines[0]?.id}`,
      `${id}.${other.device.id}.${other.lines[0]?.id}`,
      `${phone.id}.${ofDevice}.${lines[0]?.id}`,
      'nonsense',
    ])
      assert.equal(await findLineHa1(context, reference, 'pbx'), null, reference);
    context.clock.advance(1);
    await closeResyncs(store.db, device.id, phone.id, context.clock.now());
    assert.equal(await findLineHa1(context, due.id, 'pbx'), null, 'it is over');
  },
);

/**
 * However often anybody fetches, and from however many addresses, the audit log says it once, and
 * how often.
 */
import assert from 'node:assert/strict';
import {
  makeContext,
  type EventLine,
  eventsOf,
  makeDevice,
  papOf,
  PHONE_SOURCE,
} from '../support/fixture.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import type { Device } from '../../src/domain/device.js';
import { MAX_TOLD_SOURCES, REPEAT_SECONDS } from '../../src/domain/repetition.js';
import { forgottenRepetitions, recordRepeatable } from '../../src/services/audit/repeated-events.js';
import { onBothDatabases } from '../support/store.js';
import { fileOf, nextUrl, userOf, withProvisioning, type World } from './provisioning-phones.js';

/** What the contract allows of one type, reason and address. */
const ALLOWED = 4;

async function assertBounded({ context, provisioning }: World, device: Device): Promise<EventLine[]> {
  await provisioning.flush();
  const events = await eventsOf(context.store, device);
  const counts = new Map<string, number>();
  for (const { type, address, data } of events) {
    const key = JSON.stringify([type, data['reason'] ?? null, address]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [key, count] of counts) assert.ok(count <= ALLOWED, `${count} of ${key}`);
  return events;
}

async function prove({ context, fetch }: World, device: Device, from: string): Promise<string> {
  const minimal = await fetch(`/${fileOf(device)}`, { from });
  const digits = await papOf(context, device);
  await attemptEntry(context, 'call', { user: userOf(minimal), digits, source: PHONE_SOURCE });
  const url = nextUrl(minimal, device);
  await fetch(url, { from });
  return url;
}

const times = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

onBothDatabases(
  'one address that fetches for hours is told of once an hour, with a count',
  async ({ store }) => {
    await withProvisioning(store, async (world) => {
      const { context, fetch } = world;
      const device = await makeDevice(context);
      const url = nextUrl(await fetch(`/${fileOf(device)}`), device);
      for (const hour of times(3)) {
        for (let number = 0; number < 50; number += 1) {
          context.clock.advance(10);
          assert.equal((await fetch(url)).status, 200, `hour ${hour}`);
        }
        await assertBounded(world, device);
        context.clock.advance(REPEAT_SECONDS);
      }
      await fetch(url);
      const told = (await assertBounded(world, device)).map(({ type, data }) => [type, data['repeated']]);
      assert.deepEqual(told, [
        ['config.minimal', undefined],
        ['config.minimal', 50],
        ['config.minimal', 49],
        ['config.minimal', 49],
      ]);
    });
  },
);

onBothDatabases('who makes the answer change to and fro fills nothing', async ({ store }) => {
  await withProvisioning(store, async (world) => {
    const { context, fetch, provisioning } = world;
    const device = await makeDevice(context, { policy: { strict: true } });
    const phone = await prove(world, device, '127.0.0.2');
    const from = '127.0.0.3';
    for (const index of times(40)) {
      context.clock.advance(1);
      const agent = `Yealink SIP-T46U 108.86.0.90 80:5e:c0:00:00:${10 + index}`;
      for (const target of [
        `/${fileOf(device)}`,
        `/${'a'.repeat(32)}/${fileOf(device)}`,
        `/x/${fileOf(device)}`,
        phone,
      ])
        await fetch(target, { from, headers: index % 2 === 0 ? {} : { 'User-Agent': agent } });
      await fetch(`/${fileOf(device)}?mac=80:5e:c0:00:00:${10 + index}`, { from });
      if (index % 4 === 0) await provisioning.flush();
    }
    const events = await assertBounded(world, device);
    assert.ok(events.length < 40, `${events.length} events`);
    assert.ok(events.some(({ type }) => type === 'device.mismatch'));
    assert.ok(events.some(({ type }) => type === 'device.token_missing'));
  });
});

onBothDatabases(
  'from many addresses each reason is told of a few, then of all of them',
  async ({ store }) => {
    await withProvisioning(store, async (world) => {
      const { context, fetch } = world;
      const device = await makeDevice(context, { policy: { strict: true } });
      const phone = await prove(world, device, '127.0.0.2');
      for (const index of times(120)) {
        context.clock.advance(1);
        await fetch(`/${fileOf(device)}`, { from: `127.0.${1 + (index >> 6)}.${1 + (index & 63)}` });
      }
      const events = await assertBounded(world, device);
      for (const type of ['config.minimal', 'device.token_missing', 'device.contested'] as const) {
        const told = events.filter((event) => event.type === type && event.data['reason'] !== 'needed');
        assert.ok(told.length <= MAX_TOLD_SOURCES + 2, `${told.length} of ${type}`);
        assert.equal(told.at(-1)?.data['addresses'], 'many', type);
      }
      await fetch(phone, { from: '127.0.0.9' });
      const [last] = (await assertBounded(world, device)).slice(-1);
      assert.deepEqual(
        [last?.type, last?.address],
        ['config.full', '127.0.0.9'],
        'what the phone gets is told',
      );
    });
  },
);

onBothDatabases(
  'several instances, and one that starts anew, tell no more than one would',
  async ({ store, openAnother }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    const note = (at: Date, address: string) => ({
      subject: device.id,
      reason: 'needed',
      times: 3,
      event: {
        at,
        type: 'config.minimal',
        tenantId: null,
        mac: device.mac,
        actor: 'phone',
        address,
        data: {},
      } as const,
    });
    const stores = [store, await openAnother(), await openAnother()];
    const addresses = times(10).map((index) => `192.0.2.${index}`);
    for (const _ of times(5))
      await Promise.all(
        stores.map(async (one) =>
          one.transaction((transaction) =>
            recordRepeatable(
              transaction,
              addresses.map((address) => note(context.clock.now(), address)),
            ),
          ),
        ),
      );
    assert.equal((await eventsOf(store, device)).length, addresses.length);

    context.clock.advance(REPEAT_SECONDS);
    await store.transaction((transaction) =>
      recordRepeatable(transaction, [note(context.clock.now(), '192.0.2.1')]),
    );
    assert.equal((await eventsOf(store, device)).at(-1)?.data['repeated'], 5 * 3 * 3 - 1, 'none is lost');

    const forgetting = forgottenRepetitions(context);
    context.clock.advance(2 * REPEAT_SECONDS);
    assert.equal(await forgetting.look(), false);
    assert.deepEqual(await store.db.selectFrom('repeatedEvents').selectAll().execute(), []);
  },
);

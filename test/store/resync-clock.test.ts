/** The queue of resyncs when the clock steps (NTP after a wrong real-time clock). */
import assert from 'node:assert/strict';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { closeCall } from '../../src/services/authentication/call.js';
import { takeDueResyncs } from '../../src/services/resync/due-resyncs.js';
import { resyncDevice } from '../../src/services/devices/change-device.js';
import { closeResyncs } from '../../src/services/resync/resyncs.js';
import { waitForDueResyncs } from '../../src/services/resync/resync-wait.js';
import type { Token } from '../../src/domain/token.js';
import {
  PHONE_SOURCE,
  type TestContext,
  makeContext,
  makeDevice,
  makePhone,
  papOf,
  registerPhone,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';

const END = { outcome: 'accepted', seconds: 12 } as const;

const usersAt = async (context: TestContext): Promise<string[]> =>
  (await takeDueResyncs(context)).map((one) => one.user).sort();

/** A phone whose resync waits for the end of call-1. */
async function authenticated(context: TestContext): Promise<Token> {
  const device = await makeDevice(context);
  const phone = await makePhone(context, device);
  const digits = await papOf(context, device);
  await attemptEntry(context, 'call-1', { user: phone.id, digits, source: PHONE_SOURCE });
  return phone;
}

for (const step of [-3600, 3600]) {
  onBothDatabases(
    `a clock that steps by ${step} s delays no resync and repeats none without end`,
    async ({ store }) => {
      const context = makeContext(store);
      const phone = await authenticated(context);
      const device = await makeDevice(context);
      const other = await makePhone(context, device);
      await resyncDevice(context, device.mac);
      assert.deepEqual(await usersAt(context), [other.id]);

      context.clock.advance(step);
      // Their registrations are of before the step.
      for (const one of [phone, other]) await registerPhone(context, one);
      await closeCall(context, 'call-1', { user: phone.id, ...END });
      context.clock.advance(1);
      assert.deepEqual(await usersAt(context), [phone.id, other.id].sort(), 'at once');
      await closeResyncs(store.db, device.id, other.id, context.clock.now());
      const told: string[] = [];
      for (let second = 1; second <= 120; second += 1) {
        context.clock.advance(1);
        told.push(...(await usersAt(context)));
      }
      assert.deepEqual(
        told,
        [phone.id, phone.id, phone.id],
        'who has fetched is not told again, who has not is as always',
      );
    },
  );
}

onBothDatabases(
  'a clock that stepped back wakes who waits for what seems to be due in an hour',
  async ({ store }) => {
    const context = makeContext(store);
    const phone = await authenticated(context);
    context.clock.advance(-3600);
    const due = await waitForDueResyncs(context, 10, new AbortController().signal);
    assert.deepEqual(
      due.map(({ user }) => user),
      [phone.id],
    );
  },
);

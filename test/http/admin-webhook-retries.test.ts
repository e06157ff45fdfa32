import assert from 'node:assert/strict';
import { addSeconds } from '../../src/domain/time.js';
import { findWarnings } from '../../src/services/warnings.js';
import { forgottenDeliveries } from '../../src/webhooks/queue.js';
import { writeEvents } from '../support/audit-events.js';
import { until } from '../support/wait-for.js';
import { WebhookReceiver, verified } from '../support/webhook-receiver.js';
import { type Admin, eventsOf, expectStatus, makeDevice, makeTenant, onAdminApp } from './admin-server.js';
import { deliver, deliveriesOf, makeWebhook, untilState } from './webhook-rig.js';

/** Those about webhooks. */
async function warningsOf({ context }: Admin): Promise<string[]> {
  const known = { hasAdminKey: true, dataDir: null, isInProduction: false, isSealRefused: () => false };
  const warnings = await findWarnings(context, { ...known, clockReport: () => null });
  return warnings.filter((warning) => warning.startsWith('Webhooks that have failed'));
}

onAdminApp('what fails is tried again under the same id, and others are not held up', async (admin, t) => {
  let now = new Date();
  const turn = (seconds: number): void => {
    now = addSeconds(now, seconds);
    admin.turnClock(now);
  };
  turn(0);
  const receiver = await WebhookReceiver.start(t);
  const webhook = await makeWebhook(admin, receiver.url);
  const tenantId = await makeTenant(admin);
  deliver(admin, t);
  receiver.answer = 500;
  await makeDevice(admin, tenantId);
  const failed = await until(
    async () => (await deliveriesOf(admin, webhook)).find(({ attempts }) => attempts.length === 1),
    { what: 'a failed attempt' },
  );
  assert.equal(failed.state, 'pending');
  assert.deepEqual(failed.attempts, [{ at: now.toISOString(), status: 500, error: 'answered 500' }]);
  const wait = Date.parse(failed.nextAttemptAt) - now.getTime();
  assert.ok(wait > 0 && wait < 60_000, `the first retry comes within 60 s: ${wait}`);
  const failing = await expectStatus(admin.get(`/webhooks/${webhook.id}`), 200);
  assert.deepEqual([failing.pending, failing.failingSince], [1, now.toISOString()]);
  assert.deepEqual(await warningsOf(admin), [], 'not at once');
  turn(5);
  const metrics = await admin.metrics.read();
  assert.match(metrics, /^dialgate_webhook_deliveries\{state="pending"\} 1$/m);
  assert.match(metrics, /^dialgate_webhook_lag_seconds 5$/m);

  receiver.answer = 200;
  await makeDevice(admin, tenantId, { mac: '80:5e:c0:11:22:44' });
  await receiver.untilCount(2);
  assert.notEqual(receiver.ids[1], receiver.ids[0], 'a later event is delivered meanwhile');
  turn(15);
  await receiver.untilCount(3);
  assert.equal(receiver.ids[2], receiver.ids[0]);
  const [, , third] = receiver.received;
  assert.ok(third !== undefined);
  assert.equal(verified(webhook.secret, third).data.mac, '80:5e:c0:11:22:33');
  await until(async () => (await deliveriesOf(admin, webhook, 'state=delivered')).length === 2);
  const well = await expectStatus(admin.get(`/webhooks/${webhook.id}`), 200);
  assert.deepEqual([well.pending, well.failingSince], [0, null]);
});

onAdminApp('after three days a delivery is dead, and can be replayed', async (admin, t) => {
  let now = new Date();
  admin.turnClock(now);
  const receiver = await WebhookReceiver.start(t);
  const webhook = await makeWebhook(admin, receiver.url);
  const tenantId = await makeTenant(admin);
  deliver(admin, t);
  receiver.answer = 503;
  await makeDevice(admin, tenantId);
  await receiver.untilCount(1);
  for (let tries = 1, state = 'pending'; state === 'pending'; tries += 1) {
    const noted = await until(
      async () => (await deliveriesOf(admin, webhook)).find(({ attempts }) => attempts.length === tries),
      { what: `attempt ${tries}` },
    );
    state = noted.state;
    // Longer than any pause between two attempts.
    now = addSeconds(now, 8 * 3600);
    admin.turnClock(now);
  }
  const dead = await untilState(admin, webhook, 'dead');
  assert.equal(dead.nextAttemptAt, null);
  assert.equal(dead.attempts.length, receiver.received.length);
  assert.deepEqual(new Set(receiver.ids), new Set([dead.messageId]));
  const shown = await expectStatus(admin.get(`/webhooks/${webhook.id}`), 200);
  assert.deepEqual([shown.pending, shown.dead], [0, 1]);
  assert.equal((await warningsOf(admin)).length, 1);
  assert.match(await admin.metrics.read(), /^dialgate_webhook_deliveries\{state="dead"\} 1$/m);

  receiver.answer = 200;
  const count = receiver.received.length;
  const replayed = await expectStatus(
    admin.post(`/webhooks/${webhook.id}/deliveries/${dead.id}/replay`),
    202,
  );
  assert.equal(replayed.state, 'pending');
  await receiver.untilCount(count + 1);
  assert.equal(receiver.ids.at(-1), dead.messageId);
  const delivered = await untilState(admin, webhook, 'delivered');
  assert.equal(delivered.attempts.length, count + 1, 'what was tried before stays visible');
  assert.deepEqual(await warningsOf(admin), []);
  // One that was delivered as well.
  await expectStatus(admin.post(`/webhooks/${webhook.id}/deliveries/${dead.id}/replay`), 202);
  await receiver.untilCount(count + 2);
  await untilState(admin, webhook, 'delivered');

  const { db } = admin.context.store;
  await db.updateTable('webhookDeliveries').set({ state: 'dead' }).execute();
  assert.deepEqual(
    await expectStatus(
      admin.post(`/webhooks/${webhook.id}/replay`, { since: addSeconds(now, 1).toISOString() }),
      202,
    ),
    { replayed: 0 },
  );
  assert.deepEqual(await expectStatus(admin.post(`/webhooks/${webhook.id}/replay`), 202), { replayed: 1 });
  await receiver.untilCount(count + 3);
  await untilState(admin, webhook, 'delivered');

  const forget = forgottenDeliveries(admin.context);
  await forget.look();
  assert.equal((await deliveriesOf(admin, webhook)).length, 1);
  admin.turnClock(addSeconds(now, 8 * 86_400));
  await forget.look();
  assert.equal((await deliveriesOf(admin, webhook)).length, 0);
});

onAdminApp('a receiver that hangs delays no other, and a lapsed lease is taken over', async (admin, t) => {
  const [hanging, quick] = [await WebhookReceiver.start(t), await WebhookReceiver.start(t)];
  hanging.answer = () => undefined;
  for (let number = 0; number < 5; number += 1) await makeWebhook(admin, `${hanging.url}/${number}`);
  await makeWebhook(admin, quick.url);
  const dispatcher = deliver(admin, t);
  const { store } = admin.context;
  await writeEvents(store, 100);
  const { length: wanted } = await eventsOf(admin, 'type=device.created&limit=500');
  await quick.untilCount(wanted);
  await hanging.untilCount(5);
  assert.deepEqual(
    quick.positions,
    (await eventsOf(admin, 'type=device.created')).map(({ position }) => position),
  );

  // A process that is ended without a word has noted nothing of what was under way.
  await dispatcher.stop();
  hanging.answer = 200;
  await store.db
    .updateTable('webhooks')
    .set({
      leasedBy: '00000000-0000-4000-8000-000000000000',
      leasedUntil: addSeconds(admin.context.clock.now(), 15),
    })
    .execute();
  deliver(admin, t);
  admin.turnClock(addSeconds(admin.context.clock.now(), 16));
  const count = hanging.received.length;
  await hanging.untilCount(count + 5 * wanted);
  assert.equal(new Set(hanging.ids).size, 5 * wanted, 'every event has come, those under way twice');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';
import { WebhookReceiver, verified } from '../support/webhook-receiver.js';

const ENV = { WEBHOOK_PRIVATE_ADDRESSES: 'allow', ROLES: 'provisioning,admin' };

test('what a webhook did not take is tried again after Dialgate was killed', async (t) => {
  const receiver = await WebhookReceiver.start(t);
  receiver.answer = 503;
  const first = await Service.start(t, { env: ENV });
  const types = ['tenant.created', 'tenant.updated'];
  const webhook = await first.api.need('POST', '/webhooks', { url: receiver.url, types });
  const tenant = await first.api.need('POST', '/tenants', { name: 'Example Ltd' });
  const deliveries = `/webhooks/${webhook.id}/deliveries`;
  const failed = await until(
    async () => {
      const [delivery] = (await first.api.need('GET', deliveries)).items;
      return delivery?.attempts.length === 1 ? delivery : null;
    },
    { what: 'a failed attempt' },
  );
  assert.ok(Date.parse(failed.nextAttemptAt) - Date.parse(failed.attempts[0].at) < 60_000);
  // Committed, and by no means sealed, queued or delivered.
  await first.api.need('PATCH', `/tenants/${tenant.id}`, { name: 'Example Inc' });
  await first.kill();
  assert.doesNotMatch(first.log, /whsec_/);

  receiver.answer = 204;
  const before = receiver.received.length;
  const second = await Service.start(t, { env: ENV, dataDir: first.dataDir });
  await until(
    () => receiver.received.slice(before).some(({ headers }) => headers['webhook-id'] === failed.messageId),
    {
      within: 120_000,
      what: 'the retry',
    },
  );
  await until(() => receiver.received.some(({ body }) => JSON.parse(body).type === 'tenant.updated'));
  for (const received of receiver.received) verified(webhook.secret, received);
  await until(async () => {
    const { items } = await second.api.need('GET', `${deliveries}?state=delivered`);
    return items.length === 2;
  });
  await second.stop();
});

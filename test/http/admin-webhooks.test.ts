import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { WebhookVerificationError } from 'standardwebhooks';
import { addSeconds } from '../../src/domain/time.js';
import { WebhookTargets } from '../../src/webhooks/targets.js';
import { changeWebhook, createWebhook } from '../../src/webhooks/webhooks.js';
import { WebhookReceiver, verified } from '../support/webhook-receiver.js';
import {
  type Json,
  eventsOf,
  expectProblem,
  expectStatus,
  makeDevice,
  makeTenant,
  onAdminApp,
} from './admin-server.js';
import { deliver, makeWebhook, untilState } from './webhook-rig.js';

onAdminApp('an event reaches a webhook, signed, as the API answers it', async (admin, t) => {
  const now = new Date();
  admin.turnClock(now);
  const receiver = await WebhookReceiver.start(t);
  const tenantId = await makeTenant(admin);
  const webhook = await makeWebhook(admin, `${receiver.url}/hook?a=b`, {
    types: ['device.created'],
  });
  assert.match(webhook.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  deliver(admin, t);
  await makeDevice(admin, tenantId);
  const [message] = await receiver.untilCount(1);
  assert.ok(message !== undefined);
  const [event] = await eventsOf(admin, 'type=device.created');
  const body = verified(webhook.secret, message);
  assert.deepEqual(body, { type: 'device.created', timestamp: event.at, data: event });
  assert.equal(message.path, '/hook?a=b');
  assert.equal(message.headers['content-type'], 'application/json');
  assert.throws(
    () => verified(webhook.secret, { ...message, body: message.body.replace('device', 'devise') }),
    WebhookVerificationError,
  );

  const delivery = await untilState(admin, webhook, 'delivered');
  assert.deepEqual(delivery, {
    id: delivery.id,
    messageId: message.headers['webhook-id'],
    position: event.position,
    type: 'device.created',
    state: 'delivered',
    attempts: [{ at: now.toISOString(), status: 204, error: null }],
    nextAttemptAt: null,
    createdAt: now.toISOString(),
  });
  const listed = await expectStatus(admin.get('/webhooks'), 200);
  const { secret, ...shown } = webhook;
  assert.deepEqual(listed.items, [shown], 'the secret is shown once');
  assert.deepEqual(await expectStatus(admin.get(`/webhooks/${webhook.id}`), 200), shown);
  const { rows } = await sql<{ text: string }>`
    select row_to_json(webhooks)::text as text from webhooks`.execute(admin.context.store.db);
  const bytes = Buffer.from(secret.slice(6), 'base64');
  for (const clear of [secret, secret.slice(6), bytes.toString('hex'), Buffer.from(secret).toString('hex')]) {
    assert.ok(!rows[0]?.text.includes(clear), 'the secret is sealed in the database');
    assert.ok(!admin.logged().includes(clear));
  }
});

onAdminApp('each webhook gets the events of its types and tenant, in order, once', async (admin, t) => {
  const receiver = await WebhookReceiver.start(t);
  const [mine, other] = [await makeTenant(admin), await makeTenant(admin)];
  const all = await makeWebhook(admin, `${receiver.url}/all`, {
    types: ['device.created', 'device.deleted'],
  });
  await makeWebhook(admin, `${receiver.url}/mine`, { tenantId: mine });
  // Two instances, and events that come while they look.
  deliver(admin, t);
  deliver(admin, t);
  for (let number = 0; number < 30; number += 1) {
    const mac = `80:5e:c0:00:00:${number.toString(16).padStart(2, '0')}`;
    await makeDevice(admin, number % 3 === 0 ? mine : other, { mac });
  }
  await receiver.untilCount(40);
  const created = await eventsOf(admin, 'type=device.created');
  const at = (path: string): number[] =>
    receiver.received
      .filter((one) => one.path === path)
      .map(({ body }) => JSON.parse(body).data.position as number);
  assert.deepEqual(
    at('/all'),
    created.map(({ position }) => position),
  );
  assert.deepEqual(
    at('/mine'),
    created.filter(({ tenantId }) => tenantId === mine).map(({ position }) => position),
  );
  await expectStatus(admin.patch(`/webhooks/${all.id}`, { types: ['device.deleted'] }), 200);
  await expectStatus(admin.delete('/devices/805ec0000000'), 204);
  await makeDevice(admin, other);
  await receiver.untilCount(41);
  assert.equal(JSON.parse(receiver.received.at(-1)?.body ?? '').type, 'device.deleted');
  await expectStatus(admin.delete(`/tenants/${mine}?cascade=true&expect=9`), 204);
  const left = await expectStatus(admin.get('/webhooks'), 200);
  assert.deepEqual(
    left.items.map(({ id }: Json) => id),
    [all.id],
    'a tenant takes its webhooks along',
  );
});

onAdminApp('both secrets sign while a new one takes over', async (admin, t) => {
  const now = new Date();
  admin.turnClock(now);
  const receiver = await WebhookReceiver.start(t);
  const webhook = await makeWebhook(admin, receiver.url);
  const tenantId = await makeTenant(admin);
  deliver(admin, t);
  const rotate = (body?: object) =>
    expectStatus(admin.post(`/webhooks/${webhook.id}/rotate-secret`, body), 200);
  const next = await rotate({ overlapSeconds: 60 });
  assert.notEqual(next.secret, webhook.secret);
  assert.equal(next.formerSecretUntil, addSeconds(now, 60).toISOString());
  await makeDevice(admin, tenantId);
  const [first] = await receiver.untilCount(1);
  assert.ok(first !== undefined);
  for (const { secret } of [webhook, next]) assert.equal(verified(secret, first).type, 'device.created');

  admin.turnClock(addSeconds(now, 61));
  await makeDevice(admin, tenantId, { mac: '80:5e:c0:11:22:44' });
  const [, second] = await receiver.untilCount(2);
  assert.ok(second !== undefined);
  verified(next.secret, second);
  assert.throws(() => verified(webhook.secret, second), WebhookVerificationError);

  const last = await rotate({ overlapSeconds: 0 });
  assert.equal(last.formerSecretUntil, null);
  await makeDevice(admin, tenantId, { mac: '80:5e:c0:11:22:55' });
  const [, , third] = await receiver.untilCount(3);
  assert.ok(third !== undefined);
  verified(last.secret, third);
  assert.throws(() => verified(next.secret, third), WebhookVerificationError);
  const changes = await eventsOf(admin, 'type=webhook.created&type=webhook.updated');
  assert.deepEqual(
    changes.map(({ data }) => data.changed),
    [undefined, ['secret'], ['secret']],
  );
  for (const text of [webhook.secret, next.secret, last.secret])
    assert.ok(!JSON.stringify(changes).includes(text));
});

onAdminApp('a webhook that leads inside is neither made nor changed to', async ({ context, auditLog }) => {
  const inside = { ...context, webhookTargets: new WebhookTargets('refuse') };
  const actor = { name: 'anna', address: null };
  const input = { types: ['device.created' as const], tenantId: null };
  for (const host of [
    '127.0.0.1',
    'localhost',
    '0x7f.1',
    '2130706433',
    '[::ffff:10.0.0.1]',
    '[64:ff9b::a00:1]',
  ])
    assert.equal(
      (await createWebhook(inside, auditLog.sealer, { ...input, url: `http://${host}:80/` }, actor)).kind,
      'url-refused',
      host,
    );
  const made = await createWebhook(inside, auditLog.sealer, { ...input, url: 'https://8.8.8.8/' }, actor);
  assert.ok(made.kind === 'webhook');
  const changed = await changeWebhook(inside, made.webhook.id, { url: 'http://169.254.169.254/' }, actor);
  assert.equal(changed.kind, 'url-refused');
});

onAdminApp('what a webhook must not be is refused', async (admin) => {
  const url = 'https://receiver.example/hook';
  const types = ['device.created'];
  for (const [body, pointer] of [
    [{ types }, '/url'],
    [{ url }, '/types'],
    [{ url, types: [] }, '/types'],
    [{ url, types: ['device.invented'] }, '/types/0'],
    [{ url, types: ['pap.wrong', 'pap.wrong'] }, '/types'],
    [{ url: 'ftp://receiver.example/', types }, '/url'],
    [{ url: 'file:///etc/passwd', types }, '/url'],
    [{ url: 'https://', types }, '/url'],
    [{ url: 'https://user:password@receiver.example/', types }, '/url'],
    [{ url: `https://receiver.example/${'x'.repeat(2000)}`, types }, '/url'],
    [{ url, types, tenantId: '00000000-0000-4000-8000-000000000000' }, '/tenantId'],
    [{ url, types, secret: 'whsec_mine' }, '/secret'],
  ] as const)
    assert.deepEqual(
      await expectProblem(admin.post('/webhooks', body), 422),
      [pointer],
      JSON.stringify(body),
    );
  const ID = '00000000-0000-4000-8000-000000000000';
  const webhook = await makeWebhook(admin, url);
  for (const [method, path] of [
    ['GET', `/webhooks/${ID}`],
    ['PATCH', `/webhooks/${ID}`],
    ['DELETE', `/webhooks/${ID}`],
    ['POST', `/webhooks/${ID}/replay`],
    ['POST', `/webhooks/${ID}/rotate-secret`],
    ['GET', `/webhooks/${ID}/deliveries`],
    ['POST', `/webhooks/${webhook.id}/deliveries/${ID}/replay`],
  ] as const)
    await expectProblem(
      admin.ask(method, path, method === 'GET' || method === 'DELETE' ? undefined : {}),
      404,
    );
  await expectStatus(admin.delete(`/webhooks/${webhook.id}`), 204);
  await expectProblem(admin.get(`/webhooks/${webhook.id}`), 404);
});

onAdminApp('a key for named tenants has webhooks of these alone', async (admin) => {
  const [mine, other] = [await makeTenant(admin), await makeTenant(admin)];
  const { key } = await expectStatus(admin.post('/api-keys', { name: 'crm', tenantIds: [mine] }), 201);
  const headers = { authorization: `Bearer ${key}` };
  const ask = (method: string, path: string, body?: object) => admin.ask(method, path, body, headers);
  const url = 'https://receiver.example/';
  const types = ['device.created'];
  await expectProblem(ask('POST', '/webhooks', { url, types }), 403);
  const unknown = ask('POST', '/webhooks', { url, types, tenantId: '00000000-0000-4000-8000-000000000000' });
  const foreign = ask('POST', '/webhooks', { url, types, tenantId: other });
  assert.deepEqual((await foreign).body, (await unknown).body);
  assert.equal((await foreign).status, 422);
  const own = await expectStatus(ask('POST', '/webhooks', { url, types, tenantId: mine }), 201);
  const hidden = [await makeWebhook(admin, url), await makeWebhook(admin, url, { tenantId: other })];
  const { items } = await expectStatus(ask('GET', '/webhooks'), 200);
  assert.deepEqual(
    items.map(({ id }: Json) => id),
    [own.id],
  );
  assert.deepEqual((await expectStatus(ask('GET', `/webhooks?tenantId=${other}`), 200)).items, []);
  for (const { id } of hidden) {
    await expectProblem(ask('GET', `/webhooks/${id}`), 404);
    await expectProblem(ask('PATCH', `/webhooks/${id}`, { url }), 404);
    await expectProblem(ask('DELETE', `/webhooks/${id}`), 404);
    await expectProblem(ask('GET', `/webhooks/${id}/deliveries`), 404);
    await expectProblem(ask('POST', `/webhooks/${id}/replay`), 404);
    await expectProblem(ask('POST', `/webhooks/${id}/rotate-secret`), 404);
  }
  await expectProblem(ask('GET', '/audit/seal'), 403);
  await expectProblem(ask('POST', '/audit/verify'), 403);
});

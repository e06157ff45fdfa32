import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { test } from 'node:test';
import { Sender } from '../../../src/webhooks/sender.js';
import { WebhookTargets } from '../../../src/webhooks/targets.js';
import { makeCertificate } from '../../support/certificate.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';

const NEVER = new AbortController().signal;
const v4 = (...addresses: string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

test('every spelling of an address that is not public is refused', async () => {
  const targets = new WebhookTargets('refuse', async () => {
    throw new Error('an address is not looked up');
  });
  for (const host of [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '0x7f000001',
    '0x7f.1',
    '127.0.0.1.',
    '１２７.0.0.1',
    '%31%32%37.0.0.1',
    '0',
    '10.1.2.3',
    '0xa9fea9fe',
    '169.254.169.254',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:ffff:7f00:1]',
    '[::ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[64:ff9b::10.0.0.1]',
    '[64:ff9b:1::10.0.0.1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fd12::1]',
  ]) {
    const url = new URL(`http://${host}:8081/hook`);
    assert.match((await targets.refusalOf(url)) ?? '', /is not a public address/, host);
    const sender = new Sender(targets);
    const sent = await sender.send(url, {}, '{}', NEVER);
    assert.equal(sent.status, null);
    assert.match(sent.error ?? '', /^not sent: .* is not a public address \(WEBHOOK_PRIVATE_ADDRESSES\)$/);
    sender.close();
  }
  for (const host of ['8.8.8.8', '[2606:4700::1111]'])
    assert.equal(await targets.refusalOf(new URL(`https://${host}/`)), null, host);
});

test('a name is refused when any of its addresses is not public', async () => {
  const names: Record<string, LookupAddress[]> = {
    'inside.example': v4('10.0.0.7'),
    'mixed.example': v4('8.8.8.8', '::ffff:10.0.0.7'),
    'outside.example': v4('8.8.8.8', '2606:4700::1111'),
    'none.example': [],
  };
  const targets = new WebhookTargets('refuse', async (name) => names[name] ?? []);
  const refusalOf = (name: string): Promise<string | null> => targets.refusalOf(new URL(`https://${name}/`));
  assert.equal(
    await refusalOf('inside.example'),
    'inside.example has the address 10.0.0.7, which is not public',
  );
  assert.match((await refusalOf('mixed.example')) ?? '', /::ffff:10\.0\.0\.7/);
  assert.equal(await refusalOf('outside.example'), null);
  assert.equal(await refusalOf('none.example'), null, 'judged when something is sent');
  const localhost = await new WebhookTargets('refuse').refusalOf(new URL('http://localhost/'));
  assert.match(localhost ?? '', /^localhost has the address /);
});

test('a name is resolved once for an attempt, and refused when it has come to lead inside', async (t) => {
  const receiver = await WebhookReceiver.start(t);
  const { port } = new URL(receiver.url);
  const answers = [v4('8.8.8.8'), v4('127.0.0.1')];
  let asked = 0;
  const targets = new WebhookTargets('refuse', async () => {
    asked += 1;
    return answers.shift() ?? v4('127.0.0.1');
  });
  const url = new URL(`http://rebound.example:${port}/hook`);
  assert.equal(await targets.refusalOf(url), null);
  const sender = new Sender(targets);
  t.after(() => sender.close());
  const sent = await sender.send(url, {}, '{}', NEVER);
  assert.deepEqual(sent, {
    status: null,
    error:
      'not sent: rebound.example has the address 127.0.0.1, which is not public (WEBHOOK_PRIVATE_ADDRESSES)',
  });
  assert.equal(asked, 2, 'once for the check, once for the attempt');
  assert.equal(receiver.received.length, 0);
});

test('what was looked at is what is connected to', async (t) => {
  const receiver = await WebhookReceiver.start(t);
  const { port } = new URL(receiver.url);
  let asked = 0;
  const targets = new WebhookTargets('allow', async () => {
    asked += 1;
    return asked === 1 ? v4('127.0.0.1') : v4('192.0.2.1');
  });
  const sender = new Sender(targets);
  t.after(() => sender.close());
  const sent = await sender.send(new URL(`http://hook.example:${port}/x?y=1`), {}, '{}', NEVER);
  assert.deepEqual(sent, { status: 204, error: null });
  assert.equal(asked, 1);
  assert.deepEqual(
    receiver.received.map(({ path, headers }) => [path, headers.host]),
    [['/x?y=1', `hook.example:${port}`]],
  );
});

test('only an answer 2xx is a delivery, and no redirect is followed', async (t) => {
  const receiver = await WebhookReceiver.start(t);
  const sender = new Sender(new WebhookTargets('allow'));
  t.after(() => sender.close());
  const send = () => sender.send(new URL(receiver.url), {}, '{}', NEVER);
  for (const status of [200, 201, 204, 299]) {
    receiver.answer = status;
    assert.deepEqual(await send(), { status, error: null });
  }
  for (const status of [400, 404, 410, 429, 500, 503]) {
    receiver.answer = status;
    assert.deepEqual(await send(), { status, error: `answered ${status}` });
  }
  const count = receiver.received.length;
  for (const status of [301, 302, 307, 308]) {
    receiver.answer = (response) => response.writeHead(status, { location: `${receiver.url}/other` }).end();
    assert.deepEqual(await send(), { status, error: 'redirects are not followed' });
  }
  assert.equal(receiver.received.length, count + 4);
});

test('a receiver that does not answer, or without end, costs a bounded time', async (t) => {
  const receiver = await WebhookReceiver.start(t);
  const sender = new Sender(new WebhookTargets('allow'), 300);
  t.after(() => sender.close());
  const send = () => sender.send(new URL(receiver.url), {}, '{}', NEVER);
  receiver.answer = () => undefined;
  assert.deepEqual(await send(), { status: null, error: 'no answer within 0.3 s' });
  receiver.answer = (response) => {
    const flood = (): void => {
      if (!response.destroyed && response.write(Buffer.alloc(65_536))) setImmediate(flood);
      else response.once('drain', flood);
    };
    response.writeHead(200);
    flood();
  };
  assert.deepEqual(await send(), { status: 200, error: null }, 'what follows the status is cut off');
  receiver.answer = (response) => response.socket?.destroy();
  assert.deepEqual(await send(), { status: null, error: 'ECONNRESET' });
  receiver.stop();
  assert.deepEqual(await send(), { status: null, error: 'ECONNREFUSED' });
});

test('a certificate that proves nothing is no receiver', async (t) => {
  const receiver = await WebhookReceiver.start(t, makeCertificate());
  const sender = new Sender(new WebhookTargets('allow'));
  t.after(() => sender.close());
  const sent = await sender.send(new URL(receiver.url), {}, '{}', NEVER);
  assert.equal(sent.status, null);
  assert.match(sent.error ?? '', /CERT/);
  assert.equal(receiver.received.length, 0);
});

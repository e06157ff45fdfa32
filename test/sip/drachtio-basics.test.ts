import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { createRequest } from '../../telephony/sip/message.js';
import { tagOf } from '../../telephony/sip/name-addr.js';
import { until } from '../support/wait-for.js';
import {
  connectApp,
  askFor,
  SHORT_TIMERS,
  Stack,
  startServer,
  type SipReq,
  LIMIT,
} from './drachtio-harness.js';
import { Phone } from './drachtio-phone.js';

let stack: Stack;
beforeEach(() => (stack = new Stack()));
afterEach(() => stack.close(), LIMIT);

test('an application answers OPTIONS and the phone gets that answer with a To tag', LIMIT, async () => {
  const server = await startServer(stack);
  const seen: SipReq[] = [];
  await connectApp(stack, server, (app) =>
    app.options((request, response) => {
      seen.push(request);
      response.send(200, { headers: { Allow: 'INVITE, OPTIONS' } });
    }),
  );
  const phone = await Phone.open(stack, server);
  const response = await phone.send({ method: 'OPTIONS' }).final;
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('Allow'), 'INVITE, OPTIONS');
  assert.ok(tagOf(response.headers.get('To')));
  assert.equal(seen[0]?.source_address, '127.0.0.1');
  assert.equal(seen[0]?.source_port, phone.port);
  assert.equal(seen[0]?.protocol, 'udp');
  assert.equal(seen[0]?.receivedOn, `127.0.0.1:${server.sipPort}`);
});

test('REGISTER is challenged with two challenges and accepted at the second try', LIMIT, async () => {
  const server = await startServer(stack);
  await connectApp(stack, server, (app) =>
    app.register((request, response) => {
      if (request.has('Authorization'))
        return response.send(200, { headers: { Contact: `${request.get('Contact')};expires=60` } });
      const [strong, weak] = ['SHA-256', 'MD5'].map(
        (algorithm) => `Digest realm="r", nonce="n", algorithm=${algorithm}`,
      );
      return response.send(401, {
        headers: { 'WWW-Authenticate': `${strong}\r\nWWW-Authenticate: ${weak}` },
      });
    }),
  );
  const phone = await Phone.open(stack, server);
  const challenged = await phone.send({ method: 'REGISTER' }).final;
  assert.equal(challenged.status, 401);
  assert.deepEqual(
    challenged.headers.all('WWW-Authenticate').map((value) => /algorithm=(\S+)/.exec(value)?.[1]),
    ['SHA-256', 'MD5'],
  );
  const accepted = await phone.send({ method: 'REGISTER', headers: { Authorization: 'Digest username="u"' } })
    .final;
  assert.equal(accepted.status, 200);
  assert.match(accepted.headers.get('Contact') ?? '', /;expires=60/);
});

test('a request nobody has registered for gets 503, an unknown method 501', LIMIT, async () => {
  const server = await startServer(stack);
  await connectApp(stack, server, (app) => app.options((_req, response) => response.send(200)));
  const phone = await Phone.open(stack, server);
  assert.equal((await phone.send({ method: 'REGISTER' }).final).status, 503);
  assert.equal((await phone.send({ method: 'INVITE' }).final).status, 503);
  assert.equal((await phone.send({ method: 'FROBNICATE' }).final).status, 501);
});

test('requests for dialogs that do not exist get 481', LIMIT, async () => {
  const server = await startServer(stack);
  await connectApp(stack, server, (app) => app.invite((_req, response) => response.send(200)));
  const phone = await Phone.open(stack, server);
  for (const method of ['BYE', 'INVITE', 'UPDATE', 'PRACK']) {
    const response = await phone.send({ method, headers: { To: '<sip:x@127.0.0.1>;tag=gone' } }).final;
    assert.equal(response.status, 481, method);
  }
});

test('an INVITE without Contact is refused before an application stumbles over it', LIMIT, async () => {
  const server = await startServer(stack);
  let asked = 0;
  await connectApp(stack, server, (app) =>
    app.invite((_req, response) => {
      asked += 1;
      response.send(486);
    }),
  );
  const phone = await Phone.open(stack, server);
  assert.equal((await phone.send({ method: 'INVITE', headers: { Contact: undefined } }).final).status, 400);
  assert.equal(asked, 0);
});

test('a repeated request gets the same response again and reaches the application once', LIMIT, async () => {
  const server = await startServer(stack);
  let asked = 0;
  await connectApp(stack, server, (app) =>
    app.options((_req, response) => {
      asked += 1;
      // Later than the first repetition, 25 ms after the request.
      setTimeout(() => response.send(200), 120);
    }),
  );
  const phone = await Phone.open(stack, server);
  const attempt = phone.send({ method: 'OPTIONS' });
  assert.equal((await attempt.final).status, 200);
  assert.equal(asked, 1);
});

test('requests go to the registered applications in turn', LIMIT, async () => {
  const server = await startServer(stack);
  const taken = [0, 0];
  for (const index of [0, 1]) {
    await connectApp(stack, server, (app) =>
      app.options((_req, response) => {
        taken[index] = (taken[index] ?? 0) + 1;
        response.send(200);
      }),
    );
  }
  const phone = await Phone.open(stack, server);
  // The routes are registered after the connection is reported; wait until both are in.
  await until(async () => {
    await phone.send({ method: 'OPTIONS' }).final;
    return taken.every((count) => count > 0);
  });
  const before = [...taken];
  for (let i = 0; i < 4; i += 1) await phone.send({ method: 'OPTIONS' }).final;
  assert.deepEqual(
    taken,
    before.map((count) => count + 2),
  );
});

test('a request of the application is confirmed as sent and its response comes back', LIMIT, async () => {
  const server = await startServer(stack);
  const app = await connectApp(stack, server);
  const phone = await Phone.open(stack, server);
  const headers = { 'x-custom': 'Ünïcode', Subject: 'hello' };
  const { sent, response } = await askFor(app, phone.uri, { method: 'OPTIONS', headers });
  const transaction = await phone.next('OPTIONS');
  phone.respond(transaction, 200, { body: 'v=0\r\n' });
  assert.equal((await response).status, 200);
  assert.equal((await response).body, 'v=0\r\n');
  const arrived = transaction.request;
  assert.equal(sent.get('Call-ID'), arrived.headers.get('Call-ID'));
  assert.equal(arrived.headers.get('X-Custom'), 'Ünïcode');
  assert.equal(arrived.headers.get('To'), `<${phone.uri}>`);
  assert.ok(tagOf(arrived.headers.get('From')));
});

test('a closed port answers with 503 at once, a silent one with 408 after 64*T1', LIMIT, async () => {
  const server = await startServer(stack, { timers: SHORT_TIMERS });
  const app = await connectApp(stack, server);
  const phone = await Phone.open(stack, server);
  const closed = await Phone.open(new Stack(), server);
  const closedUri = closed.uri;
  await closed.layer.transport.close();
  const statusOf = async (uri: string): Promise<number> => {
    const { response } = await askFor(app, uri, { method: 'OPTIONS' });
    return (await response).status;
  };
  assert.equal(await statusOf(closedUri), 503);
  // The phone takes the request and says nothing.
  assert.equal(await statusOf(phone.uri), 408);
  assert.equal(await statusOf('sip:x@no-such-host.invalid'), 503);
});

test('what cannot be sent is refused with the reason', LIMIT, async () => {
  const server = await startServer(stack);
  const app = await connectApp(stack, server);
  const refusal = (uri: string, options: object): Promise<string> =>
    askFor(app, uri, { method: 'MESSAGE', ...options }).then(
      () => 'sent',
      (error: Error) => error.message,
    );
  assert.equal(await refusal(`sip:x@127.0.0.1:${server.sipPort}`, {}), 'can not send request to myself');
  assert.equal(await refusal('sip:x@127.0.0.1:9', { body: 'hello' }), 'missing content-type');
  const unreachable = 'requested protocol/transport not available';
  assert.equal(await refusal('sips:x@127.0.0.1:9;transport=udp', {}), unreachable);
  assert.equal(await refusal('sip:x@127.0.0.1:9;transport=ws', {}), unreachable);
  assert.equal(await refusal('nonsense', {}), 'invalid request-uri');
  assert.match(await refusal('', { uri: undefined, stackDialogId: 'nobody' }), /unable to find dialog/);
});

test('NOTIFY goes over the flow of a UDP registration, wherever the Contact points', LIMIT, async () => {
  const server = await startServer(stack);
  const app = await connectApp(stack, server, (each) =>
    each.register((_req, response) => response.send(200, { headers: { Expires: '60' } })),
  );
  const phone = await Phone.open(stack, server);
  await phone.send({ method: 'REGISTER' }).final;
  const elsewhere = 'sip:phone@192.0.2.99:5060';
  const { response } = await askFor(app, elsewhere, {
    method: 'NOTIFY',
    proxy: `sip:127.0.0.1:${phone.port}`,
    headers: { Event: 'check-sync', 'Subscription-State': 'terminated' },
  });
  const notify = await phone.next('NOTIFY');
  assert.equal(notify.request.uri, elsewhere);
  assert.equal(notify.flow.remotePort, server.sipPort);
  phone.respond(notify, 200);
  assert.equal((await response).status, 200);
});

for (const how of ['by the Contact it registered', 'by the address it was seen at'] as const) {
  test(`NOTIFY goes over the TCP connection of a registration, found ${how}`, LIMIT, async () => {
    const server = await startServer(stack);
    let seenPort = 0;
    const app = await connectApp(stack, server, (each) =>
      each.register((request, response) => {
        seenPort = request.source_port;
        response.send(200, { headers: { Contact: `${request.get('Contact')};expires=60` } });
      }),
    );
    const phone = await Phone.open(stack, server, 'tcp');
    // An unreachable Contact: the phone is behind NAT.
    const contact = 'sip:natted@192.0.2.7:5060;transport=tcp';
    await phone.send({ method: 'REGISTER', headers: { Contact: `<${contact}>` } }).final;
    const proxy = how.startsWith('by the address')
      ? { proxy: `sip:127.0.0.1:${seenPort};transport=tcp` }
      : {};
    const { response } = await askFor(app, contact, {
      method: 'NOTIFY',
      headers: { Event: 'check-sync' },
      ...proxy,
    });
    const notify = await phone.next('NOTIFY');
    assert.equal(notify.flow.protocol, 'tcp');
    assert.notEqual(seenPort, phone.port);
    phone.respond(notify, 200);
    assert.equal((await response).status, 200);
  });
}

test(
  'a digest challenge to a request of the application is answered by drachtio-srf and gets through',
  LIMIT,
  async () => {
    const server = await startServer(stack);
    const app = await connectApp(stack, server);
    const phone = await Phone.open(stack, server);
    const { response } = await askFor(app, phone.uri, {
      method: 'NOTIFY',
      headers: { Event: 'check-sync' },
      auth: { username: 'u', password: 'p' },
    });
    const first = await phone.next('NOTIFY');
    phone.respond(first, 401, { headers: { 'WWW-Authenticate': 'Digest realm="r", nonce="n"' } });
    const second = await phone.next('NOTIFY');
    assert.match(second.request.headers.get('Authorization') ?? '', /^Digest username="u"/);
    assert.equal(second.request.headers.get('Call-ID'), first.request.headers.get('Call-ID'));
    assert.equal(tagOf(second.request.headers.get('From')), tagOf(first.request.headers.get('From')));
    phone.respond(second, 200);
    assert.equal((await response).status, 200);
  },
);

test('garbage on the SIP port is survived', LIMIT, async () => {
  const server = await startServer(stack);
  await connectApp(stack, server, (app) => app.options((_req, response) => response.send(200)));
  const phone = await Phone.open(stack, server);
  for (const junk of [
    '',
    '\r\n\r\n',
    '\0\0\0\0',
    'INVITE',
    'OPTIONS sip:x SIP/2.0\r\n\r\n',
    'x'.repeat(60_000),
  ]) {
    phone.layer.transport.send(Buffer.from(junk), server.target);
  }
  phone.layer.transport.send(Buffer.from('INVITE sip:x SIP/2.0\r\nContent-Length: 99999999\r\n\r\n'), {
    ...server.target,
    protocol: 'tcp',
  });
  const bare = createRequest({
    method: 'OPTIONS',
    uri: 'sip:x',
    headers: { CSeq: 'what', From: ';;;', To: '<' },
  });
  phone.transmit(bare);
  assert.equal((await phone.send({ method: 'OPTIONS' }).final).status, 200);
  assert.deepEqual(
    server.lines.filter((line) => line.includes('fault')),
    [],
  );
});

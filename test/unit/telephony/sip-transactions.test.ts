import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { type SipResponse, createResponse, serializeMessage } from '../../../telephony/sip/message.js';
import type { ServerTransaction } from '../../../telephony/sip/transaction.js';
import { anyRequest, Inbox, openPeer, openRawPeer, within } from './sip-peers.js';
import { wire } from './sip-samples.js';
import { count, dropFirst, isRequest, isStatus, listen, respondWith } from './sip-transaction-steps.js';

for (const protocol of ['udp', 'tcp'] as const) {
  test(`a non-INVITE request is answered over ${protocol}, and both ends forget it`, async (t) => {
    const ended = new Inbox<true>();
    const uas = await openPeer(t, {
      onRequest: (transaction) => {
        transaction.onTerminated = () => ended.put(true);
        respondWith(200)(transaction);
      },
    });
    const uac = await openPeer(t, {});
    const { answers, terminated, handlers } = listen();
    const transaction = uac.layer.request(anyRequest('OPTIONS'), uas.target(protocol), handlers);
    const { response, origin } = await answers.next();
    assert.equal(response.status, 200);
    assert.equal(origin.kind, 'network');
    await terminated.next();
    await ended.next();
    assert.equal(transaction.state, 'terminated');
    if (protocol === 'tcp') assert.equal(count(uac, isRequest('OPTIONS')), 1, 'nothing is repeated over TCP');
  });
}

test('a lost request is sent again; a lost response is sent again when the request repeats', async (t) => {
  const requests = new Inbox<ServerTransaction>();
  const uas = await openPeer(
    t,
    {
      onRequest: (transaction) => {
        requests.put(transaction);
        respondWith(200)(transaction);
      },
    },
    { drop: dropFirst(2, isStatus(200)) },
  );
  const uac = await openPeer(t, {}, { drop: dropFirst(2, isRequest('OPTIONS')) });
  const { answers, handlers } = listen();
  uac.layer.request(anyRequest('OPTIONS'), uas.target('udp'), handlers);
  assert.equal((await answers.next()).response.status, 200);
  assert.equal(requests.all.length, 1, 'repeats are absorbed');
  // Two of each were dropped; a busy machine may add repeats of its own.
  assert.ok(count(uac, isRequest('OPTIONS')) >= 5);
  assert.ok(count(uas, isStatus(200)) >= 3);
});

test('a silent peer gives a local 408 after 64*T1, with the requests at growing intervals', async (t) => {
  const { port, got } = await openRawPeer(t);
  const uac = await openPeer(t, {});
  const { answers, terminated, handlers } = listen();
  const started = performance.now();
  uac.layer.request(anyRequest('REGISTER'), { protocol: 'udp', address: '127.0.0.1', port }, handlers);
  const { response, origin } = await answers.next();
  assert.deepEqual([response.status, origin.kind], [408, 'local']);
  assert.ok(performance.now() - started >= 1270, 'not before 64*T1');
  await terminated.next();
  // 0, 20, 60, 140, 300, then every 160 ms: 11 at most.
  assert.ok(got.all.length >= 3 && got.all.length <= 11, `${got.all.length} requests`);
});

for (const [protocol, method] of [
  ['udp', 'NOTIFY'],
  ['udp', 'INVITE'],
  ['tcp', 'NOTIFY'],
] as const) {
  test(`a closed ${protocol} port gives a local 503 to ${method} at once`, async (t) => {
    const uas = await openPeer(t, {});
    const target = uas.target(protocol);
    await uas.transport.close();
    const uac = await openPeer(t, {});
    const { answers, terminated, handlers } = listen();
    uac.layer.request(anyRequest(method), target, handlers);
    const { response, origin } = await answers.next();
    assert.deepEqual([response.status, origin.kind], [503, 'local']);
    await terminated.next();
  });
}

test('an RFC 2543 peer without branches is matched by the rest of its request', async (t) => {
  const requests = new Inbox<ServerTransaction>();
  const confirmed = new Inbox<true>();
  const uas = await openPeer(t, {
    onRequest: (transaction) => {
      requests.put(transaction);
      transaction.onConfirmed = () => confirmed.put(true);
      respondWith(486)(transaction);
    },
  });
  const { socket, got } = await openRawPeer(t);
  const invite = anyRequest('INVITE', { Via: 'SIP/2.0/UDP 127.0.0.1;rport' });
  socket.send(serializeMessage(invite), uas.transport.port, '127.0.0.1');
  socket.send(serializeMessage(invite), uas.transport.port, '127.0.0.1');
  await got.when((all) => all.some(isStatus(486)));
  const ack = { ...invite, method: 'ACK', headers: invite.headers.clone() };
  ack.headers.set('CSeq', '1 ACK').set('To', '<sip:bob@127.0.0.1>;tag=uas');
  socket.send(serializeMessage(ack), uas.transport.port, '127.0.0.1');
  await confirmed.next();
  assert.equal(requests.all.length, 1);
});

test('requests that lack what they must have get 400 with the reason, malformed ones as well', async (t) => {
  const requests = new Inbox<ServerTransaction>();
  const uas = await openPeer(t, { onRequest: requests.put });
  const { socket, got } = await openRawPeer(t);
  const via = { Via: 'SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bKbad' };
  const send = (bytes: Buffer) => socket.send(bytes, uas.transport.port, '127.0.0.1');
  const status = async () => {
    const message = await got.next();
    return message.kind === 'response' && `${message.status} ${message.reason}`;
  };
  send(serializeMessage(anyRequest('OPTIONS', { ...via, CSeq: '1 INVITE' })));
  assert.equal(await status(), '400 CSeq Method Mismatch');
  send(
    wire(
      serializeMessage(anyRequest('OPTIONS', via))
        .toString()
        .replace('Content-Length: 0', 'Content-Length: 5'),
    ),
  );
  assert.equal(await status(), '400 Bad Request');
  send(serializeMessage(anyRequest('ACK', { ...via, CSeq: 'x' })));
  send(serializeMessage(anyRequest('OPTIONS', { ...via, To: '<sip:b>', From: '' })));
  assert.equal(await status(), '400 Missing or Bad From');
  assert.deepEqual(requests.all, []);
});

test('a handler that throws costs its request a 500 and nothing else', async (t) => {
  const faults = new Inbox<unknown>();
  const uas = await openPeer(t, {
    onRequest: (transaction) => {
      if (transaction.request.method === 'INFO') throw new Error('bug');
      respondWith(200)(transaction);
    },
    onFault: faults.put,
  });
  const uac = await openPeer(t, {});
  const { answers, handlers } = listen();
  uac.layer.request(anyRequest('INFO'), uas.target('udp'), handlers);
  assert.equal((await answers.next()).response.status, 500);
  uac.layer.request(anyRequest('OPTIONS'), uas.target('udp'), handlers);
  assert.equal((await answers.next()).response.status, 200);
  assert.equal(faults.all.length, 1);
});

test('when full, finished transactions make room; when none is finished, 503', async (t) => {
  const uas = await openPeer(
    t,
    {
      onRequest: (transaction) =>
        void (transaction.request.method === 'OPTIONS' && respondWith(200)(transaction)),
    },
    { max: 3 },
  );
  const uac = await openPeer(t, {});
  const ask = async (method: string) => {
    const { answers, handlers } = listen();
    uac.layer.request(anyRequest(method), uas.target('udp'), handlers);
    return (await answers.next()).response.status;
  };
  for (let round = 0; round < 6; round += 1) assert.equal(await ask('OPTIONS'), 200);
  assert.deepEqual([await ask('INVITE'), await ask('INVITE'), await ask('INVITE')], [100, 100, 100]);
  assert.equal(await ask('INVITE'), 503);
});

test('a response without a transaction, and one to a finished one, are passed up as strays', async (t) => {
  const strays = new Inbox<SipResponse>();
  const uac = await openPeer(t, { onStrayResponse: strays.put });
  const { socket } = await openRawPeer(t);
  const request = anyRequest('OPTIONS', { Via: 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKnobody' });
  socket.send(serializeMessage(createResponse(request, 200)), uac.transport.port, '127.0.0.1');
  assert.equal((await strays.next()).status, 200);
});

test('a response over a lost connection is sent to where the peer listens', async (t) => {
  const transactions = new Inbox<ServerTransaction>();
  const strays = new Inbox<SipResponse>();
  const uas = await openPeer(t, { onRequest: transactions.put });
  const uac = await openPeer(t, { onStrayResponse: strays.put });
  const connection = connect(uas.transport.port, '127.0.0.1');
  const via = `SIP/2.0/TCP 127.0.0.1:${uac.transport.port};branch=z9hG4bKlost`;
  connection.write(serializeMessage(anyRequest('OPTIONS', { Via: via })));
  const transaction = await transactions.next();
  connection.resetAndDestroy();
  await within(once(connection, 'close'), 'close');
  respondWith(202)(transaction);
  assert.equal((await strays.next()).status, 202);
});

test('close gives what waits a local 503 and sends nothing more', async (t) => {
  const { port } = await openRawPeer(t);
  const uac = await openPeer(t, {});
  const target = { protocol: 'udp', address: '127.0.0.1', port } as const;
  const { answers, handlers } = listen();
  uac.layer.request(anyRequest('INVITE'), target, handlers);
  uac.layer.close();
  assert.equal((await answers.next()).response.status, 503);
  uac.layer.request(anyRequest('OPTIONS'), target, handlers);
  assert.equal((await answers.next()).response.status, 503);
  assert.equal(
    count(uac, () => true),
    1,
    'nothing is sent after close',
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createResponse, type SipMessage, serializeMessage } from '../../../telephony/sip/message.js';
import type { ServerTransaction } from '../../../telephony/sip/transaction.js';
import { anyRequest, Inbox, openPeer, openRawPeer } from './sip-peers.js';
import { count, dropFirst, isRequest, isStatus, listen, respondWith } from './sip-transaction-steps.js';

test('an INVITE gets 100 at once; a non-2xx is acknowledged by the transaction and the ACK goes no further', async (t) => {
  const confirmed = new Inbox<true>();
  const acks = new Inbox<unknown>();
  const uas = await openPeer(t, {
    onRequest: (transaction) => {
      transaction.onConfirmed = () => confirmed.put(true);
      respondWith(486)(transaction);
    },
    onAck: acks.put,
  });
  const uac = await openPeer(t, {});
  const { answers, handlers } = listen();
  const transaction = uac.layer.request(
    anyRequest('INVITE', { Route: '<sip:p;lr>' }),
    uas.target('udp'),
    handlers,
  );
  assert.equal((await answers.next()).response.status, 100);
  assert.equal((await answers.next()).response.status, 486);
  await confirmed.next();
  const ack = uac.sent.all.find(isRequest('ACK'));
  assert.ok(ack?.kind === 'request');
  assert.equal(ack.headers.get('Via'), transaction.request.headers.get('Via'));
  assert.equal(ack.headers.get('To'), '<sip:bob@127.0.0.1>;tag=uas');
  assert.equal(ack.headers.get('CSeq'), '1 ACK');
  assert.equal(ack.headers.get('Route'), '<sip:p;lr>');
  assert.deepEqual(acks.all, []);
});

test('over UDP a non-2xx repeats until its ACK arrives, and each repeat is acknowledged anew', async (t) => {
  const confirmed = new Inbox<true>();
  const uas = await openPeer(t, {
    onRequest: (transaction) => {
      transaction.onConfirmed = () => confirmed.put(true);
      respondWith(603)(transaction);
    },
  });
  const uac = await openPeer(t, {}, { drop: dropFirst(3, isRequest('ACK')) });
  const { answers, handlers } = listen();
  uac.layer.request(anyRequest('INVITE'), uas.target('udp'), handlers);
  await confirmed.next();
  assert.ok(count(uac, isRequest('ACK')) >= 4);
  assert.ok(count(uas, isStatus(603)) >= 4);
  assert.equal(answers.all.filter(({ response }) => response.status === 603).length, 1);
});

test('a non-2xx that is never acknowledged is given up and reported', async (t) => {
  const failed = new Inbox<Error>();
  const uas = await openPeer(t, {
    onRequest: (transaction) => {
      transaction.onFailed = failed.put;
      respondWith(486)(transaction);
    },
  });
  const uac = await openPeer(t, {}, { drop: isRequest('ACK') });
  uac.layer.request(anyRequest('INVITE'), uas.target('udp'), listen().handlers);
  assert.match((await failed.next()).message, /no ACK/);
});

test('a 2xx to INVITE: repeats from above go out, all come in, the ACK is passed up', async (t) => {
  const acks = new Inbox<SipMessage>();
  const transactions = new Inbox<ServerTransaction>();
  const uas = await openPeer(t, { onRequest: transactions.put, onAck: acks.put });
  const uac = await openPeer(t, {});
  const { answers, handlers } = listen();
  uac.layer.request(anyRequest('INVITE'), uas.target('udp'), handlers);
  const server = await transactions.next();
  respondWith(200)(server);
  respondWith(200)(server);
  assert.equal(server.respond(createResponse(server.request, 180)), false);
  assert.equal(server.respond(createResponse(server.request, 500)), false);
  await answers.when((all) => all.filter(({ response }) => response.status === 200).length === 2);
  uac.layer.sendAck(anyRequest('ACK'), uas.target('udp'));
  await acks.next();
});

test('an INVITE repeated after 180 gets the 180 again', async (t) => {
  const uas = await openPeer(t, { onRequest: respondWith(180) }, { drop: dropFirst(2, () => true) });
  const uac = await openPeer(t, {});
  const { answers, handlers } = listen();
  uac.layer.request(anyRequest('INVITE'), uas.target('udp'), handlers);
  assert.equal((await answers.next()).response.status, 180);
});

for (const protocol of ['udp', 'tcp'] as const) {
  test(`CANCEL over ${protocol} finds its INVITE, is answered, and the INVITE ends with 487`, async (t) => {
    const cancels = new Inbox<string | undefined>();
    const uas = await openPeer(t, {
      onRequest: respondWith(180),
      onCancel: (invite, cancel) => {
        cancels.put(cancel.headers.get('Reason'));
        respondWith(487)(invite);
      },
    });
    const uac = await openPeer(t, {});
    const { answers, terminated, handlers } = listen();
    const invite = uac.layer.request(anyRequest('INVITE'), uas.target(protocol), handlers);
    // Before any answer: it has to wait for one.
    uac.layer.cancel(invite, { Reason: 'SIP;cause=200' });
    assert.equal(count(uac, isRequest('CANCEL')), 0);
    await answers.when((all) => all.some(({ response }) => response.status === 487));
    assert.deepEqual(cancels.all, ['SIP;cause=200']);
    await uac.sent.when((all) => all.some(isRequest('ACK')));
    await terminated.next();
    const ok = uas.sent.all.find((message) => isStatus(200)(message));
    assert.equal(ok?.headers.get('CSeq'), '1 CANCEL');
  });
}

test('a cancelled INVITE that the peer never finishes ends with a local 487', async (t) => {
  const uas = await openPeer(t, { onRequest: respondWith(180) });
  const uac = await openPeer(t, {});
  const { answers, handlers } = listen();
  const invite = uac.layer.request(anyRequest('INVITE'), uas.target('udp'), handlers);
  uac.layer.cancel(invite);
  await answers.when((all) =>
    all.some(({ response, origin }) => response.status === 487 && origin.kind === 'local'),
  );
});

test('CANCEL without an INVITE gets 481', async (t) => {
  const uas = await openPeer(t, {});
  const { socket, got } = await openRawPeer(t);
  const cancel = anyRequest('CANCEL', { Via: 'SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bKnone' });
  socket.send(serializeMessage(cancel), uas.transport.port, '127.0.0.1');
  const answer = await got.next();
  assert.equal(answer.kind === 'response' && answer.status, 481);
});

test('an INVITE that rings for longer than timer C is cancelled', async (t) => {
  const uas = await openPeer(t, {
    onRequest: respondWith(180),
    onCancel: (invite) => respondWith(487)(invite),
  });
  const uac = await openPeer(t, {}, { timers: { timerC: 60 } });
  const { answers, handlers } = listen();
  uac.layer.request(anyRequest('INVITE'), uas.target('udp'), handlers);
  await answers.when((all) => all.some(({ response }) => response.status === 487));
  assert.ok(count(uac, isRequest('CANCEL')) >= 1);
});

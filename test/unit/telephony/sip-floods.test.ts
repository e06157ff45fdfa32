/** What strangers can make a SIP server hold: places, bytes and time are bounded. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';

import { createResponse, type SipMessage } from '../../../telephony/sip/message.js';
import { MAX_HEAD_BYTES } from '../../../telephony/sip/parse.js';
import { sourceKey } from '../../../telephony/sip/source-key.js';
import { TransactionLayer } from '../../../telephony/sip/transactions.js';
import { UdpListener } from '../../../telephony/sip/udp-socket.js';
import { UnreachableWatch } from '../../../telephony/sip/unreachable-watch.js';
import { startFlood } from '../../sip/app-support/flood.js';
import { until } from '../../support/wait-for.js';
import { openRawPeer, openTransport } from './sip-peers.js';

function request(method: string, branch: string, more = ''): string {
  return [
    `${method} sip:bob@127.0.0.1 SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK${branch}`,
    'From: <sip:alice@127.0.0.1>;tag=a',
    'To: <sip:bob@127.0.0.1>',
    `Call-ID: ${branch}`,
    `CSeq: 1 ${method}`,
    `Content-Length: 0${more}\r\n\r\n`,
  ].join('\r\n');
}

interface Stranger {
  layer: TransactionLayer;
  statuses: number[];
  send: (text: string) => void;
}

/** A sender that never acknowledges, and the answers that it gets. */
async function strangerAt(
  t: TestContext,
  answer: number | undefined,
  limits: { maxServerTransactions?: number; maxServerBytes?: number } = {},
): Promise<Stranger> {
  const transport = await openTransport(t);
  const layer = new TransactionLayer({
    transport,
    automaticTrying: false,
    facesStrangers: true,
    timers: { t1: 20, t2: 40 },
    ...limits,
    handlers: {
      onRequest: (transaction) => {
        if (answer !== undefined) transaction.respond(createResponse(transaction.request, answer));
      },
    },
  });
  t.after(() => layer.close());
  const { socket, got } = await openRawPeer(t);
  const statuses: number[] = [];
  const collect = async (): Promise<void> => {
    for (;;) statuses.push(statusOf(await got.next()));
  };
  collect().catch(() => undefined); // ends with the test
  return { layer, statuses, send: (text) => socket.send(text, transport.port, '127.0.0.1') };
}

function statusOf(message: SipMessage): number {
  return message.kind === 'response' ? message.status : 0;
}

test('a challenge is sent once and nothing is kept of it', async (t) => {
  const { layer, statuses, send } = await strangerAt(t, 401);
  send(request('INVITE', 'a'));
  send(request('REGISTER', 'b'));
  await until(() => statuses.length === 2);
  assert.equal(layer.held.servers, 0);
  send(request('INVITE', 'a'));
  await until(() => statuses.length === 3, { what: 'a new challenge for who did not get the first' });
  assert.deepEqual(statuses, [401, 401, 401]);
});

test('the oldest that have their final answer make room, INVITEs without an ACK too', async (t) => {
  const { layer, statuses, send } = await strangerAt(t, 403, { maxServerTransactions: 10 });
  for (let n = 0; n < 50; n++) send(request(n % 2 === 0 ? 'INVITE' : 'REGISTER', `n${n}`));
  await until(() => statuses.length >= 50);
  assert.ok(statuses.every((status) => status === 403));
  assert.ok(layer.held.servers <= 10);
});

test('places that nobody can make free are refused with 503, and so are bytes', async (t) => {
  const places = await strangerAt(t, undefined, { maxServerTransactions: 5 });
  for (let n = 0; n < 8; n++) places.send(request('OPTIONS', `n${n}`));
  await until(() => places.statuses.length === 3);
  assert.deepEqual([...new Set(places.statuses)], [503]);
  const bytes = await strangerAt(t, undefined, { maxServerBytes: 30_000 });
  for (let n = 0; n < 5; n++) bytes.send(request('OPTIONS', `n${n}`, `\r\nX: ${'x'.repeat(10_000)}`));
  await until(() => bytes.statuses.length === 3);
  assert.ok(bytes.layer.held.serverBytes <= 30_000);
});

test('a head that is too long is refused with 513 and not kept', async (t) => {
  const { layer, statuses, send } = await strangerAt(t, 200);
  send(request('OPTIONS', 'a', `\r\nX: ${'x'.repeat(MAX_HEAD_BYTES)}`));
  await until(() => statuses.length === 1);
  assert.deepEqual(statuses, [513]);
  assert.equal(layer.held.servers, 0);
});

test('datagrams have the sender that sent them, also those that come while others begin to be listened to', async (t) => {
  const senders = new Set<string>();
  const onDatagram = (_bytes: Buffer, address: string): unknown => senders.add(address);
  const listener = await UdpListener.bind('127.0.0.1', 0, onDatagram);
  const { port } = listener;
  const watch = new UnreachableWatch('127.0.0.1', port, onDatagram);
  t.after(async () => {
    watch.close();
    await listener.close();
  });
  const target = { host: '127.0.0.1', port };
  const flood = startFlood({ ...OTHERS, target });
  await until(() => senders.size > 0);
  // Each opens a socket on our port, to which the kernel gives anybody's datagrams until it is
  // connected to its peer.
  for (let turn = 0; turn < 150; turn++) {
    for (let n = 0; n < 10; n++) watch.watch('127.0.0.1', 10_000 + turn * 10 + n, () => undefined)();
    await new Promise(setImmediate);
  }
  await flood.stop();
  assert.deepEqual([...senders], [OTHERS.from]);
});

const OTHERS = { from: '127.0.0.2', sockets: 4, perSecond: 8000, milliseconds: 3000, realm: 'x' };

/** A TCP transport that has room for few, and connections to it. */
async function tightTransport(t: TestContext): Promise<(bytes?: string) => Promise<Socket>> {
  const transport = await openTransport(t, {
    protocols: ['tcp'],
    maxConnections: 4,
    maxPerSource: 3,
    firstMessageMs: 400,
    messageTimeoutMs: 150,
  });
  transport.setHandlers({ onMessage: () => undefined });
  return async (bytes = '') => {
    const socket = connect(transport.port, '127.0.0.1');
    t.after(() => socket.destroy());
    socket.on('error', () => undefined); // it is reset: that is what is tested
    await once(socket, 'connect');
    if (bytes !== '') socket.write(bytes);
    return socket.resume();
  };
}

test('a message that does not end, and a connection that says nothing, are given up', async (t) => {
  const open = await tightTransport(t);
  const dripping = await open('INVITE sip:bob@127.0.0.1 SIP/2.0\r\nX: ');
  const timer = setInterval(() => dripping.write('x'), 20);
  t.after(() => clearInterval(timer));
  const honest = await open(request('OPTIONS', 'a'));
  await until(() => dripping.closed, { what: 'the end, however it drips' });
  const silent = await open();
  await until(() => silent.closed);
  assert.equal(honest.closed, false);
});

test('connections that only take up room make it for a newcomer; who has spoken keeps his', async (t) => {
  const open = await tightTransport(t);
  const phone = await open(request('REGISTER', 'a'));
  await new Promise((resolve) => setTimeout(resolve, 50)); // it has been heard
  const idle = [await open(), await open(), await open(), await open()];
  await until(() => idle.filter((socket) => socket.closed).length === 2);
  assert.deepEqual(
    idle.map((socket) => socket.closed),
    [true, true, false, false],
  );
  assert.equal(phone.closed, false);
});

test('a source is an IPv4 address, or the /64 of an IPv6 one', () => {
  assert.equal(sourceKey('192.0.2.7'), '192.0.2.7');
  const same = [
    '2001:db8:0:1::1',
    '2001:DB8::1:a:b:c:d',
    '2001:0db8:0000:0001:ffff::',
    '2001:db8:0:1:1:2:3:4',
  ];
  assert.deepEqual([...new Set(same.map(sourceKey))], ['2001:db8:0:1']);
  assert.equal(sourceKey('fe80::1%eth0'), 'fe80:0:0:0');
  assert.equal(sourceKey('::1'), '0:0:0:0');
  assert.notEqual(sourceKey('2001:db8:0:2::1'), sourceKey('2001:db8:0:1::1'));
});

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';

import type { Flow } from '../../../telephony/sip/flow.js';
import type { SipMessage } from '../../../telephony/sip/message.js';
import type { MalformedMessage } from '../../../telephony/sip/parse.js';
import { SipTransport } from '../../../telephony/sip/transport.js';
import { Inbox, openRawPeer, openTransport, within } from './sip-peers.js';
import { ALICE_INVITE, BOB_OK, COMPACT_REGISTER, wire } from './sip-samples.js';

interface Arrival {
  readonly message: SipMessage | MalformedMessage;
  readonly flow: Flow;
}

function collect(transport: SipTransport): Inbox<Arrival> {
  const inbox = new Inbox<Arrival>();
  transport.setHandlers({
    onMessage: (message, flow) => inbox.put({ message, flow }),
    onMalformed: (message, flow) => inbox.put({ message, flow }),
  });
  return inbox;
}

for (const protocol of ['udp', 'tcp'] as const) {
  test(`a message arrives over ${protocol} with the flow it came by, and an answer goes back over it`, async (t) => {
    const [a, b] = [await openTransport(t), await openTransport(t)];
    const [atA, atB] = [collect(a), collect(b)];
    a.send(COMPACT_REGISTER, { protocol, address: '127.0.0.1', port: b.port });
    const { flow } = await atB.next();
    assert.equal(flow.protocol, protocol);
    assert.equal(flow.localPort, b.port);
    if (protocol === 'udp') assert.equal(flow.remotePort, a.port);
    b.send(BOB_OK, flow);
    const back = await atA.next();
    assert.equal(back.message.kind, 'response');
    assert.equal(back.flow.remotePort, b.port);
  });
}

test('a fixed port in use is refused with EADDRINUSE, for either protocol', async (t) => {
  const taken = await openTransport(t);
  for (const protocols of [['udp'], ['tcp'], ['udp', 'tcp']] as const) {
    await assert.rejects(SipTransport.bind({ host: '127.0.0.1', port: taken.port, protocols }), {
      code: 'EADDRINUSE',
    });
  }
});

test('a port of which only UDP is taken is refused and TCP left free', async (t) => {
  const { port } = await openRawPeer(t);
  await assert.rejects(SipTransport.bind({ host: '127.0.0.1', port }), { code: 'EADDRINUSE' });
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
});

const via = (params: string) =>
  wire(`OPTIONS sip:a@b SIP/2.0\nVia: SIP/2.0/UDP 10.9.9.9:5062;branch=z9hG4bK/=odd${params}\n\n`);

test('an empty rport is filled in, and received beside it', async (t) => {
  const transport = await openTransport(t);
  const inbox = collect(transport);
  const { socket, port } = await openRawPeer(t);
  const top = async (params: string) => {
    socket.send(via(params), transport.port, '127.0.0.1');
    const { message } = await inbox.next();
    assert.ok(message.kind === 'request');
    return message.headers.first('Via');
  };
  const start = 'SIP/2.0/UDP 10.9.9.9:5062;branch=z9hG4bK/=odd';
  assert.equal(await top(';rport;x=1'), `${start};rport=${port};x=1;received=127.0.0.1`);
  assert.equal(await top(''), `${start};received=127.0.0.1`);
  assert.equal(await top(';received=192.0.2.66;rport=1'), `${start};rport=${port};received=127.0.0.1`);
});

test('a connection opened by the peer is used for what we send to it', async (t) => {
  const transport = await openTransport(t);
  const inbox = collect(transport);
  const phone = connect(transport.port, '127.0.0.1');
  t.after(() => phone.destroy());
  phone.write(ALICE_INVITE);
  const { flow } = await inbox.next();
  transport.send(BOB_OK, { protocol: 'tcp', address: flow.remoteAddress, port: flow.remotePort });
  const [chunk] = (await within(once(phone, 'data'), 'data')) as [Buffer];
  assert.deepEqual(chunk, BOB_OK);
});

test('a keep-alive on a connection is answered, rubbish closes it', async (t) => {
  const transport = await openTransport(t);
  const phone = connect(transport.port, '127.0.0.1');
  phone.write('\r\n\r\n');
  const [chunk] = (await within(once(phone, 'data'), 'pong')) as [Buffer];
  assert.equal(chunk.toString(), '\r\n');
  phone.write('INVITE sip:a SIP/2.0\r\nContent-Length: many\r\n\r\n');
  await within(once(phone, 'close'), 'close');
});

test('a closed TCP port is reported, a silent one after its time', async (t) => {
  const transport = await openTransport(t, { connectTimeoutMs: 100 });
  const { port } = await openRawPeer(t);
  const failure = (address: string, at: number) =>
    within(
      new Promise<Error>((resolve) =>
        transport.send(BOB_OK, { protocol: 'tcp', address, port: at }, resolve),
      ),
      'failure',
    );
  assert.match((await failure('127.0.0.1', port)).message, /ECONNREFUSED/);
  // 192.0.2.0/24 is reserved (RFC 5737): no answer, or the network says at once that there is no
  // way.
  assert.ok((await failure('192.0.2.1', 9)) instanceof Error);
});

test('an ICMP error for a UDP peer is heard by who watches it, and the port still receives', async (t) => {
  const transport = await openTransport(t);
  const inbox = collect(transport);
  const gone = createSocket('udp4');
  await new Promise<void>((resolve) => gone.bind(0, '127.0.0.1', resolve));
  const { port } = gone.address();
  const target = { protocol: 'udp', address: '127.0.0.1', port } as const;
  const heard = new Inbox<Error>();
  const stop = transport.watch(target, heard.put);
  gone.send(BOB_OK, transport.port, '127.0.0.1');
  assert.equal((await inbox.next()).flow.remotePort, port, 'a watched peer is received from');
  await new Promise<void>((resolve) => gone.close(() => resolve()));
  transport.send(BOB_OK, target);
  assert.match((await heard.next()).message, /ECONNREFUSED/);
  stop();
  const { socket } = await openRawPeer(t);
  socket.send(BOB_OK, transport.port, '127.0.0.1');
  await inbox.next();
});

test('a connection over which a phone is registered does not make room for others', async (t) => {
  const transport = await openTransport(t, { maxConnections: 1 });
  const inbox = collect(transport);
  const first = connect(transport.port, '127.0.0.1');
  t.after(() => first.destroy());
  first.write(BOB_OK);
  transport.keepRegistered((await inbox.next()).flow, 60);
  const second = connect(transport.port, '127.0.0.1');
  await within(once(second, 'close'), 'close of the second');
  assert.equal(first.destroyed, false);
});

test('an idle connection is closed', async (t) => {
  const transport = await openTransport(t, { idleTimeoutMs: 50 });
  const phone = connect(transport.port, '127.0.0.1');
  await within(once(phone.resume(), 'close'), 'close');
});

test('what is no SIP is reported as such and harms nothing', async (t) => {
  const transport = await openTransport(t);
  const inbox = collect(transport);
  const { socket } = await openRawPeer(t);
  socket.send('\r\n\r\n', transport.port, '127.0.0.1');
  // A STUN Binding request (RFC 8489 5), as some phones keep their NAT open with.
  const stun = Buffer.from('000100002112a442000102030405060708090a0b', 'hex');
  socket.send(stun, transport.port, '127.0.0.1');
  socket.send('GET / HTTP/1.1\r\n\r\n', transport.port, '127.0.0.1');
  assert.equal((await inbox.next()).message.kind, 'malformed');
  socket.send(BOB_OK, transport.port, '127.0.0.1');
  assert.equal((await inbox.next()).message.kind, 'response');
});

test('IPv6: bound to ::1, heard and answered', async (t) => {
  const a = await SipTransport.bind({ host: '::1', port: 0 }).catch(() => undefined);
  if (a === undefined) return t.skip('no IPv6 here');
  t.after(() => a.close());
  const b = await openTransport(t, { host: '::1' });
  const atB = collect(b);
  for (const protocol of ['udp', 'tcp'] as const) {
    a.send(COMPACT_REGISTER, { protocol, address: '::1', port: b.port });
    assert.equal((await atB.next()).flow.remoteAddress, '::1');
  }
});

test('bound to all addresses, an IPv4 peer is IPv4, and is told the address facing it', async (t) => {
  for (const host of ['0.0.0.0', '::']) {
    const transport = await SipTransport.bind({ host, port: 0 }).catch(() => undefined);
    if (transport === undefined) continue;
    t.after(() => transport.close());
    const inbox = collect(transport);
    const { socket, port, got } = await openRawPeer(t);
    socket.send(BOB_OK, transport.port, '127.0.0.1');
    const { flow } = await inbox.next();
    assert.deepEqual([flow.remoteAddress, flow.localAddress], ['127.0.0.1', '127.0.0.1']);
    transport.send(COMPACT_REGISTER, { protocol: 'udp', address: '127.0.0.1', port });
    await got.next();
    assert.equal(transport.advertised({ protocol: 'udp', address: '127.0.0.1', port }).host, '127.0.0.1');
  }
});

test('after close nothing is sent, and what is tried is reported', async (t) => {
  const transport = await openTransport(t);
  await transport.close();
  const error = await within(
    new Promise<Error>((resolve) =>
      transport.send(BOB_OK, { protocol: 'udp', address: '127.0.0.1', port: 9 }, resolve),
    ),
    'failure',
  );
  assert.match(error.message, /not available/);
});

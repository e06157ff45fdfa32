import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { test, type TestContext } from 'node:test';
import { connect } from 'node:tls';

import type { Flow, Target } from '../../../telephony/sip/flow.js';
import { literalTarget, resolveTargets } from '../../../telephony/sip/resolve.js';
import type { SipMessage } from '../../../telephony/sip/message.js';
import type { SipTransport } from '../../../telephony/sip/transport.js';
import { makeCertificate, type TestCertificate } from '../../support/certificate.js';
import { anyRequest, Inbox, openPeer, openTransport, within } from './sip-peers.js';
import { BOB_OK, COMPACT_REGISTER } from './sip-samples.js';

interface Arrival {
  readonly message: SipMessage;
  readonly flow: Flow;
}

function collect(transport: SipTransport): Inbox<Arrival> {
  const inbox = new Inbox<Arrival>();
  transport.setHandlers({ onMessage: (message, flow) => inbox.put({ message, flow }) });
  return inbox;
}

async function openServer(t: TestContext, identity: TestCertificate): Promise<SipTransport> {
  return openTransport(t, { tls: { server: { ...identity, port: 0 } } });
}

function targetOn(server: SipTransport, serverName?: string): Target {
  const port = server.tlsPort ?? 0;
  return { protocol: 'tls', address: '127.0.0.1', port, ...(serverName === undefined ? {} : { serverName }) };
}

function failureOf(transport: SipTransport, target: Target): Promise<Error> {
  return within(
    new Promise<Error>((resolve) => transport.send(COMPACT_REGISTER, target, resolve)),
    'failure',
  );
}

test('a message arrives over TLS, and what is sent back to its flow or address takes the same connection', async (t) => {
  const identity = makeCertificate();
  const server = await openServer(t, identity);
  const phone = await openTransport(t, { tls: { trustedRoots: identity.certificate } });
  const [atServer, atPhone] = [collect(server), collect(phone)];
  phone.send(COMPACT_REGISTER, targetOn(server));
  const { flow } = await atServer.next();
  assert.equal(flow.protocol, 'tls');
  assert.equal(flow.localPort, server.tlsPort);
  server.send(BOB_OK, flow);
  // What a NOTIFY to a registered phone knows: protocol, address and port.
  server.send(BOB_OK, { protocol: 'tls', address: flow.remoteAddress, port: flow.remotePort });
  const [first, second] = [await atPhone.next(), await atPhone.next()];
  assert.equal(first.flow.localPort, flow.remotePort);
  assert.equal(second.flow.localPort, flow.remotePort);
});

test('a request over TLS says so in its Via, and is not repeated for as long as it waits', async (t) => {
  const identity = makeCertificate();
  const server = await openServer(t, identity);
  const phone = await openPeer(
    t,
    {},
    { timers: { t1: 5 }, transport: { tls: { trustedRoots: identity.certificate } } },
  );
  const inbox = collect(server);
  const status = new Promise<number>((resolve) => {
    phone.layer.request(anyRequest('OPTIONS'), targetOn(server), {
      onResponse: (response) => resolve(response.status),
    });
  });
  const { message } = await inbox.next();
  assert.match(message.headers.first('Via') ?? '', /^SIP\/2\.0\/TLS 127\.0\.0\.1:\d+;branch=z9hG4bK/);
  assert.equal(await within(status, 'timer F'), 408);
  assert.equal(inbox.all.length, 1);
});

test('a peer whose certificate is of no trusted root, or of another name, gets no message', async (t) => {
  const identity = makeCertificate({ names: ['sip.example'] });
  const server = await openServer(t, identity);
  const inbox = collect(server);
  const trusting = await openTransport(t, { tls: { trustedRoots: identity.certificate } });
  const other = await openTransport(t);
  assert.match((await failureOf(other, targetOn(server, 'sip.example'))).message, /self.signed/);
  assert.match((await failureOf(trusting, targetOn(server, 'other.example'))).message, /altnames/);
  assert.match((await failureOf(trusting, targetOn(server))).message, /altnames|IP/);
  // The name is proved, and the connection is not taken for a peer of another name.
  trusting.send(COMPACT_REGISTER, targetOn(server, 'sip.example'));
  await inbox.next();
  assert.match((await failureOf(trusting, targetOn(server, 'other.example'))).message, /altnames/);
  assert.equal(inbox.all.length, 1);
});

test('a keep-alive over TLS is answered; plain text, and a handshake that is none, are closed without harm', async (t) => {
  const identity = makeCertificate();
  const server = await openServer(t, identity);
  const inbox = collect(server);
  const stranger = connectTcp(server.tlsPort ?? 0, '127.0.0.1');
  stranger.on('error', () => undefined).resume();
  stranger.write('REGISTER sip:example.com SIP/2.0\r\n\r\n');
  await within(once(stranger, 'close'), 'end of plain text');
  const phone = connect({ port: server.tlsPort ?? 0, host: '127.0.0.1', ca: identity.certificate });
  t.after(() => phone.destroy());
  phone.write('\r\n\r\n');
  const [pong] = (await within(once(phone, 'data'), 'pong')) as [Buffer];
  assert.equal(pong.toString(), '\r\n');
  phone.write(COMPACT_REGISTER);
  await inbox.next();
});

test('close ends connections that have not shaken hands', async (t) => {
  const server = await openServer(t, makeCertificate());
  const silent = connectTcp(server.tlsPort ?? 0, '127.0.0.1');
  await once(silent, 'connect');
  silent.on('error', () => undefined).resume();
  await within(Promise.all([server.close(), once(silent, 'close')]), 'close');
});

test('a renewed certificate is shown from then on; one that cannot be used changes nothing', async (t) => {
  const [old, fresh] = [makeCertificate(), makeCertificate()];
  const server = await openServer(t, old);
  const inbox = collect(server);
  assert.throws(
    () => server.renewTls({ certificate: fresh.certificate, key: old.key }),
    /key values mismatch/,
  );
  const early = await openTransport(t, { tls: { trustedRoots: old.certificate } });
  early.send(COMPACT_REGISTER, targetOn(server));
  await inbox.next();
  server.renewTls(fresh);
  const late = await openTransport(t, { tls: { trustedRoots: fresh.certificate } });
  late.send(COMPACT_REGISTER, targetOn(server));
  await inbox.next();
});

test('sips: and transport=tls lead to TLS, at port 5061, and a name is what the certificate must be for', async () => {
  const tls = { protocol: 'tls', address: '192.0.2.1' };
  assert.deepEqual(literalTarget('sips:a@192.0.2.1'), { ...tls, port: 5061 });
  assert.deepEqual(literalTarget('sips:a@192.0.2.1:5071;transport=tcp'), { ...tls, port: 5071 });
  assert.deepEqual(literalTarget('sip:a@192.0.2.1;transport=TLS'), { ...tls, port: 5061 });
  assert.equal(literalTarget('sips:a@192.0.2.1;transport=udp'), undefined);
  const [named] = await resolveTargets('sips:localhost');
  assert.deepEqual({ ...named, address: '' }, { ...tls, address: '', port: 5061, serverName: 'localhost' });
  const [plain] = await resolveTargets('sip:localhost;transport=tcp');
  assert.equal(plain?.serverName, undefined);
});

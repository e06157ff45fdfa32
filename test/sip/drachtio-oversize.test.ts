/**
 * What is too large for a stream is refused in words, and the connection ended so that its peer
 * gets to read them.
 */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { connect as connectTls } from 'node:tls';

import { makeCertificate } from '../support/certificate.js';
import { until } from '../support/wait-for.js';
import { LIMIT, Stack, startServer, type Server } from './drachtio-harness.js';

let stack: Stack;
let server: Server;
const identity = makeCertificate();
beforeEach(async () => {
  stack = new Stack();
  server = await startServer(stack, { tls: { ...identity, port: 0 } });
});
afterEach(() => stack.close(), LIMIT);

interface Client {
  socket: Socket;
  received: string;
  /** Why it is over. */
  end: 'orderly' | Error | undefined;
}

function open(protocol: 'tcp' | 'tls'): Client {
  const host = '127.0.0.1';
  const socket =
    protocol === 'tcp'
      ? connect({ host, port: server.sipPort, allowHalfOpen: true })
      : connectTls({ host, port: server.tlsPort!, ca: identity.certificate });
  const client: Client = { socket, received: '', end: undefined };
  socket.on('data', (chunk) => (client.received += chunk.toString('latin1')));
  socket.on('end', () => (client.end ??= 'orderly'));
  socket.on('error', (error) => (client.end ??= error));
  stack.push(() => void socket.destroy());
  return client;
}

const HEAD = [
  'OPTIONS sip:gate SIP/2.0',
  'Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKlarge',
  'From: <sip:a@b>;tag=1',
  'To: <sip:gate>',
  'Call-ID: large',
  'CSeq: 1 OPTIONS',
  '',
].join('\r\n');

/**
 * By what is wrong with it: what is sent at once, what goes on being sent, and the status of the
 * refusal.
 */
const TOO_LARGE: Readonly<Record<string, readonly [first: string, then: string, status: number]>> = {
  'a head that is too long': [`${HEAD}X: `, 'x'.repeat(60_000), 513],
  'a head that does not end': [HEAD, 'X: y\r\n'.repeat(10_000), 513],
  'a message that is too large': [`${HEAD}Content-Length: 900000\r\n\r\n`, 'x'.repeat(60_000), 513],
  'a length that is none': [`${HEAD}Content-Length: many\r\n\r\n`, 'x'.repeat(60_000), 400],
};

for (const protocol of ['tcp', 'tls'] as const)
  for (const [what, [first, then, status]] of Object.entries(TOO_LARGE))
    test(`${what} is refused over ${protocol}, and the connection ended in order`, LIMIT, async () => {
      const client = open(protocol);
      client.socket.write(first);
      // Its peer does not look at what comes back until it is through.
      for (let n = 0; n < 10; n++) client.socket.write(then);
      await until(() => client.end);
      assert.match(client.received, new RegExp(`^SIP/2\\.0 ${status} [^]*\r\n\r\n$`));
      assert.match(client.received, /^Call-ID: large\r$/m);
      assert.equal(client.end, 'orderly');
    });

test('who goes on sending for ever is not listened to for ever', LIMIT, async () => {
  const client = open('tcp');
  client.socket.write(`${HEAD}Content-Length: 900000\r\n\r\n`);
  const timer = setInterval(() => client.socket.write('x'.repeat(500_000)), 10);
  stack.push(() => clearInterval(timer));
  await until(() => client.socket.closed);
  assert.match(client.received, /^SIP\/2\.0 513 /);
});

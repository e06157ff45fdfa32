import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';

import { ListenError, startEngines, type EnginesOptions } from '../../embedded/engines.js';
import { until } from '../support/wait-for.js';
import { connectApp, SECRET, Stack, LIMIT } from './drachtio-harness.js';
import { Phone } from './drachtio-phone.js';

let stack: Stack;
const lines: string[] = [];
beforeEach(() => {
  stack = new Stack();
  lines.length = 0;
});
afterEach(() => stack.close(), LIMIT);

function options(change: Partial<EnginesOptions> = {}): EnginesOptions {
  return {
    drachtio: { sipHost: '127.0.0.1', sipPort: 0, secret: SECRET },
    logLevel: 'debug',
    onLog: (level, text, fields) => lines.push(`${level} ${text} ${JSON.stringify(fields)}`),
    onLost: (reason) => lines.push(`lost: ${reason}`),
    ...change,
  };
}

test('both engines run in their thread and are reached by host and port', LIMIT, async () => {
  const engines = await startEngines(
    options({
      freeswitch: {
        host: '127.0.0.1',
        eslPort: 0,
        secret: SECRET,
        rtpPorts: { from: 41_000, to: 41_099 },
        sipPort: 0,
      },
    }),
  );
  stack.push(() => engines.stop());
  const { drachtio, freeswitch } = engines;
  assert.ok(drachtio && freeswitch);
  assert.ok(freeswitch.port > 0 && freeswitch.sipPort > 0);
  const server = {
    adminHost: drachtio.host,
    adminPort: drachtio.port,
    target: { protocol: 'udp', address: drachtio.sipHost, port: drachtio.sipPort },
  } as const;
  await connectApp(stack, server, (app) => app.options((_req, response) => response.send(200)));
  const phone = await Phone.open(stack, server);
  assert.equal((await phone.send({ method: 'OPTIONS' }).final).status, 200);
  assert.equal((await phone.send({ method: 'REGISTER' }).final).status, 503);
  await until(() => lines.some((line) => line.includes('no application for this method')));
});

test('stopping frees the ports, and can be asked for twice', LIMIT, async () => {
  const engines = await startEngines(options());
  await Promise.all([engines.stop(), engines.stop()]);
  const again = await startEngines(
    options({
      drachtio: {
        sipHost: '127.0.0.1',
        sipPort: engines.drachtio?.sipPort ?? 0,
        adminPort: engines.drachtio?.port ?? 0,
        secret: SECRET,
      },
    }),
  );
  await again.stop();
  assert.deepEqual(
    lines.filter((line) => line.startsWith('lost')),
    [],
  );
});

test('a taken SIP port is reported with its number and purpose', LIMIT, async () => {
  const taken = createSocket('udp4').bind(0, '127.0.0.1');
  await once(taken, 'listening');
  stack.push(() => void taken.close());
  const { port } = taken.address();
  await assert.rejects(
    startEngines(options({ drachtio: { sipHost: '127.0.0.1', sipPort: port, secret: SECRET } })),
    (error) => {
      assert.ok(error instanceof ListenError);
      assert.deepEqual(error.failure, {
        purpose: 'sip',
        protocol: 'udp',
        host: '127.0.0.1',
        port,
        code: 'EADDRINUSE',
      });
      return true;
    },
  );
});

test('a taken control port is reported, and no other port stays open', LIMIT, async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  stack.push(() => void taken.close());
  const { port: adminPort } = taken.address() as AddressInfo;
  const drachtio = { sipHost: '127.0.0.1', sipPort: 0, adminPort, secret: SECRET };
  await assert.rejects(startEngines(options({ drachtio })), (error) => {
    assert.ok(error instanceof ListenError);
    assert.equal(error.failure.purpose, 'sip-control');
    assert.equal(error.failure.port, adminPort);
    return true;
  });
});

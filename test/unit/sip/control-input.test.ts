/** What a drachtio-server may send without ending the process. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import { pino } from 'pino';
import { type ControlInput, guardControlInput } from '../../../sip/control-input.js';
import { SipServer } from '../../../sip/sip-server.js';
import { until } from '../../support/wait-for.js';

test('a drachtio-server that sends what is no message is connected to again', async (t) => {
  const connections: Socket[] = [];
  const logged: string[] = [];
  const control = createServer((socket) => {
    socket.on('error', () => undefined);
    connections.push(socket.resume());
  }).listen(0, '127.0.0.1');
  await once(control, 'listening');
  const { port } = control.address() as AddressInfo;
  const log = pino({ level: 'error' }, { write: (line: string) => logged.push(line) });
  const server = new SipServer({ host: '127.0.0.1', port, secret: 'secret' }, () => undefined, log);
  server.connect();
  t.after(async () => {
    await server.disconnect();
    for (const socket of connections) socket.destroy();
    control.close();
  });

  for (const [index, garbage] of ['no length#', 'x'.repeat(2_000_000)].entries()) {
    const socket = await until(() => connections[index]);
    socket.write(garbage);
    await until(() => socket.closed);
  }
  await until(() => connections[2]);
  assert.equal(logged.length, 2);
});

test('a message at which its reader throws is passed over, and not quoted', () => {
  const logged: string[] = [];
  const input = Object.assign(new EventEmitter(), { mapIncomingMsg: new Map() });
  input.on('msg', (_socket, message: string) => {
    throw new TypeError(`cannot read ${message}`);
  });
  guardControlInput(
    input as unknown as ControlInput,
    pino({}, { write: (line: string) => logged.push(line) }),
  );
  input.emit('msg', null, 'INVITE sip:*89*123456@x');
  assert.match(logged.join(''), /cannot be read/);
  assert.doesNotMatch(logged.join(''), /123456/);
});

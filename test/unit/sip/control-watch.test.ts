import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { ControlWatch } from '../../../sip/control-watch.js';
import { until } from '../../support/wait-for.js';

const INTERVAL_MS = 50;

interface Rig {
  socket: Socket;
  /** The other end. */
  server: Socket;
  watch: ControlWatch;
  seen: string[];
}

async function rig(t: TestContext): Promise<Rig> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const accepted = once(listener, 'connection') as Promise<[Socket]>;
  const socket = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  const [server] = await accepted;
  socket.resume(); // it is read by somebody else
  t.after(() => {
    socket.destroy();
    server.destroy();
    listener.close();
  });
  const seen: string[] = [];
  const events = { onSilent: () => seen.push('silent'), onHeard: () => seen.push('heard') };
  return { socket, server, watch: new ControlWatch(socket, events, INTERVAL_MS), seen };
}

test('a server that does not answer who we are is given up', async (t) => {
  const { socket, seen } = await rig(t);
  await until(() => socket.destroyed);
  assert.deepEqual(seen, ['silent']);
});

test('one that hangs is noticed and kept, and noticed again when it goes on', async (t) => {
  const { socket, server, watch, seen } = await rig(t);
  let hangs = false;
  server.on('data', () => !hangs && server.write('pong'));
  watch.authenticated(() => socket.write('ping'));
  await new Promise((resolve) => setTimeout(resolve, 10 * INTERVAL_MS)); // it answers all the while
  assert.deepEqual(seen, []);
  hangs = true;
  await until(() => seen.length === 1);
  assert.equal(socket.destroyed, false);
  hangs = false;
  await until(() => seen.length === 2);
  assert.deepEqual(seen, ['silent', 'heard']);
});

test('one that knows no pings may be silent', async (t) => {
  const { socket, watch, seen } = await rig(t);
  watch.authenticated(null);
  // long enough for any other
  await new Promise((resolve) => setTimeout(resolve, 10 * INTERVAL_MS));
  assert.deepEqual([seen, socket.destroyed], [[], false]);
});

/** The port at which FreeSWITCH connects to us, and what others send to it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { EventSocketClient } from '../../sip/media/event-socket-client.js';
import { EventSocketListener } from '../../sip/media/event-socket-listener.js';
import type { FrameSocket } from '../../sip/media/frame-socket.js';
import { until } from '../support/wait-for.js';

const FREESWITCH = '127.0.0.1';
const STRANGER = '127.0.0.2';
const SILENT = pino({ level: 'silent' });

const channelData = (call: string): string =>
  `Event-Name: CHANNEL_DATA\nvariable_sip_user_agent: drachtio-fsmrf%3A${call}\nContent-Type: command/reply\n\n`;

interface Visitor {
  socket: Socket;
  received: () => string;
  isOver: () => boolean;
}

describe('the port for FreeSWITCH', { concurrency: true }, () => {
  let listener: EventSocketListener;
  const visitors: Socket[] = [];
  before(async () => {
    listener = await EventSocketListener.open({ host: '0.0.0.0', port: 0 }, [FREESWITCH], SILENT);
  });
  after(async () => {
    for (const socket of visitors) socket.destroy();
    await listener.close();
  });

  const visit = async (localAddress: string): Promise<Visitor> => {
    const socket = connect({ host: FREESWITCH, port: listener.port, localAddress });
    visitors.push(socket);
    let received = '';
    let isOver = false;
    socket.setEncoding('utf8').on('data', (chunk) => (received += String(chunk)));
    socket.on('error', () => undefined).on('close', () => (isOver = true));
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    return { socket, received: () => received, isOver: () => isOver };
  };
  const asked = async (visitor: Visitor): Promise<void> => {
    await until(() => visitor.received() === 'connect\n\n', { what: 'the question whose call it is' });
  };
  /** A connection of a call that is waited for. */
  const introduce = async (call: string): Promise<{ visitor: Visitor; taken: FrameSocket }> => {
    const { socket } = listener.expect(call);
    const visitor = await visit(FREESWITCH);
    await asked(visitor);
    visitor.socket.write(channelData(call));
    return { visitor, taken: await socket };
  };

  test('the connection of a call that is waited for is handed on, with what it said, and goes on', async () => {
    const { visitor, taken } = await introduce('call-1');
    const heard: string[] = [];
    taken.on('data', (bytes: Buffer) => heard.push(bytes.toString()));
    taken.write('connect\n\n'); // as the library does: it has been asked already
    taken.resume();
    assert.deepEqual(heard, [channelData('call-1')]);
    taken.write('filter x\n\n');
    await until(() => visitor.received() === 'connect\n\nfilter x\n\n');
    visitor.socket.write('Content-Length: 5\nContent-Type: text/event-json\n\n{"a":');
    visitor.socket.write('Content-Type: command/reply\n\n');
    await until(() => heard.length === 3);
    assert.match(heard[1] ?? '', /\{"a":$/);
  });

  test('another host gets in by no address of its own, and is not spoken to', async () => {
    const visitor = await visit(STRANGER);
    visitor.socket.write(channelData('call-1'));
    await until(visitor.isOver);
    assert.equal(visitor.received(), '');
  });

  test('nobody is handed on who names no call that is waited for', async () => {
    listener.expect('forgotten').forget();
    for (const words of [channelData('made-up'), channelData('forgotten'), 'Content-Type: x\n\n']) {
      const visitor = await visit(FREESWITCH);
      await asked(visitor);
      visitor.socket.write(words);
      await until(visitor.isOver);
    }
  });

  test('a call is handed on once', async () => {
    await introduce('call-2');
    const second = await visit(FREESWITCH);
    await asked(second);
    second.socket.write(channelData('call-2'));
    await until(second.isOver);
  });

  test('what cannot be read ends the connection that sent it, and no other', async () => {
    const { visitor: honest } = await introduce('call-3');
    const unreadable = ['a: %\n\n', 'Content-Length: -1\n\n', 'Content-Length: 99999999\n\n', '%: %zz\n\n'];
    for (const words of unreadable) {
      const visitor = await visit(FREESWITCH);
      await asked(visitor);
      visitor.socket.write(words);
      await until(visitor.isOver);
    }
    const { visitor, taken } = await introduce('call-4');
    taken.on('data', (bytes: Buffer) => {
      if (bytes.includes('bad')) throw new TypeError('as the library throws in the middle of an event');
    });
    taken.resume();
    visitor.socket.write('bad: x\n\n');
    await until(visitor.isOver);
    assert.equal(honest.isOver(), false);
  });

  test('a head without an end, and a stream of small packets, is ended at its bound', async () => {
    for (const size of [1, 100_000]) {
      const visitor = await visit(FREESWITCH);
      await asked(visitor);
      let sent = 0;
      while (!visitor.isOver() && sent < 20_000_000) {
        visitor.socket.write('x'.repeat(size));
        sent += size;
        if (sent % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await until(visitor.isOver);
      assert.ok(sent < 20_000_000, `${sent} bytes`);
    }
  });

  test('whoever says nothing is let go after a while', async () => {
    const visitor = await visit(FREESWITCH);
    await asked(visitor);
    await until(visitor.isOver, { within: 60_000 });
  });
});

describe('an event socket that we connect to', { concurrency: true }, () => {
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) server.close();
  });

  const serving = async (serve: (socket: Socket) => void): Promise<ReturnType<typeof addressOf>> => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      serve(socket);
    });
    servers.push(server.listen(0, FREESWITCH));
    await once(server, 'listening');
    return addressOf(server);
  };
  const reasonOf = async (serve: (socket: Socket) => void): Promise<string> => {
    const outcome = await EventSocketClient.connect(await serving(serve), new AbortController().signal);
    return outcome.kind === 'not-connected' ? outcome.reason : outcome.kind;
  };

  test("is refused with the reason, whatever it says instead of FreeSWITCH's greeting", async () => {
    assert.match(await reasonOf((socket) => socket.write('a: %\n\n')), /cannot be read/);
    assert.match(await reasonOf((socket) => socket.write('x'.repeat(2_000_000))), /cannot be read/);
    assert.match(await reasonOf((socket) => socket.end()), /closed/);
    assert.match(
      await reasonOf((socket) => socket.write('Content-Type: text/rude-rejection\n\n')),
      /access list/,
    );
    assert.match(await reasonOf(() => undefined), /no answer/);
    const wrongSecret = await reasonOf((socket) => {
      socket.write('Content-Type: auth/request\n\n');
      socket.once('data', () => socket.write('Content-Type: command/reply\nReply-Text: -ERR invalid\n\n'));
    });
    assert.match(wrongSecret, /secret/);
  });
});

function addressOf(server: Server): { host: string; port: number; secret: string } {
  return { host: FREESWITCH, port: (server.address() as AddressInfo).port, secret: 'secret' };
}

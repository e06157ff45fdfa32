import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';

import { encodeFrame, FrameReader } from '../../embedded/drachtio/control-framing.js';
import { until } from '../support/wait-for.js';
import {
  ANSWER,
  connectApp,
  OFFER,
  askFor,
  SECRET,
  Stack,
  startServer,
  type App,
  type Server,
  LIMIT,
} from './drachtio-harness.js';
import { Phone } from './drachtio-phone.js';

/** A client that says exactly what it is told to. */
class RawClient {
  readonly socket: Socket;
  readonly #frames = new FrameReader();
  readonly received: string[] = [];
  #next = 0;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => this.received.push(...this.#frames.push(chunk)));
    socket.on('error', () => undefined);
  }

  static async open(stack: Stack, server: Server): Promise<RawClient> {
    const socket = connect(server.adminPort, server.adminHost);
    await once(socket, 'connect');
    stack.push(() => void socket.destroy());
    return new RawClient(socket);
  }

  /** Sends a message and waits for the answer to it, without its own id and `response`. */
  async ask(message: string): Promise<string> {
    const id = `message-${(this.#next += 1)}`;
    this.socket.write(encodeFrame(`${id}|${message}`));
    const answer = await until(() => this.received.find((each) => each.split('|')[2] === id), {
      what: `an answer to ${message}`,
    });
    return answer.split('|').slice(3).join('|');
  }

  async closed(): Promise<void> {
    await until(() => this.socket.destroyed, { what: 'the connection to be closed' });
  }
}

let stack: Stack;
let server: Server;
beforeEach(async () => {
  stack = new Stack();
  server = await startServer(stack);
});
afterEach(() => stack.close(), LIMIT);

test('authentication answers with the endpoints and the version; ping with pong', LIMIT, async () => {
  const client = await RawClient.open(stack, server);
  const endpoints = `tcp/127.0.0.1:${server.sipPort},udp/127.0.0.1:${server.sipPort}`;
  assert.equal(await client.ask(`authenticate|${SECRET}|`), `OK|${endpoints}|v0.9.10|${endpoints}`);
  assert.equal(await client.ask('ping'), 'OK|pong');
  assert.equal(await client.ask('route|invite'), 'OK');
});

test('a wrong secret is told so and disconnected, and does not reach a log', LIMIT, async () => {
  const client = await RawClient.open(stack, server);
  assert.equal(await client.ask('authenticate|guessed-secret|'), 'NO|incorrect secret');
  await client.closed();
  assert.ok(!server.lines.some((line) => line.includes('guessed-secret') || line.includes(SECRET)));
});

for (const message of ['route|invite', 'ping', 'sip||\r\nOPTIONS sip:x@127.0.0.1:9 SIP/2.0\r\n\r\n']) {
  test(`without authentication "${message.split('|')[0]}" is refused`, LIMIT, async () => {
    const client = await RawClient.open(stack, server);
    assert.equal(await client.ask(message), 'NO|not authenticated');
    await client.closed();
  });
}

for (const junk of [
  'hello',
  '999999#x',
  '70000#x',
  '0#',
  '#',
  'GET / HTTP/1.1\r\n\r\n',
  '\0\0\0\0\0\0\0\0',
]) {
  test(`${JSON.stringify(junk)} instead of a frame ends that connection and no other`, LIMIT, async () => {
    const other = await RawClient.open(stack, server);
    await other.ask(`authenticate|${SECRET}|`);
    const client = await RawClient.open(stack, server);
    await client.ask(`authenticate|${SECRET}|`);
    client.socket.write(junk);
    await client.closed();
    assert.equal(await other.ask('ping'), 'OK|pong');
  });
}

/** The answer to a message on a connection of its own, because some mistakes end the connection. */
async function answerTo(message: string): Promise<string> {
  const client = await RawClient.open(stack, server);
  await client.ask(`authenticate|${SECRET}|`);
  return client.ask(message);
}

test('messages that make no sense are answered', LIMIT, async () => {
  assert.equal(await answerTo('frobnicate|x'), 'NO|Unknown message type');
  assert.equal(await answerTo('sip|'), 'NO|Invalid message format');
  assert.equal(await answerTo('sip||'), 'NO|Invalid message format');
  assert.equal(await answerTo('sip||\r\nnonsense'), 'NOK|invalid start line');
  assert.equal(await answerTo('sip||\r\nSIP/2.0 200 OK\r\n\r\n'), 'NOK|transaction id missing');
  assert.equal(
    await answerTo('sip|no-such|\r\nSIP/2.0 200 OK\r\n\r\n'),
    'NOK|Response not sent due to unknown transaction',
  );
  assert.match(
    await answerTo('sip|no-such|\r\nCANCEL sip:x SIP/2.0\r\n\r\n'),
    /^NOK\|unable to cancel unknown transaction/,
  );
  assert.match(await answerTo('sip|no-such|\r\nBYE sip:x SIP/2.0\r\n\r\n'), /^NOK\|/);
  assert.match(
    await answerTo('sip||no-such\r\nACK sip:x SIP/2.0\r\n\r\n'),
    /^NOK\|Server error: ACK for non-success/,
  );
  assert.match(await answerTo('sip||\r\nMESSAGE tel:+4911 SIP/2.0\r\n\r\n'), /^NOK\|requested protocol/);
});

test('a frame that comes byte by byte is understood', LIMIT, async () => {
  const client = await RawClient.open(stack, server);
  client.socket.setNoDelay(true);
  for (const byte of encodeFrame(`a|authenticate|${SECRET}|`)) {
    client.socket.write(byte);
    await new Promise(setImmediate);
  }
  await until(() => client.received[0]?.includes('|a|OK|'));
});

test('fifty NOTIFYs with large bodies at once all arrive', LIMIT, async () => {
  const app = await connectApp(stack, server);
  const phone = await Phone.open(stack, server, 'tcp');
  const body = 'x'.repeat(4_500);
  const headers = { Event: 'x', 'Content-Type': 'text/plain' };
  const requests = Array.from({ length: 50 }, () =>
    askFor(app, phone.uri, { method: 'NOTIFY', headers, body }),
  );
  for (const _ of requests) phone.respond(await phone.next('NOTIFY'), 200);
  const responses = await Promise.all((await Promise.all(requests)).map(({ response }) => response));
  assert.ok(responses.every(({ status }) => status === 200));
});

function answering(app: App): void {
  app.invite(
    (request, response) => void app.createUAS(request, response, { localSdp: ANSWER }).catch(() => undefined),
  );
}

test(
  'an application that is gone: its calls get 481, new requests go to nobody, and it may come back',
  LIMIT,
  async () => {
    const app = await connectApp(stack, server, answering);
    const phone = await Phone.open(stack, server);
    const attempt = phone.send({ method: 'INVITE', body: OFFER });
    const dialog = phone.acknowledge(attempt, await attempt.final);
    app.disconnect();
    await until(() => server.lines.some((line) => line.includes('application gone')));
    assert.equal((await phone.send({ method: 'INVITE', body: OFFER }).final).status, 503);
    assert.equal((await phone.inDialog(dialog, { method: 'BYE' }).final).status, 481);

    await connectApp(stack, server, answering);
    await until(async () => (await phone.send({ method: 'INVITE', body: OFFER }).final).status === 200);
  },
);

test('what an application leaves unanswered is answered with 504 when its time is over', LIMIT, async () => {
  const impatient = await startServer(stack, { answerTimeout: 200 });
  await connectApp(stack, impatient, (app) => {
    app.invite(() => undefined);
    app.options(() => undefined);
  });
  const phone = await Phone.open(stack, impatient);
  assert.equal((await phone.send({ method: 'OPTIONS' }).final).status, 504);
  assert.equal((await phone.send({ method: 'INVITE', body: OFFER }).final).status, 504);
});

test('an application cannot speak in the calls of another', LIMIT, async () => {
  const ids: string[] = [];
  await connectApp(stack, server, (app) =>
    app.invite(
      (request, response) =>
        void app.createUAS(request, response, { localSdp: ANSWER }).then(({ id }) => ids.push(id)),
    ),
  );
  const phone = await Phone.open(stack, server);
  const attempt = phone.send({ method: 'INVITE', body: OFFER });
  phone.acknowledge(attempt, await attempt.final);
  const [id] = await until(() => ids.length > 0 && ids);
  const stranger = await RawClient.open(stack, server);
  await stranger.ask(`authenticate|${SECRET}|`);
  assert.match(
    await stranger.ask(`sip||${id}\r\nBYE sip:placeholder SIP/2.0\r\n\r\n`),
    /^NOK\|.*unable to find dialog/,
  );
});

test('call details are sent to who asked for them', LIMIT, async () => {
  const details: string[] = [];
  await connectApp(stack, server, (app) => {
    app.on('cdr:attempt', (source: string) => details.push(`attempt ${source}`));
    app.on('cdr:start', (source: string, _time: string, role: string) =>
      details.push(`start ${source} ${role}`),
    );
    app.on('cdr:stop', (source: string, _time: string, reason: string) =>
      details.push(`stop ${source} ${reason}`),
    );
    app.invite((request, response) => void app.createUAS(request, response, { localSdp: ANSWER }));
  });
  const phone = await Phone.open(stack, server);
  const attempt = phone.send({ method: 'INVITE', body: OFFER });
  const dialog = phone.acknowledge(attempt, await attempt.final);
  await phone.inDialog(dialog, { method: 'BYE' }).final;
  await until(() => details.length >= 3);
  assert.deepEqual(details, ['attempt network', 'start application uas', 'stop network normal-release']);
});

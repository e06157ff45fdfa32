import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { after, afterEach, before, test } from 'node:test';

import * as fc from 'fast-check';

import { EslReader } from '../../embedded/freeswitch/esl-frame.js';
import { startFreeswitch } from '../../embedded/freeswitch/server.js';
import type { Freeswitch, FreeswitchOptions } from '../../embedded/freeswitch/server.js';
import { ListenError } from '../../embedded/listen-error.js';
import { writeOffer } from '../../telephony/media/sdp-writing.js';
import type { InviteSession } from '../../telephony/sip/invite-session.js';
import type { OutgoingInvite } from '../../telephony/sip/outgoing-invite.js';
import { SipTransport } from '../../telephony/sip/transport.js';
import { UserAgent } from '../../telephony/sip/user-agent.js';
import { freePortRange } from '../support/free-port.js';
import { until } from '../support/wait-for.js';

const HOST = '127.0.0.1';
const SECRET = 'right';

const logged: string[] = [];
let options: FreeswitchOptions;
let server: Freeswitch;
before(async () => {
  const { first, last } = await freePortRange(8);
  options = {
    host: HOST,
    eslPort: 0,
    sipPort: 0,
    secret: SECRET,
    clock: { now: () => new Date() },
    rtpPorts: { from: first, to: last },
    log: (level, text, fields) => logged.push(`${level} ${text} ${JSON.stringify(fields)}`),
  };
  server = await startFreeswitch(options);
});
after(() => server.close());

/** A client that writes and reads bytes. */
class Client {
  text = '';
  closed = false;
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    socket.on('error', () => {});
    socket.on('close', () => (this.closed = true));
    clients.push(this);
  }

  async say(text: string, expected: RegExp): Promise<string> {
    this.text = '';
    this.socket.write(text);
    await until(() => expected.test(this.text), { what: `${expected} in ${JSON.stringify(this.text)}` });
    return this.text;
  }
}

const clients: Client[] = [];
afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.destroy();
});

async function open(secret?: string): Promise<Client> {
  const client = new Client(connect(server.eslPort, HOST));
  await until(() => client.text === 'Content-Type: auth/request\n\n');
  if (secret !== undefined) await client.say(`auth ${secret}\n\n`, /\n\n$/);
  return client;
}

test('the right secret lets in', async () => {
  const client = await open();
  assert.equal(
    await client.say(`auth ${SECRET}\n\n`, /\n\n$/),
    'Content-Type: command/reply\nReply-Text: +OK accepted\n\n',
  );
});

test('a wrong secret, or a command without one, is turned away, and the secret is not logged', async () => {
  for (const line of ['auth wrong-secret', 'api status', 'auth']) {
    const client = await open();
    await client.say(`${line}\n\n`, /Reply-Text: -ERR[^]*disconnect-notice/);
    await until(() => client.closed);
  }
  assert.match(logged.join('\n'), /wrong secret/);
  assert.doesNotMatch(logged.join('\n'), /wrong-secret/);
});

test('api answers with a body of the announced length', async () => {
  const client = await open(SECRET);
  const text = await client.say('api sofia status\n\n', /RUNNING[^]*aliases\n$/);
  const [head = '', body = ''] = text.split(/\n\n(.*)/s);
  assert.equal(Number(/Content-Length: (\d+)/.exec(head)?.[1]), body.length);
  assert.match(body, new RegExp(`^\\s*drachtio_mrf\\s.*sip:mod_sofia@${HOST}:${server.sipPort}`, 'm'));
  assert.match(await client.say('api nonsense x\n\n', /not found/), /-ERR nonsense Command not found!/);
  assert.match(await client.say('nonsense\n\n', /\n\n$/), /-ERR command not found/);
  assert.match(
    await client.say('sendmsg nobody\ncall-command: execute\n\n', /\n\n$/),
    /-ERR invalid session id/,
  );
});

test('bgapi answers with a job, and its result is an event', async () => {
  const client = await open(SECRET);
  await client.say('event json BACKGROUND_JOB\n\n', /\+OK event listener enabled json/);
  const text = await client.say('bgapi uuid_exists nobody\nJob-UUID: my-job\n\n', /_body/);
  assert.match(text, /Reply-Text: \+OK Job-UUID: my-job\nJob-UUID: my-job\n\n/);
  const event = JSON.parse(text.slice(text.indexOf('{'))) as Record<string, string>;
  assert.deepEqual(
    [event['Event-Name'], event['Job-UUID'], event['_body']],
    ['BACKGROUND_JOB', 'my-job', 'false'],
  );
});

test('exit says goodbye', async () => {
  const client = await open(SECRET);
  await client.say('exit\n\n', /\+OK bye[^]*disconnect-notice/);
  await until(() => client.closed);
});

test('garbage, endless lines and endless headers cost the connection and nothing else', async () => {
  for (const garbage of [
    Buffer.alloc(70_000, 'x'),
    Buffer.from('a: b\n'.repeat(20_000)),
    Buffer.from('event\nContent-Length: 99999999\n\n'),
  ]) {
    for (const secret of [undefined, SECRET]) {
      const client = await open(secret);
      client.socket.write(garbage);
      await until(() => client.closed, { what: 'the connection to end' });
    }
  }
  assert.match(await (await open(SECRET)).say('api version\n\n', /embedded/), /embedded/);
});

test('commands come whole however the stream is cut, and no bytes make the reader throw', () => {
  const stream =
    'auth x\r\n\r\n\n\nsendmsg abc\nexecute-app-arg: a: b\ncall-command: execute\n\nsendevent X\nContent-Length: 4\n\nab\n\napi status\n\n';
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sizes) => {
      const reader = new EslReader();
      const commands = [];
      for (let at = 0, i = 0; at < stream.length; i++) {
        const size = sizes[i % sizes.length]!;
        const reading = reader.push(Buffer.from(stream.slice(at, at + size)));
        if (reading.kind === 'commands') commands.push(...reading.commands);
        at += size;
      }
      assert.deepEqual(
        commands.map(({ line }) => line),
        ['auth x', 'sendmsg abc', 'sendevent X', 'api status'],
      );
      assert.equal(commands[1]?.headers.get('execute-app-arg'), 'a: b');
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (chunks) => {
      const reader = new EslReader();
      for (const chunk of chunks) reader.push(Buffer.from(chunk));
    }),
  );
});

test('a port that is taken is named, with what it was for', async () => {
  await assert.rejects(startFreeswitch({ ...options, eslPort: server.eslPort }), (error) => {
    assert.ok(error instanceof ListenError);
    assert.deepEqual(
      [error.failure.purpose, error.failure.port, error.failure.code],
      ['media-control', server.eslPort, 'EADDRINUSE'],
    );
    return true;
  });
  await assert.rejects(
    startFreeswitch({ ...options, sipPort: server.sipPort }),
    (error) => error instanceof ListenError && error.failure.purpose === 'media-sip',
  );
});

/** A media client's side of SIP. */
async function openAgent(): Promise<UserAgent> {
  const transport = await SipTransport.bind({ host: HOST, port: 0 });
  return new UserAgent({ transport });
}

async function closeAgent(agent: UserAgent): Promise<void> {
  agent.close();
  await agent.transport.close();
}

/** A caller as drachtio sends it for fsmrf, to a client that listens on `port`. */
function invite(agent: UserAgent, port: number): OutgoingInvite {
  return agent.invite({
    uri: `sip:drachtio@${HOST}:${server.sipPort}`,
    from: `sip:test@${HOST}`,
    headers: {
      'User-Agent': 'drachtio-fsmrf:an-id',
      'X-esl-outbound': `${HOST}:${port}`,
      'Content-Type': 'application/sdp',
    },
    body: writeOffer({ rtp: { address: HOST, port: 9 }, sessionId: 1, sessionVersion: 1 }, ['PCMU']),
  });
}

async function established(call: OutgoingInvite): Promise<InviteSession> {
  const outcome = await call.outcome;
  if (outcome.kind === 'rejected') throw new Error(`refused: ${outcome.response.status}`);
  return outcome.session;
}

test('a call ends when its client goes, and when there is none', async () => {
  const application = createServer();
  application.listen(0, HOST);
  await once(application, 'listening');
  const { port } = application.address() as AddressInfo;
  const accepted = once(application, 'connection') as Promise<[Socket]>;
  const agent = await openAgent();
  const controlled = await established(invite(agent, port));
  const [socket] = await accepted;
  const client = new Client(socket);
  const text = await client.say('connect\n\n', /\n\n$/);
  assert.match(text, /^Event-Name: CHANNEL_DATA$/m);
  assert.match(text, /^variable_sip_user_agent: drachtio-fsmrf%3Aan-id$/m);
  socket.destroy();
  await controlled.ended;

  application.close();
  await once(application, 'close');
  await (
    await established(invite(agent, port))
  ).ended;
  await closeAgent(agent);
});

test('calls that are cancelled at any moment leave nothing behind', async () => {
  const agent = await openAgent();
  const calls = Array.from({ length: 4 }, (_, i) => {
    const call = invite(agent, 9);
    setTimeout(() => call.cancel(), i);
    return call.outcome;
  });
  await Promise.all(calls);
  const client = await open(SECRET);
  await until(async () => /^0 session\(s\)$/m.test(await client.say('api status\n\n', /max\n$/)));
  await closeAgent(agent);
});

test('INVITEs of others, or without a usable way back, are refused', async () => {
  const agent = await openAgent();
  const body = writeOffer({ rtp: { address: HOST, port: 9 }, sessionId: 1, sessionVersion: 1 }, ['PCMU']);
  for (const [headers, status] of [
    [{ 'User-Agent': 'a phone' }, 404],
    [{ 'User-Agent': 'drachtio-fsmrf:x' }, 400],
    [{ 'User-Agent': 'drachtio-fsmrf:x', 'X-esl-outbound': 'example.com:80' }, 400],
    [{ 'User-Agent': 'drachtio-fsmrf:x', 'X-esl-outbound': '127.0.0.1:99999' }, 400],
    [
      { 'User-Agent': 'drachtio-fsmrf:x', 'X-esl-outbound': '127.0.0.1:9', 'Content-Type': 'text/plain' },
      415,
    ],
  ] as const) {
    const uri = `sip:x@${HOST}:${server.sipPort}`;
    const outcome = await agent.invite({ uri, from: `sip:test@${HOST}`, headers, body }).outcome;
    assert.equal(outcome.kind === 'rejected' ? outcome.response.status : 200, status);
  }
  await closeAgent(agent);
});

test('garbage on the SIP port harms nothing', async () => {
  const socket = createSocket('udp4');
  for (const text of [
    '',
    '\0'.repeat(1000),
    'INVITE',
    'INVITE sip:x SIP/2.0\r\n\r\n',
    'SIP/2.0 200 OK\r\n\r\n',
    'x'.repeat(60_000),
  ]) {
    await new Promise<void>((resolve) => {
      socket.send(text, server.sipPort, HOST, () => resolve());
    });
  }
  socket.close();
  const agent = await openAgent();
  const outcome = await agent.request({
    method: 'OPTIONS',
    uri: `sip:x@${HOST}:${server.sipPort}`,
    from: `sip:test@${HOST}`,
  });
  assert.equal(outcome.status, 200);
  await closeAgent(agent);
});

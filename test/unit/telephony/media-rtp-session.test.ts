import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, test } from 'node:test';

import { bindRtpSocket, RtpPortPool } from '../../../telephony/media/rtp-port-pool.js';
import { RtpSession } from '../../../telephony/media/rtp-session.js';
import type { RtpSessionOptions } from '../../../telephony/media/rtp-session.js';
import { parseRtp, RtpStream } from '../../../telephony/media/rtp.js';
import { scheduleDigit } from '../../../telephony/media/telephone-event.js';
import { freePortRange } from '../../support/free-port.js';
import { until } from '../../support/wait-for.js';

const HOST = '127.0.0.1';
const FORMAT = { codec: 'PCMU', payloadType: 0, telephoneEvent: 101 } as const;
const FRAME = Buffer.alloc(160, 0x55);

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

/** A socket that remembers what it gets, and sends RTP. */
class Party {
  readonly received: Buffer[] = [];
  readonly #stream = new RtpStream();
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (datagram: Buffer) => this.received.push(datagram));
    opened.push({ close: () => socket.close() });
  }

  static async open(): Promise<Party> {
    return new Party(await bindRtpSocket(HOST));
  }

  get address(): { address: string; port: number } {
    return { address: HOST, port: this.#socket.address().port };
  }

  async send(to: RtpSession, payloadType = 0, payload: Buffer = FRAME): Promise<void> {
    await this.sendRaw(to, Buffer.from(this.#stream.pack(payloadType, false, payload)));
  }

  async sendRaw(to: RtpSession, datagram: Buffer): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#socket.send(datagram, to.localPort, HOST, () => resolve());
    });
  }
}

async function openSession(options: Partial<RtpSessionOptions> = {}): Promise<RtpSession> {
  const session = new RtpSession({
    socket: await bindRtpSocket(HOST),
    format: FORMAT,
    peer: undefined,
    ...options,
  });
  opened.push(session);
  return session;
}

const heard = (session: RtpSession, packets: number): Promise<unknown> =>
  until(() => session.counts.received + session.counts.strangers + session.counts.malformed >= packets);

test('the signalled peer is sent to at once; frames carry on sequence and clock', async () => {
  const phone = await Party.open();
  const session = await openSession({ peer: phone.address });
  session.sendFrame(FRAME);
  session.skip(2);
  session.sendSilence();
  await until(() => phone.received.length === 2);
  const [first, second] = phone.received.map((datagram) => parseRtp(datagram)!);
  assert.deepEqual([first!.marker, second!.marker], [true, false]);
  assert.equal((second!.sequence - first!.sequence) & 0xffff, 1);
  assert.equal((second!.timestamp - first!.timestamp) >>> 0, 3 * 160);
  assert.equal(first!.ssrc, second!.ssrc);
});

test('with nobody signalled and nobody heard, nothing is sent', async () => {
  const session = await openSession();
  session.sendFrame(FRAME);
  assert.equal(session.counts.sent, 0);
});

test('what an attacker sends is neither heard nor answered once the phone has spoken', async () => {
  const phone = await Party.open();
  const stranger = await Party.open();
  const keys: string[] = [];
  let audio = 0;
  const session = await openSession({
    peer: phone.address,
    onAudio: () => audio++,
    onDigit: ({ digit }) => keys.push(digit),
  });
  await phone.send(session);
  await heard(session, 1);
  for (let i = 0; i < 3; i++) await stranger.send(session);
  for (const { payload } of scheduleDigit('5', 60)) await stranger.send(session, 101, payload);
  await heard(session, 9);
  session.sendFrame(FRAME);
  await until(() => phone.received.length === 1);
  assert.deepEqual([audio, keys, session.counts.strangers, stranger.received.length], [1, [], 8, 0]);
});

test('RTCP is ignored, from whomever; comfort noise is a sign of life and no sound', async () => {
  const phone = await Party.open();
  const stranger = await Party.open();
  const session = await openSession({ onAudio: () => assert.fail('no audio was sent') });
  for (const type of [200, 201, 202, 203, 204])
    await stranger.sendRaw(session, Buffer.from([0x80, type, 0, 6, ...Buffer.alloc(24)]));
  await until(() => session.counts.rtcp === 5);
  assert.equal(session.target, undefined);
  for (let i = 0; i < 3; i++) await phone.send(session, 13, Buffer.from([60]));
  await heard(session, 3);
  assert.deepEqual([session.counts.received, session.target], [2, phone.address]);
  assert.ok(session.lastPacketAt !== undefined);
});

test('packets of any length are heard, with new sources, numbers that wrap, and another law in the middle', async () => {
  const phone = await Party.open();
  const packets: [codec: string, samples: number][] = [];
  const session = await openSession({
    peer: phone.address,
    onAudio: ({ payload }, codec) => packets.push([codec, payload.length]),
  });
  const streams = [new RtpStream({ sequence: 0xffff, timestamp: 0xffffffb0 }), new RtpStream()];
  const sent: typeof packets = [];
  for (const stream of streams) {
    for (const samples of [80, 160, 240, 320, 480, 1, 0, 1400]) {
      const codec = samples === 320 ? 'PCMA' : 'PCMU';
      const head = stream.pack(codec === 'PCMA' ? 8 : 0, false, FRAME, 0, 0);
      await phone.sendRaw(session, Buffer.concat([head, Buffer.alloc(samples, 0x55)]));
      sent.push([codec, samples]);
    }
  }
  await heard(session, sent.length);
  assert.deepEqual(packets, sent);
});

for (const packetMs of [10, 30, 40, 60]) {
  test(`who wants ${packetMs} ms in a packet gets it, and not a sample is lost`, async () => {
    const phone = await Party.open();
    const session = await openSession({ peer: phone.address, format: { ...FORMAT, packetMs } });
    for (let i = 0; i < 6; i++) session.sendFrame(Buffer.alloc(160, i));
    const samples = packetMs * 8;
    await until(() => phone.received.length === 960 / samples);
    const packets = phone.received.map((datagram) => parseRtp(datagram)!);
    const from = packets[0]!.timestamp;
    assert.deepEqual(
      packets.map(({ timestamp }) => (timestamp - from) >>> 0),
      packets.map((_, i) => i * samples),
    );
    assert.deepEqual(
      Buffer.concat(packets.map(({ payload }) => payload)),
      Buffer.from(Array.from({ length: 960 }, (_, i) => Math.floor(i / 160))),
    );
  });
}

test('on hold nothing is sent; a new peer is latched afresh', async () => {
  const first = await Party.open();
  const second = await Party.open();
  const session = await openSession({ peer: first.address });
  await first.send(session);
  await heard(session, 1);
  session.renegotiate(FORMAT, { peer: first.address }, true);
  session.sendFrame(FRAME);
  assert.equal(session.counts.sent, 0);
  session.renegotiate(FORMAT, { peer: second.address }, false);
  session.sendFrame(FRAME);
  await until(() => second.received.length === 1);
  assert.equal(first.received.length, 0);
});

test('keys go from session to session, beside the audio, with the timestamps of RFC 4733', async () => {
  const keys: string[] = [];
  const receiver = await openSession({ onDigit: ({ digit, duration }) => keys.push(`${digit}/${duration}`) });
  const sender = await openSession({ peer: { address: HOST, port: receiver.localPort } });
  sender.sendFrame(FRAME);
  sender.sendFrame(FRAME);
  for (const digit of '42') for (const event of scheduleDigit(digit, 60)) sender.sendEvent(event);
  await until(() => keys.length === 2);
  assert.deepEqual(keys, ['4/480', '2/480']);
});

test('a key is one key, also when its sender was held up in the middle of it', async () => {
  const keys: string[] = [];
  let audio = 0;
  const receiver = await openSession({
    onAudio: () => (audio += 1),
    onDigit: ({ digit }) => keys.push(digit),
  });
  const sender = await openSession({ peer: { address: HOST, port: receiver.localPort } });
  sender.sendFrame(FRAME);
  sender.sendFrame(FRAME);
  await until(() => audio > 0);
  const before = audio;
  for (const digit of '42') {
    for (const event of scheduleDigit(digit, 60)) {
      sender.sendEvent(event);
      sender.skip(3);
    }
  }
  sender.sendFrame(FRAME);
  await until(() => audio > before);
  assert.deepEqual(keys, ['4', '2']);
});

test('garbage, other payload types and datagrams after closing harm nothing', async () => {
  const phone = await Party.open();
  const session = await openSession({ peer: phone.address, onAudio: () => assert.fail('no audio was sent') });
  await phone.sendRaw(session, Buffer.from('OPTIONS sip:x SIP/2.0'));
  await phone.sendRaw(session, Buffer.alloc(0));
  await phone.send(session, 18);
  await phone.send(session, 101, Buffer.from([1]));
  await heard(session, 3);
  assert.equal(session.counts.malformed, 2);
  session.close();
  session.close();
  session.sendFrame(FRAME);
  assert.throws(
    () =>
      new RtpSession({
        socket: createSocket('udp4'),
        format: { ...FORMAT, telephoneEvent: undefined },
        peer: undefined,
      }).sendEvent(scheduleDigit('1')[0]!),
    /not negotiated/,
  );
});

test('the pool gives even ports, goes round, passes over taken ones, and says when there are none', async () => {
  const { first } = await freePortRange(8);
  const taken = await bindRtpSocket(HOST, first + 2);
  opened.push({ close: () => taken.close() });
  const pool = new RtpPortPool(HOST, first, first + 7);
  assert.equal(pool.size, 4);
  const ports: number[] = [];
  for (let i = 0; i < 3; i++) {
    const outcome = await pool.acquire();
    assert.equal(outcome.kind, 'bound');
    if (outcome.kind === 'bound') {
      ports.push(outcome.port);
      opened.push({ close: () => outcome.socket.close() });
    }
  }
  assert.deepEqual(ports, [first, first + 4, first + 6]);
  assert.deepEqual(await pool.acquire(), { kind: 'exhausted' });
});

test('a port comes back to the pool when its socket is closed', async () => {
  const { first } = await freePortRange(2);
  const pool = new RtpPortPool(HOST, first, first + 1);
  const outcome = await pool.acquire();
  if (outcome.kind === 'exhausted') return assert.fail();
  assert.equal((await pool.acquire()).kind, 'exhausted');
  outcome.socket.close();
  await once(outcome.socket, 'close');
  const again = await pool.acquire();
  assert.equal(again.kind, 'bound');
  if (again.kind === 'bound') again.socket.close();
});

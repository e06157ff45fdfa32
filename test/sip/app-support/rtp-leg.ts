/**
 * The phone's side of the audio: silence in 20 ms packets, keys as RFC 4733 events or as tones, and
 * listening.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Pacer } from '../../../telephony/media/pacer.js';
import type { KeyPacket } from '../../support/keyed-packets.js';
import { Hearing } from './hearing.js';

const EVENT_PAYLOAD_TYPE = 101;
const SILENCE = Buffer.alloc(160, 0xff);
const TONES: Record<string, [number, number]> = {
  '1': [697, 1209],
  '2': [697, 1336],
  '3': [697, 1477],
  '4': [770, 1209],
  '5': [770, 1336],
  '6': [770, 1477],
  '7': [852, 1209],
  '8': [852, 1336],
  '9': [852, 1477],
  '*': [941, 1209],
  '0': [941, 1336],
  '#': [941, 1477],
};

/** Packets that are being sent. */
interface Played {
  readonly packets: readonly KeyPacket[];
  slot: number;
  readonly done: () => void;
}

export class RtpLeg {
  readonly #socket: Socket;
  /** Packets that have come. */
  received = 0;
  readonly #ssrc = Math.floor(Math.random() * 2 ** 32);
  #peer: { address: string; port: number } | null = null;
  #stop: (() => void) | undefined;
  #closed = false;
  #sequence = 0;
  /** Not 0: FreeSWITCH takes an event with that timestamp for a repetition. */
  #timestamp = 160 * 50;
  /** Packets that go before silence. */
  #queue: { payloadType: number; payload: Buffer; at: number | null }[] = [];

  private constructor(
    socket: Socket,
    readonly hearing: Hearing,
  ) {
    this.#socket = socket;
    socket.on('message', (packet) => {
      this.received += 1;
      if ((packet[1]! & 0x7f) === 0) hearing.take(packet.subarray(12));
    });
    socket.on('error', () => undefined); // the other side may have closed its port first
  }

  static async open(nameOf: (hertz: number) => string): Promise<RtpLeg> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new RtpLeg(socket, new Hearing(nameOf));
  }

  offer(options: { telephoneEvent?: boolean | number } = {}): string {
    const events = options.telephoneEvent ?? true;
    const type = typeof events === 'number' ? events : EVENT_PAYLOAD_TYPE;
    return [
      'v=0',
      `o=phone 1 1 IN IP4 127.0.0.1`,
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${this.#socket.address().port} RTP/AVP 0${events === false ? '' : ` ${type}`}`,
      'a=rtpmap:0 PCMU/8000',
      ...(events === false ? [] : [`a=rtpmap:${type} telephone-event/8000`, `a=fmtp:${type} 0-16`]),
      'a=ptime:20',
      'a=sendrecv',
      '',
    ].join('\r\n');
  }

  connect(sdp: string): void {
    const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? '127.0.0.1';
    this.#peer = { address, port: Number(/^m=audio ([1-9]\d*)/m.exec(sdp)?.[1]) };
    this.#stop ??= new Pacer().add(() => this.#tick());
  }

  /** Sends these instead of silence; resolves when the last has been sent. */
  async play(
    packets: readonly KeyPacket[],
    restart: { sequence?: number; timestamp?: number } = {},
  ): Promise<void> {
    this.#sequence = restart.sequence ?? this.#sequence;
    this.#timestamp = restart.timestamp ?? this.#timestamp;
    await new Promise<void>((done) => (this.#played = { packets, slot: 0, done }));
  }

  /** Keys one after the other: 100 ms on, 60 ms off each. */
  key(keys: string): void {
    for (const key of keys) {
      const event = '0123456789*#'.indexOf(key);
      for (let n = 1; n <= 8; n++) {
        const payload = Buffer.from([event, n > 5 ? 0x8a : 0x0a, 0, 0]);
        payload.writeUInt16BE(Math.min(n, 5) * 160, 2);
        this.#queue.push({ payloadType: EVENT_PAYLOAD_TYPE, payload, at: n === 1 ? null : -1 });
      }
      for (let n = 0; n < 3; n++) this.#queue.push({ payloadType: 0, payload: SILENCE, at: null });
    }
  }

  /** The same as sound. */
  keyTones(keys: string): void {
    for (const key of keys) {
      const [low, high] = TONES[key]!;
      const sound = Buffer.alloc(160 * 6);
      for (let n = 0; n < sound.length; n++) {
        const value =
          6000 * (Math.sin((2 * Math.PI * low * n) / 8000) + Math.sin((2 * Math.PI * high * n) / 8000));
        sound[n] = muLaw(Math.round(value));
      }
      for (let n = 0; n < 6; n++)
        this.#queue.push({ payloadType: 0, payload: sound.subarray(n * 160, n * 160 + 160), at: null });
      for (let n = 0; n < 5; n++) this.#queue.push({ payloadType: 0, payload: SILENCE, at: null });
    }
  }

  close(): void {
    this.#stop?.();
    if (!this.#closed) this.#socket.close();
    this.#closed = true;
  }

  #eventAt = 0;
  #played: Played | null = null;

  /** The next 20 ms of what is played; sequence and clock move on only when it is over. */
  #playNext(played: Played): void {
    const last = Math.max(...played.packets.map(({ slot }) => slot));
    for (const one of played.packets.filter(({ slot }) => slot === played.slot)) {
      const head = Buffer.alloc(12);
      head[0] = 0x80;
      head[1] = one.payloadType | (one.marker ? 0x80 : 0);
      head.writeUInt16BE((this.#sequence + one.sequence) & 0xffff, 2);
      head.writeUInt32BE((this.#timestamp + one.timestamp) >>> 0, 4);
      head.writeUInt32BE((this.#ssrc + (one.source ?? 0)) >>> 0, 8);
      this.#send(Buffer.concat([head, one.payload]));
    }
    played.slot += 1;
    if (played.slot <= last) return;
    this.#played = null;
    this.#sequence += Math.max(...played.packets.map(({ sequence }) => sequence)) + 1;
    this.#timestamp += (last + 1) * 160;
    played.done();
  }

  #send(packet: Buffer): void {
    if (this.#peer) this.#socket.send(packet, this.#peer.port, this.#peer.address);
  }

  #tick(): void {
    if (this.#played !== null) return this.#playNext(this.#played);
    const next = this.#queue.shift() ?? { payloadType: 0, payload: SILENCE, at: null };
    if (next.at === null) this.#eventAt = this.#timestamp;
    const head = Buffer.alloc(12);
    head[0] = 0x80;
    head[1] = next.payloadType;
    head.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    head.writeUInt32BE(next.at === null ? this.#timestamp >>> 0 : this.#eventAt >>> 0, 4);
    head.writeUInt32BE(this.#ssrc, 8);
    this.#timestamp += 160;
    this.#send(Buffer.concat([head, next.payload]));
  }
}

function muLaw(value: number): number {
  const sign = value < 0 ? 0x80 : 0;
  const magnitude = Math.min(32_635, Math.abs(value)) + 0x84;
  const exponent = Math.max(0, 24 - Math.clz32(magnitude));
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

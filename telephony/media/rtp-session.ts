import type { RemoteInfo, Socket } from 'node:dgram';

import { DigitReceiver } from './digit-receiver.js';
import type { KeyedDigit } from './digit-receiver.js';
import { FRAME_SAMPLES } from './format.js';
import type { AudioFormat, TransportAddress } from './format.js';
import { SILENCE } from './g711.js';
import { RtpLatch } from './rtp-latch.js';
import { parseRtp, RtpStream } from './rtp.js';
import type { RtpPacket } from './rtp.js';
import type { EventPacket } from './telephone-event.js';

/** What went over the wire. */
export interface RtpCounts {
  sent: number;
  received: number;
  /** Well-formed RTP from a source that is not the peer. */
  strangers: number;
  /** Datagrams that are no RTP. */
  malformed: number;
  /** Failures that the system reported, as unreachable ports and networks. */
  socketErrors: number;
}

export interface RtpSessionOptions {
  /** Bound; the session owns it and closes it. */
  readonly socket: Socket;
  readonly format: AudioFormat;
  /** Where the other side's SDP wants its RTP, when known. */
  readonly peer: TransportAddress | undefined;
  /** An audio packet of the peer in the agreed format. Not called for events. */
  readonly onAudio?: (packet: RtpPacket) => void;
  /** A key of the peer, when it is let go. */
  readonly onDigit?: (key: KeyedDigit) => void;
}

const SILENT_FRAME = {
  PCMA: Buffer.alloc(FRAME_SAMPLES, SILENCE.PCMA),
  PCMU: Buffer.alloc(FRAME_SAMPLES, SILENCE.PCMU),
} as const;

/**
 * One side of a call's audio: a socket, a stream out, a stream in.
 *
 * Whoever owns it calls exactly one of `sendFrame`, `sendSilence`, `sendEvent` or `skip` every 20 ms. Packets go to the
 * peer that was signalled or latched and to nobody else; packets of others are counted and dropped.
 */
export class RtpSession {
  readonly counts: RtpCounts = { sent: 0, received: 0, strangers: 0, malformed: 0, socketErrors: 0 };
  readonly #socket: Socket;
  readonly #stream = new RtpStream();
  readonly #digits = new DigitReceiver();
  readonly #latch: RtpLatch;
  readonly #onAudio: ((packet: RtpPacket) => void) | undefined;
  readonly #onDigit: ((key: KeyedDigit) => void) | undefined;
  #format: AudioFormat;
  #onHold = false;
  #closed = false;
  /** The first packet after silence of a stream is marked (RFC 3551 section 4.1). */
  #marker = true;
  #lastPacketAt: number | undefined;
  /** RTP timestamp of the key that is being sent. */
  #eventBegan = 0;

  constructor(options: RtpSessionOptions) {
    this.#socket = options.socket;
    this.#format = options.format;
    this.#latch = new RtpLatch(options.peer);
    this.#onAudio = options.onAudio;
    this.#onDigit = options.onDigit;
    this.#socket.on('message', this.#receive);
    // A port that answers "unreachable", a network that went away: the other side's affair, and SIP will tell.
    this.#socket.on('error', () => this.counts.socketErrors++);
  }

  get localPort(): number {
    return this.#socket.address().port;
  }

  get ssrc(): number {
    return this.#stream.ssrc;
  }

  get format(): AudioFormat {
    return this.#format;
  }

  /** Where packets go. */
  get target(): TransportAddress | undefined {
    return this.#latch.target;
  }

  /** When the peer was last heard, on the clock of `performance.now()`; undefined when never. */
  get lastPacketAt(): number | undefined {
    return this.#lastPacketAt;
  }

  /** A new offer or answer: where to, in which format, and whether the other side wants to hear anything. */
  renegotiate(format: AudioFormat, peer: TransportAddress | undefined, onHold: boolean): void {
    this.#format = format;
    this.#latch.signal(peer);
    this.#onHold = onHold || peer === undefined;
  }

  /** Sends 20 ms of encoded audio, which start at `from` in `source`. */
  sendFrame(source: Buffer, from = 0): void {
    this.#send(this.#format.payloadType, this.#marker, source, from, FRAME_SAMPLES);
    this.#marker = false;
    this.#stream.advance(FRAME_SAMPLES);
  }

  sendSilence(): void {
    this.sendFrame(SILENT_FRAME[this.#format.codec]);
  }

  /** Sends one packet of a key's schedule. Throws when telephone-event was not agreed on. */
  sendEvent(event: EventPacket): void {
    const payloadType = this.#format.telephoneEvent;
    if (payloadType === undefined) throw new Error('telephone-event was not negotiated');
    // The packets of an event have one timestamp (RFC 4733 section 2.2.1), also when intervals were skipped between them.
    if (event.age === 0) this.#eventBegan = this.#stream.timestamp;
    this.#send(payloadType, event.marker, event.payload, 0, event.payload.length, this.#eventBegan);
    this.#stream.advance(FRAME_SAMPLES);
  }

  /** Lets 20 ms intervals pass without a packet. */
  skip(intervals: number): void {
    this.#stream.advance(intervals * FRAME_SAMPLES);
  }

  /** Reports a key whose end packets were lost. To be called every few intervals. */
  expireDigits(): void {
    this.#report(this.#digits.expire(performance.now()));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  #send(
    payloadType: number,
    marker: boolean,
    source: Buffer,
    from: number,
    bytes: number,
    timestamp?: number,
  ): void {
    const to = this.#latch.target;
    if (to === undefined || this.#onHold || this.#closed) return;
    this.#socket.send(
      this.#stream.pack(payloadType, marker, source, from, bytes, timestamp),
      to.port,
      to.address,
    );
    this.counts.sent++;
  }

  readonly #receive = (datagram: Buffer, from: RemoteInfo): void => {
    const packet = parseRtp(datagram);
    if (packet === undefined) {
      this.counts.malformed++;
      return;
    }
    const { payloadType, telephoneEvent } = this.#format;
    if (packet.payloadType !== payloadType && packet.payloadType !== telephoneEvent) return;
    if (!this.#latch.accept(from, packet)) {
      this.counts.strangers++;
      return;
    }
    const now = performance.now();
    this.#lastPacketAt = now;
    this.counts.received++;
    if (packet.payloadType === telephoneEvent) this.#report(this.#digits.receive(packet, now));
    else this.#onAudio?.(packet);
  };

  #report(keys: readonly KeyedDigit[]): void {
    for (const key of keys) this.#onDigit?.(key);
  }
}

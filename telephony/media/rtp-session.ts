import type { RemoteInfo, Socket } from 'node:dgram';
import { DigitReceiver, type KeyedDigit } from './digit-receiver.js';
import {
  FRAME_MS,
  FRAME_SAMPLES,
  SAMPLE_RATE,
  STATIC_PAYLOAD_TYPE,
  type AudioCodec,
  type AudioFormat,
  type TransportAddress,
  MAX_PACKET_MS,
} from './format.js';
import { plainAddress } from '../sip/local-address.js';
import { SILENCE } from './g711.js';
import { RtpLatch, type SignalledPeer } from './rtp-latch.js';
import { isRtcp, looksLikeRtp, parseRtp, RtpStream, type RtpPacket } from './rtp.js';
import type { EventPacket } from './telephone-event.js';

/** What went over the wire. */
export interface RtpCounts {
  sent: number;
  received: number;
  /** Well-formed RTP from a source that is not the peer. */
  strangers: number;
  /** RTCP, which we have no use for. */
  rtcp: number;
  /** Datagrams that are neither. */
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
  /**
   * A packet of the peer in one of the two laws of G.711. Not called for events and comfort noise.
   */
  readonly onAudio?: (packet: RtpPacket, codec: AudioCodec) => void;
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
 * Its owner calls exactly one of `sendFrame`, `sendSilence`, `sendEvent` or `skip` every 20 ms.
 * Packets go only to the peer that was signalled or latched; packets of others are counted and
 * dropped.
 */
export class RtpSession {
  readonly counts: RtpCounts = { sent: 0, received: 0, strangers: 0, rtcp: 0, malformed: 0, socketErrors: 0 };
  readonly #socket: Socket;
  readonly #stream = new RtpStream();
  readonly #digits = new DigitReceiver();
  readonly #latch: RtpLatch;
  readonly #packetizer = new Packetizer();
  readonly #onAudio: RtpSessionOptions['onAudio'];
  readonly #onDigit: RtpSessionOptions['onDigit'];
  #format: AudioFormat;
  #onHold = false;
  #closed = false;
  /** The first packet after silence of a stream is marked (RFC 3551 4.1). */
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
    // A port that answers "unreachable", a network that went away: the other side's affair, and SIP
    // will tell.
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
    return this.#latch.target(performance.now());
  }

  /** When the peer was last heard, on the clock of `performance.now()`; undefined when never. */
  get lastPacketAt(): number | undefined {
    return this.#lastPacketAt;
  }

  /**
   * A new offer or answer: where to, in which format, and whether the other side wants to hear
   * anything.
   */
  renegotiate(format: AudioFormat, signalled: SignalledPeer, onHold: boolean): void {
    if (format.packetMs !== this.#format.packetMs) this.#flush();
    this.#format = format;
    this.#latch.signal(signalled);
    this.#onHold = onHold || signalled.peer === undefined;
  }

  /**
   * Sends 20 ms of encoded audio, which start at `from` in `source`; when the other side wants
   * longer packets, with the next ones.
   */
  sendFrame(source: Buffer, from = 0): void {
    const { payloadType, packetMs = FRAME_MS } = this.#format;
    if (packetMs === FRAME_MS) return this.#sendAudio(payloadType, source, from, FRAME_SAMPLES);
    this.#packetizer.add(source, from);
    const samples = (packetMs * SAMPLE_RATE) / 1000;
    for (let one = this.#packetizer.take(samples); one !== undefined; one = this.#packetizer.take(samples))
      this.#sendAudio(payloadType, one, 0, samples);
  }

  sendSilence(): void {
    this.sendFrame(SILENT_FRAME[this.#format.codec]);
  }

  /** Sends one packet of a key's schedule. Throws when telephone-event was not agreed on. */
  sendEvent(event: EventPacket): void {
    const payloadType = this.#format.telephoneEvent;
    if (payloadType === undefined) throw new Error('telephone-event was not negotiated');
    this.#flush();
    // The packets of an event have one timestamp (RFC 4733 2.2.1), also when intervals were
    // skipped between them.
    if (event.age === 0) this.#eventBegan = this.#stream.timestamp;
    this.#send(payloadType, event.marker, event.payload, 0, event.payload.length, this.#eventBegan);
    this.#stream.advance(FRAME_SAMPLES);
  }

  /** Lets 20 ms intervals pass without a packet. */
  skip(intervals: number): void {
    this.#flush();
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

  #sendAudio(payloadType: number, source: Buffer, from: number, samples: number): void {
    this.#send(payloadType, this.#marker, source, from, samples);
    this.#marker = false;
    this.#stream.advance(samples);
  }

  /** Lets the time of what has not become a packet pass without it. */
  #flush(): void {
    this.#stream.advance(this.#packetizer.clear());
  }

  #send(
    payloadType: number,
    marker: boolean,
    source: Buffer,
    from: number,
    bytes: number,
    timestamp?: number,
  ): void {
    const to = this.target;
    if (to === undefined || this.#onHold || this.#closed) return;
    this.#socket.send(
      this.#stream.pack(payloadType, marker, source, from, bytes, timestamp),
      to.port,
      to.address,
    );
    this.counts.sent++;
  }

  readonly #receive = (datagram: Buffer, from: RemoteInfo): void => {
    if (isRtcp(datagram)) {
      this.counts.rtcp++;
      return;
    }
    // A socket on all addresses of both versions names IPv4 ones as mapped into IPv6.
    from.address = plainAddress(from.address);
    if (this.#latch.shutsOut(from)) {
      // Of a flood nothing is made, not even an object.
      if (looksLikeRtp(datagram)) this.counts.strangers++;
      else this.counts.malformed++;
      return;
    }
    const packet = parseRtp(datagram);
    if (packet === undefined) {
      this.counts.malformed++;
      return;
    }
    const now = performance.now();
    if (!this.#latch.accept(from, packet, now)) {
      this.counts.strangers++;
      return;
    }
    this.#lastPacketAt = now;
    this.counts.received++;
    if (packet.payloadType === this.#format.telephoneEvent)
      return this.#report(this.#digits.receive(packet, now));
    const codec = this.#codecOf(packet.payloadType);
    if (codec !== undefined) this.#onAudio?.(packet, codec);
  };

  /**
   * Which law a packet is in. Who was offered both may change from one to the other in the middle
   * of a call.
   */
  #codecOf(payloadType: number): AudioCodec | undefined {
    if (payloadType === this.#format.payloadType) return this.#format.codec;
    if (payloadType === STATIC_PAYLOAD_TYPE.PCMU) return 'PCMU';
    return payloadType === STATIC_PAYLOAD_TYPE.PCMA ? 'PCMA' : undefined;
  }

  #report(keys: readonly KeyedDigit[]): void {
    for (const key of keys) this.#onDigit?.(key);
  }
}

/** Makes packets of another length out of 20 ms frames of G.711, whose bytes are samples. */
class Packetizer {
  /** A packet not yet whole, and the frame that makes it so. */
  readonly #bytes = Buffer.alloc((MAX_PACKET_MS * SAMPLE_RATE) / 1000 + FRAME_SAMPLES);
  #length = 0;

  /** Takes a frame, which starts at `from` in `source`. */
  add(source: Buffer, from: number): void {
    this.#length += source.copy(this.#bytes, this.#length, from, from + FRAME_SAMPLES);
  }

  /** The next packet of so many samples; undefined while there is not enough for it. */
  take(samples: number): Buffer | undefined {
    if (this.#length < samples) return undefined;
    const packet = Buffer.from(this.#bytes.subarray(0, samples));
    this.#bytes.copyWithin(0, samples, this.#length);
    this.#length -= samples;
    return packet;
  }

  /** Gives up what has not become a packet; answers how many samples that is. */
  clear(): number {
    const samples = this.#length;
    this.#length = 0;
    return samples;
  }
}

import { randomBytes } from 'node:crypto';

import { MAX_PACKET_MS, SAMPLE_RATE } from './format.js';

/** One RTP packet as received (RFC 3550 5.1). `payload` is a view into the datagram. */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
}

const VERSION = 2;
export const RTP_HEADER_BYTES = 12;

/**
 * The packet in a datagram; undefined for anything that is not well-formed RTP version 2 (RFC 3550
 * section A.1).
 */
export function parseRtp(datagram: Buffer): RtpPacket | undefined {
  if (datagram.length < RTP_HEADER_BYTES) return undefined;
  const flags = datagram.readUInt8(0);
  if (flags >> 6 !== VERSION) return undefined;
  let start = RTP_HEADER_BYTES + (flags & 0x0f) * 4;
  if (flags & 0x10) {
    if (datagram.length < start + 4) return undefined;
    start += 4 + datagram.readUInt16BE(start + 2) * 4;
  }
  let end = datagram.length;
  if (flags & 0x20) {
    const padding = datagram.readUInt8(end - 1);
    if (padding === 0) return undefined;
    end -= padding;
  }
  if (end < start) return undefined;
  const second = datagram.readUInt8(1);
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    ssrc: datagram.readUInt32BE(8),
    payload: datagram.subarray(start, end),
  };
}

/**
 * Whether a datagram may be RTP, by its length and version alone: for one that is not going to be
 * read.
 */
export function looksLikeRtp(datagram: Buffer): boolean {
  return datagram.length >= RTP_HEADER_BYTES && (datagram[0] ?? 0) >> 6 === VERSION;
}

/**
 * Whether a datagram is RTCP that came to the port of RTP, as it does from those who multiplex the
 * two (RFC 5761 4): its packet types, 192 to 223, lie where no payload type of RTP may.
 */
export function isRtcp(datagram: Buffer): boolean {
  const type = datagram[1] ?? 0;
  return type >= 192 && type <= 223;
}

/** `later - earlier` on a 16-bit circle, from -32768 to 32767. */
export function sequenceDistance(earlier: number, later: number): number {
  return ((later - earlier) << 16) >> 16;
}

/**
 * What the sending side of a stream starts from; each is random by default (RFC 3550 5.1).
 */
export interface RtpStreamStart {
  readonly ssrc?: number;
  readonly sequence?: number;
  readonly timestamp?: number;
}

/**
 * The sending side of one RTP stream: numbers packets and keeps its 8 kHz clock. It packs into a
 * buffer of its own, valid until the next call, so that sending costs no allocation. A datagram is
 * handed to the kernel within `send`; only when its queue is full does it wait, and then it is too
 * late for its contents to matter.
 */
export class RtpStream {
  readonly ssrc: number;
  #sequence: number;
  #timestamp: number;
  readonly #packet = Buffer.alloc(RTP_HEADER_BYTES + (MAX_PACKET_MS * SAMPLE_RATE) / 1000);

  constructor(start: RtpStreamStart = {}) {
    const random = randomBytes(10);
    this.ssrc = start.ssrc ?? random.readUInt32BE(0);
    this.#sequence = start.sequence ?? random.readUInt16BE(4);
    this.#timestamp = start.timestamp ?? random.readUInt32BE(6);
    this.#packet.writeUInt8(VERSION << 6, 0);
    this.#packet.writeUInt32BE(this.ssrc, 8);
  }

  /** The stream's clock, in samples: the timestamp of the next audio packet. */
  get timestamp(): number {
    return this.#timestamp;
  }

  /** Lets time pass on the stream's clock; negative never. */
  advance(samples: number): void {
    this.#timestamp = (this.#timestamp + samples) >>> 0;
  }

  /**
   * The next packet, with the `bytes` of `source` that start at `from` as payload; does not advance
   * the clock. `timestamp` defaults to the clock. RFC 4733 events carry that of their first packet.
   */
  pack(
    payloadType: number,
    marker: boolean,
    source: Buffer,
    from = 0,
    bytes = source.length - from,
    timestamp = this.#timestamp,
  ): Buffer {
    const packet = this.#packet;
    packet[1] = (marker ? 0x80 : 0) | payloadType;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(timestamp, 4);
    const copied = source.copy(packet, RTP_HEADER_BYTES, from, from + bytes);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return packet.subarray(0, RTP_HEADER_BYTES + copied);
  }
}

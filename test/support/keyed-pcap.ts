/**
 * What a caller sends in a call, as a pcap file for SIPp to play: silence, and keys as RFC 4733
 * events. The events are those of the files that come with SIPp (one for each key); those always
 * have the same timestamp, so that a key pressed twice would be one press (RFC 4733 2.5.1.2). Here
 * they follow one another in one stream, as a phone sends them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian's package sip-tester keeps them. */
export const DIGIT_PCAPS = '/usr/share/sip-tester';
/** What the scenarios call RFC 4733 events in their SDP, as SIPp's files do. */
const EVENT_PAYLOAD_TYPE = 101;
const PCMA_PAYLOAD_TYPE = 8;
const PCMA_SILENCE = Buffer.alloc(160, 0xd5);
const FRAME_MS = 20;
const SAMPLES_PER_MS = 8;
const SSRC = 0x5349_5070;
/** Not 0: FreeSWITCH takes an event at that time for none. */
const FIRST_TIMESTAMP = 1_000_000;
/** Between two keys. */
const PAUSE_MS = 120;
/** What a comma stands for. */
const COMMA_MS = 500;
/** A phone does not fall silent after its last key. SIPp stops when the call is over. */
const AFTERWARDS_MS = 40_000;

interface Event {
  atMs: number;
  marker: boolean;
  payload: Buffer;
}

/**
 * Writes the file.
 *
 * @param keyed keys in order; a comma is half a second of silence
 * @returns when the last key has been let go, in ms after the beginning
 */
export function writeKeyedPcap(path: string, keyed: string): number {
  const stream = new Stream();
  for (const key of keyed) {
    if (key === ',') stream.silence(COMMA_MS);
    else {
      stream.key(readDigit(key));
      stream.silence(PAUSE_MS);
    }
  }
  const keyedMs = stream.atMs;
  stream.silence(AFTERWARDS_MS);
  writeFileSync(path, Buffer.concat([fileHeader(), ...stream.records]));
  return keyedMs;
}

/** The packets of one RTP stream, one after the other. */
class Stream {
  readonly records: Buffer[] = [];
  atMs = 0;

  silence(ms: number): void {
    for (const end = this.atMs + ms; this.atMs < end; this.atMs += FRAME_MS) {
      this.#send(this.atMs, this.atMs, PCMA_PAYLOAD_TYPE, PCMA_SILENCE);
    }
  }

  key(events: Event[]): void {
    const beganMs = this.atMs;
    for (const { atMs, marker, payload } of events) {
      this.#send(beganMs + atMs, beganMs, EVENT_PAYLOAD_TYPE | (marker ? 0x80 : 0), payload);
    }
    const lasted = events.at(-1)?.atMs ?? 0;
    this.atMs += (Math.floor(lasted / FRAME_MS) + 1) * FRAME_MS;
  }

  #send(atMs: number, timestampMs: number, type: number, payload: Buffer): void {
    const header = Buffer.alloc(12);
    header.writeUInt8(0x80, 0);
    header.writeUInt8(type, 1);
    header.writeUInt16BE(this.records.length & 0xffff, 2);
    header.writeUInt32BE(FIRST_TIMESTAMP + timestampMs * SAMPLES_PER_MS, 4);
    header.writeUInt32BE(SSRC, 8);
    this.records.push(record(atMs, Buffer.concat([header, payload])));
  }
}

/** The events of one key, from SIPp's own file for it. */
function readDigit(key: string): Event[] {
  const name = key === '#' ? 'pound' : key === '*' ? 'star' : key;
  const file = readFileSync(join(DIGIT_PCAPS, `dtmf_2833_${name}.pcap`));
  const events: Event[] = [];
  let first: number | undefined;
  for (let at = 24; at < file.length;) {
    const ms = Math.round(file.readUInt32LE(at) * 1000 + file.readUInt32LE(at + 4) / 1000);
    const length = file.readUInt32LE(at + 8);
    // Ethernet, IPv4 and UDP headers before the RTP packet.
    const rtp = file.subarray(at + 16 + 14 + 20 + 8, at + 16 + length);
    first ??= ms;
    events.push({ atMs: ms - first, marker: (rtp.readUInt8(1) & 0x80) !== 0, payload: rtp.subarray(12, 16) });
    at += 16 + length;
  }
  return events;
}

/** Little endian, version 2.4, packets with Ethernet headers. */
function fileHeader(): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0xffff, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

/**
 * One packet of the file. SIPp takes its time and what follows the IP header, and writes its own
 * addresses and ports.
 */
function record(atMs: number, rtp: Buffer): Buffer {
  const head = Buffer.alloc(16 + 14 + 20 + 8);
  const length = head.length - 16 + rtp.length;
  head.writeUInt32LE(Math.floor(atMs / 1000), 0);
  head.writeUInt32LE((atMs % 1000) * 1000, 4);
  head.writeUInt32LE(length, 8);
  head.writeUInt32LE(length, 12);
  const ip = 16 + 14;
  head.writeUInt16BE(0x0800, ip - 2);
  head.writeUInt8(0x45, ip);
  head.writeUInt16BE(20 + 8 + rtp.length, ip + 2);
  head.writeUInt8(64, ip + 8);
  head.writeUInt8(17, ip + 9);
  const udp = ip + 20;
  head.writeUInt16BE(6000, udp);
  head.writeUInt16BE(6000, udp + 2);
  head.writeUInt16BE(8 + rtp.length, udp + 4);
  return Buffer.concat([head, rtp]);
}

/** Keys as the RTP packets of all kinds of telephones, and what happens to them on the way. */
import { encodeG711, SILENCE } from '../../telephony/media/g711.js';
import { keyTones, silence } from './tone-signals.js';
import type { ToneOptions } from './tone-signals.js';

const FRAME = 160;
const SILENT = Buffer.alloc(FRAME, SILENCE.PCMU);

/**
 * A packet, to be sent in a certain 20 ms interval; sequence and timestamp count from the first.
 */
export interface KeyPacket {
  readonly slot: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payloadType: number;
  readonly marker: boolean;
  readonly payload: Buffer;
  /** Counted from the phone's own source; others are other sources. */
  readonly source?: number;
}

export interface EventOptions {
  readonly payloadType?: number;
  readonly ms?: number;
  readonly pauseMs?: number;
  /**
   * How many samples the duration grows by from packet to packet, which come every 20 ms all the
   * same.
   */
  readonly step?: number;
}

/** The event code of a key, or of a number above 15, which is no key. */
const codeOf = (key: string | number): number =>
  typeof key === 'number' ? key : '0123456789*#ABCD'.indexOf(key);

/** Keys as RFC 4733 events, with silence in the pauses: 100 ms and 60 ms each by default. */
export function keyEvents(keys: readonly (string | number)[], options: EventOptions = {}): KeyPacket[] {
  const { payloadType = 101, ms = 100, pauseMs = 60, step = FRAME } = options;
  const packets: KeyPacket[] = [];
  let slot = 0;
  const add = (one: Pick<KeyPacket, 'payloadType' | 'marker' | 'payload' | 'timestamp'>): void => {
    packets.push({ ...one, slot, sequence: packets.length });
    slot += 1;
  };
  for (const key of keys) {
    const began = slot * FRAME;
    const frames = ms / 20;
    for (let n = 1; n < frames + 3; n++) {
      const end = n >= frames;
      const samples = Math.min(n, frames) * step;
      const segment = Math.floor(samples / 0x10000);
      const payload = Buffer.from([codeOf(key), end ? 0x8a : 0x0a, 0, 0]);
      payload.writeUInt16BE(samples - segment * 0xffff, 2);
      add({ payloadType, marker: n === 1, payload, timestamp: began + segment * 0xffff });
    }
    // The end packets are sent in the pause.
    const silent = Math.max(1, pauseMs / 20 - 2);
    for (let n = 0; n < silent; n++)
      add({ payloadType: 0, marker: false, payload: SILENT, timestamp: slot * FRAME });
  }
  return packets;
}

/** Keys as tones: 100 ms and 100 ms of silence each by default. */
export function keyAudio(
  keys: string,
  options: ToneOptions & { readonly ms?: number; readonly pauseMs?: number } = {},
): KeyPacket[] {
  const { ms = 100, pauseMs = 100 } = options;
  const sounds = keys.split('').flatMap((key) => [keyTones(key, ms, options), silence(pauseMs)]);
  const samples = Int16Array.from(sounds.flatMap((sound) => Array.from(sound)));
  return Array.from({ length: Math.ceil(samples.length / FRAME) }, (_, slot) => ({
    slot,
    sequence: slot,
    timestamp: slot * FRAME,
    payloadType: 0,
    marker: false,
    payload: encodeG711('PCMU', samples.subarray(slot * FRAME, (slot + 1) * FRAME)),
  }));
}

/** Events and audio of a phone that sends both at once. */
export function together(events: readonly KeyPacket[], audio: readonly KeyPacket[]): KeyPacket[] {
  return [...events.filter(({ payloadType }) => payloadType !== 0), ...audio]
    .toSorted((a, b) => a.slot - b.slot)
    .map((packet, sequence) => ({ ...packet, sequence }));
}

export const isEnd = ({ payloadType, payload }: KeyPacket): boolean =>
  payloadType !== 0 && ((payload[1] ?? 0) & 0x80) !== 0;

/** Every two packets in the other order. */
export function disordered(packets: readonly KeyPacket[]): KeyPacket[] {
  return packets.map((_, i) => {
    const other = packets[i ^ 1] ?? packets[i];
    return { ...(other as KeyPacket), slot: packets[i]?.slot ?? 0 };
  });
}

import { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE } from './format.js';

/** Event codes 0 to 15 in order (RFC 4733 3.2, table 3). */
const DIGITS = '0123456789*#ABCD';

/** Bytes of an event payload (RFC 4733 2.3). */
export const EVENT_BYTES = 4;

const END_BIT = 0x80;
/** -10 dBm0: what telephones send. */
const VOLUME = 10;
/** "the last packet ... SHOULD be sent a total of three times" (RFC 4733 2.5.1.4). */
const END_REPEATS = 3;

/** The payload of an event packet. */
export interface TelephoneEvent {
  /** 0 to 15 are the keys; above are tones and line signals, which are no keys. */
  readonly code: number;
  readonly end: boolean;
  /** Samples since the event began, as far as its sender had got. */
  readonly duration: number;
}

/**
 * The event in a payload; undefined when it is too short. Redundant further events in it are left
 * alone. Some gateways put four zero bytes before it, where another event would say that key 0
 * begins with no duration: then what follows is meant.
 */
export function readEvent(payload: Buffer): TelephoneEvent | undefined {
  if (payload.length < EVENT_BYTES) return undefined;
  const isShifted =
    payload.length >= 2 * EVENT_BYTES &&
    payload.readUInt32BE(0) === 0 &&
    payload.readUInt32BE(EVENT_BYTES) !== 0;
  const at = isShifted ? EVENT_BYTES : 0;
  return {
    code: payload.readUInt8(at),
    end: (payload.readUInt8(at + 1) & END_BIT) !== 0,
    duration: payload.readUInt16BE(at + 2),
  };
}

/** The key of an event code; undefined above 15. */
export function digitOf(code: number): string | undefined {
  return DIGITS[code];
}

/** One step of a schedule: what to send in this 20 ms interval instead of audio. */
export interface EventPacket {
  readonly payload: Buffer;
  /** Set on the first packet of an event. */
  readonly marker: boolean;
  /** Samples from the event's first packet to this one, if no interval is skipped. */
  readonly age: number;
}

/** Whether this is a key of a telephone: 0 to 9, `*`, `#`, A to D. */
export function isDigit(key: string): boolean {
  return key.length === 1 && DIGITS.includes(key.toUpperCase());
}

/**
 * What to send for a key, one packet each 20 ms: the tone for `durationMs`, then the end packet
 * three times (RFC 4733 2.5.1). `digit` must satisfy {@link isDigit}, `durationMs` is
 * rounded up to whole packets and cut at 8 s, the most the field can say.
 */
export function scheduleDigit(digit: string, durationMs = 100): EventPacket[] {
  const code = DIGITS.indexOf(digit.toUpperCase());
  if (!isDigit(digit)) throw new RangeError('not a telephone key');
  const frames = Math.min(Math.max(1, Math.ceil(durationMs / FRAME_MS)), (8 * SAMPLE_RATE) / FRAME_SAMPLES);
  const packets: EventPacket[] = [];
  for (let i = 0; i < frames + END_REPEATS - 1; i++) {
    const end = i >= frames - 1;
    const payload = Buffer.alloc(EVENT_BYTES);
    payload.writeUInt8(code, 0);
    payload.writeUInt8((end ? END_BIT : 0) | VOLUME, 1);
    payload.writeUInt16BE(Math.min(i + 1, frames) * FRAME_SAMPLES, 2);
    packets.push({ payload, marker: i === 0, age: i * FRAME_SAMPLES });
  }
  return packets;
}

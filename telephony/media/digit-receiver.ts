import { sequenceDistance } from './rtp.js';
import type { RtpPacket } from './rtp.js';
import { digitOf, readEvent } from './telephone-event.js';
import type { TelephoneEvent } from './telephone-event.js';

/** A key that was pressed and let go. Secret: it may belong to a PAP. Never log one. */
export interface KeyedDigit {
  readonly digit: string;
  /** Samples at 8 kHz. */
  readonly duration: number;
}

/** A press whose packets have stopped for so long has ended, though its end packets were lost. */
const LOST_END_MS = 150;
/**
 * Once another key has been pressed, copies of the packets of an earlier one come so late at the
 * most. Later the same timestamp is a new press: that is how recorded keys sound when they are
 * played one by one, each with the timestamp it was recorded with.
 */
const REORDERED_MS = 300;
/**
 * The largest duration a packet can say; a longer press goes on as a new segment (RFC 4733
 * 2.5.1.3).
 */
const MAX_DURATION = 0xffff;

interface Press {
  readonly code: number;
  readonly ssrc: number;
  timestamp: number;
  /** Samples of the segments before the present one. */
  earlier: number;
  duration: number;
  /** Of its first packet, and of its latest. */
  readonly began: number;
  sequence: number;
  lastPacketAt: number;
}

/**
 * Some gateways give each packet of an event a timestamp of its own; then the sequence tells what
 * follows on what, but for one lost.
 */
const NEXT_PACKETS = 2;

/**
 * The receiving side of RFC 4733: turns event packets into keys, each once.
 *
 * What belongs together is told by the RTP timestamp, not by the marker bit, which some phones
 * never set. Some give all their presses one timestamp: then a later packet begins another press
 * when it tells of another key, or of the same key with a duration that has begun anew. A key is
 * reported when it ends: by its end packet, by the next key, or by silence when the end packets
 * were lost.
 */
export class DigitReceiver {
  #press: Press | undefined;
  /** The presses of which copies may still come, the last one at the end. */
  #ended: Omit<Press, 'earlier'>[] = [];

  /** Takes a packet of the telephone-event payload type; `nowMs` is any steady clock. */
  receive(packet: RtpPacket, nowMs: number): KeyedDigit[] {
    const event = readEvent(packet.payload);
    if (event === undefined || digitOf(event.code) === undefined) return [];
    const { ssrc, timestamp, sequence } = packet;
    if (this.#isCopy(packet, event, nowMs)) return [];

    const keys: KeyedDigit[] = [];
    let press = this.#press;
    if (press !== undefined && continuesAsSegment(press, event.code, packet)) {
      this.#remember(press);
      press.earlier += MAX_DURATION;
      press.timestamp = timestamp;
      press.duration = 0;
    } else if (press !== undefined && continuesAnew(press, event, packet)) {
      this.#remember(press);
      press.timestamp = timestamp;
    } else if (
      press === undefined ||
      press.ssrc !== ssrc ||
      press.timestamp !== timestamp ||
      beginsAnother(press, event, packet)
    ) {
      keys.push(...this.#end());
      press = {
        code: event.code,
        ssrc,
        timestamp,
        earlier: 0,
        duration: 0,
        began: sequence,
        sequence,
        lastPacketAt: nowMs,
      };
      this.#press = press;
    }
    press.duration = Math.max(press.duration, event.duration);
    if (sequenceDistance(press.sequence, sequence) > 0) press.sequence = sequence;
    press.lastPacketAt = nowMs;
    if (event.end) keys.push(...this.#end());
    return keys;
  }

  /** To be called now and then: reports a key whose end was lost. */
  expire(nowMs: number): KeyedDigit[] {
    if (this.#press === undefined || nowMs - this.#press.lastPacketAt < LOST_END_MS) return [];
    return this.#end();
  }

  #end(): KeyedDigit[] {
    const press = this.#press;
    if (press === undefined) return [];
    this.#press = undefined;
    this.#remember(press);
    const digit = digitOf(press.code);
    return digit === undefined ? [] : [{ digit, duration: press.earlier + press.duration }];
  }

  /**
   * Whether a packet belongs to a press that has ended: to the last one, or lately to one before.
   */
  #isCopy(packet: RtpPacket, event: TelephoneEvent, nowMs: number): boolean {
    const last = this.#ended.at(-1);
    this.#ended = this.#ended.filter((past) => past === last || nowMs - past.lastPacketAt < REORDERED_MS);
    const before = this.#ended.findLast(
      ({ ssrc, timestamp }) => ssrc === packet.ssrc && timestamp === packet.timestamp,
    );
    if (before !== undefined && (this.#press === undefined || this.#press.timestamp !== packet.timestamp)) {
      if (beginsAnother(before, event, packet)) return false;
      if (sequenceDistance(before.sequence, packet.sequence) > 0) before.sequence = packet.sequence;
      return true;
    }
    // Held up behind the first packet of the press that goes on, which has the same timestamp.
    if (before !== undefined) return sequenceDistance(this.#press?.began ?? 0, packet.sequence) < 0;
    if (last === undefined || this.#press !== undefined || !follows(last, event.code, packet)) return false;
    // What goes on after it counted as ended was held up on the way; a new press begins with a
    // shorter duration.
    if (!event.end && event.duration <= last.duration) return false;
    last.sequence = packet.sequence;
    return true;
  }

  #remember({ code, ssrc, timestamp, duration, began, sequence, lastPacketAt }: Press): void {
    this.#ended.push({ code, ssrc, timestamp, duration, began, sequence, lastPacketAt });
  }
}

/** Whether a packet that has the timestamp of a press tells of a later one. */
function beginsAnother(press: Omit<Press, 'earlier'>, event: TelephoneEvent, packet: RtpPacket): boolean {
  if (sequenceDistance(press.sequence, packet.sequence) <= 0) return false;
  return event.code !== press.code || (!event.end && event.duration < press.duration);
}

/** Whether a packet is the next one of the same key by its number. */
function follows({ code, ssrc, sequence }: Omit<Press, 'earlier'>, next: number, packet: RtpPacket): boolean {
  const distance = sequenceDistance(sequence, packet.sequence);
  return code === next && ssrc === packet.ssrc && distance > 0 && distance <= NEXT_PACKETS;
}

/** Whether a packet goes on with the press though its timestamp is another. */
function continuesAnew(press: Press, event: TelephoneEvent, packet: RtpPacket): boolean {
  return (
    packet.timestamp !== press.timestamp &&
    event.duration >= press.duration &&
    follows(press, event.code, packet)
  );
}

function continuesAsSegment(press: Press, code: number, packet: RtpPacket): boolean {
  return (
    press.code === code &&
    press.ssrc === packet.ssrc &&
    packet.timestamp === (press.timestamp + MAX_DURATION) >>> 0
  );
}

import { ToneDetector } from './dtmf-tone.js';
import type { HeardKey } from './dtmf-tone.js';
import { SAMPLE_RATE } from './format.js';
import type { AudioCodec } from './format.js';
import { decodeG711 } from './g711.js';
import { sequenceDistance } from './rtp.js';
import type { RtpPacket } from './rtp.js';

/** Silence enough to end a key: 50 ms. */
const SILENCE = new Int16Array((SAMPLE_RATE * 50) / 1000);
/**
 * Packets lost in a row over which a key goes on; more, and there may have been a pause in them.
 */
const MAX_LOST = 2;
/**
 * Who sends nothing for so long (silence suppression) has let go of the key. A hiccup of the
 * network or of a process is shorter.
 */
const QUIET_MS = 400;
/** A jump of the clock by more than a second, in samples, is a new stream. */
const MAX_JUMP = SAMPLE_RATE;

/** Hears keys in a stream of RTP, with its losses, its gaps and its disorder. */
export class ToneListener {
  readonly #detector = new ToneDetector();
  #last: RtpPacket | null = null;
  #lastAt = 0;

  /** Takes an audio packet in the given law; `nowMs` is any steady clock. */
  receive(packet: RtpPacket, codec: AudioCodec, nowMs: number): HeardKey[] {
    const last = this.#last;
    const keys: HeardKey[] = [];
    if (last !== null && last.ssrc === packet.ssrc) {
      const ahead = (packet.timestamp - last.timestamp - last.payload.length) | 0;
      if (ahead < 0 && ahead > -MAX_JUMP) return []; // twice, or too late
      const lost = sequenceDistance(last.sequence, packet.sequence) - 1;
      if (ahead !== 0 && (lost < 1 || lost > MAX_LOST)) keys.push(...this.#detector.push(SILENCE));
      else if (ahead !== 0) this.#detector.miss();
    }
    this.#last = packet;
    this.#lastAt = nowMs;
    keys.push(...this.#detector.push(decodeG711(codec, packet.payload)));
    return keys;
  }

  /** To be called now and then: reports a key after which nothing more came. */
  expire(nowMs: number): HeardKey[] {
    if (this.#last === null || nowMs - this.#lastAt < QUIET_MS) return [];
    this.#last = null;
    return this.#detector.push(SILENCE);
  }
}

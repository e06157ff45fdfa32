import type { Socket } from 'node:dgram';
import type { AudioFormat, TransportAddress, AudioCodec } from '../telephony/media/format.js';
import type { Pacer } from '../telephony/media/pacer.js';
import { RtpSession } from '../telephony/media/rtp-session.js';
import type { RtpPacket } from '../telephony/media/rtp.js';
import { type EventPacket, scheduleDigit } from '../telephony/media/telephone-event.js';
import { decodeG711 } from '../telephony/media/g711.js';

/** Frames of silence between two keys: people let a key go for 100 ms or more. */
const PAUSE_FRAMES = 5;
/** A lost end packet is given up after some intervals without one. */
const EXPIRE_EVERY_FRAMES = 5;

/** What a call sounded like at the phone. */
export interface AudioMeasure {
  packets: number;
  /**
   * Milliseconds from the answer to the first sound that is not silence; null when there was none.
   */
  firstSoundMs: number | null;
  /** The loudest packet, root mean square of 32,767. */
  loudest: number;
}

/**
 * A phone's ear and mouth during a call: silence out, keys when they are pressed, and what comes in
 * is listened to.
 */
export class CallAudio {
  readonly measure: AudioMeasure = { packets: 0, firstSoundMs: null, loudest: 0 };
  readonly #rtp: RtpSession;
  readonly #stopPacing: () => void;
  readonly #answeredAt = performance.now();
  readonly #queue: (EventPacket | 'silence')[] = [];
  /** Those who wait until the last key has been let go. */
  readonly #waiting: (() => void)[] = [];
  #frames = 0;
  #closed = false;

  constructor(
    socket: Socket,
    private readonly format: AudioFormat,
    peer: TransportAddress | undefined,
    pacer: Pacer,
    private readonly hear: (rms: number) => void,
  ) {
    this.#rtp = new RtpSession({ socket, format, peer, onAudio: (packet) => this.#listen(packet) });
    this.#stopPacing = pacer.add((skipped) => this.#tick(skipped));
  }

  /** Whether keys can be sent as RFC 4733 events. */
  get hasTelephoneEvents(): boolean {
    return this.format.telephoneEvent !== undefined;
  }

  /**
   * Presses keys one after the other; resolves when the last has been let go, or the call is over.
   */
  async press(digits: string): Promise<void> {
    if (this.#closed) return;
    for (const digit of digits) {
      this.#queue.push(
        ...scheduleDigit(digit),
        ...Array.from({ length: PAUSE_FRAMES }, () => 'silence' as const),
      );
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#stopPacing();
    this.#rtp.close();
    this.#closed = true;
    this.#release();
  }

  #tick(skipped: number): void {
    if (skipped > 0) this.#rtp.skip(skipped);
    const next = this.#queue.shift();
    if (next === undefined || next === 'silence') this.#rtp.sendSilence();
    else this.#rtp.sendEvent(next);
    if (this.#queue.length === 0) this.#release();
    if (++this.#frames % EXPIRE_EVERY_FRAMES === 0) this.#rtp.expireDigits();
  }

  #release(): void {
    for (const done of this.#waiting.splice(0)) done();
  }

  #listen(packet: RtpPacket): void {
    this.measure.packets++;
    const loud = loudness(this.format.codec, packet.payload);
    this.measure.loudest = Math.max(this.measure.loudest, loud);
    if (loud > 100) this.measure.firstSoundMs ??= performance.now() - this.#answeredAt;
    this.hear(loud);
  }
}

/** Root mean square of a packet's audio, of 32,767. */
export function loudness(codec: AudioCodec, payload: Uint8Array): number {
  return rootMeanSquare(decodeG711(codec, payload));
}

export function rootMeanSquare(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

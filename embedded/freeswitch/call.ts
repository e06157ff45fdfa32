import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:dgram';

import { ToneDetector } from '../../telephony/media/dtmf-tone.js';
import type { AudioFormat } from '../../telephony/media/format.js';
import { decodeG711 } from '../../telephony/media/g711.js';
import type { Pacer } from '../../telephony/media/pacer.js';
import { RtpSession } from '../../telephony/media/rtp-session.js';
import type { RtpPacket } from '../../telephony/media/rtp.js';
import type { RemoteAudio } from '../../telephony/media/sdp.js';
import type { InviteSession } from '../../telephony/sip/invite-session.js';
import { createResponse } from '../../telephony/sip/message.js';
import type { ServerTransaction } from '../../telephony/sip/transaction.js';
import { Channel } from './channel.js';
import type { ClipCache } from './clip-cache.js';
import type { EventSource } from './events.js';
import { reasonHeader } from './hangup-causes.js';
import type { HangupCause } from './hangup-causes.js';
import { readInfoDigit } from './info-digit.js';
import type { LocalDescription } from './local-description.js';
import { describeMedia, describeStatistics } from './media-variables.js';

/** How often lost ends of keys and dead callers are looked for, in ticks of 20 ms. */
const CHECK_EVERY_TICKS = 5;
/** A caller on hold sends nothing, and rightly. */
const HOLD_TIMEOUT_FACTOR = 20;

export interface CallOptions {
  readonly socket: Socket;
  readonly local: LocalDescription;
  readonly format: AudioFormat;
  readonly events: EventSource;
  readonly clips: ClipCache;
  readonly pacer: Pacer;
  /** Milliseconds without a packet from the caller, after which the call is ended. */
  readonly mediaTimeoutMs: number;
  readonly onFault: (error: unknown) => void;
  readonly onTransfer: (call: Call) => void;
  readonly onEnded: (call: Call, cause: HangupCause) => void;
}

/** A caller: SIP session, RTP and channel, tied together. Ends as a whole, from whichever side it is ended. */
export class Call {
  readonly channel: Channel;
  readonly local: LocalDescription;
  readonly #options: CallOptions;
  readonly #rtp: RtpSession;
  readonly #tones = new ToneDetector();
  #session: InviteSession | undefined;
  #stopPacing: (() => void) | undefined;
  #startedAt = 0;
  #onHold = false;

  constructor(options: CallOptions) {
    this.#options = options;
    this.local = options.local;
    this.channel = new Channel({
      uuid: randomUUID(),
      events: options.events,
      clips: options.clips,
      codec: () => this.#rtp.format.codec,
      statistics: () => describeStatistics(this.#rtp.counts),
      onFault: options.onFault,
      onTransfer: () => options.onTransfer(this),
      onEnded: (cause) => this.#finish(cause),
    });
    this.#rtp = new RtpSession({
      socket: options.socket,
      format: options.format,
      peer: undefined,
      onAudio: (packet) => this.#listen(packet),
      onDigit: ({ digit, duration }) => this.channel.receiveDigit({ digit, duration, source: 'RTP' }),
    });
  }

  /** An offer or answer of the caller has taken effect. */
  negotiate(remote: RemoteAudio | undefined, format: AudioFormat, sdp: string): void {
    this.#onHold = remote?.direction === 'sendonly' || remote?.direction === 'inactive';
    // A client that answers an offer of ours without having a caller yet repeats it: we do not talk to ourselves.
    const { address, port } = this.local.rtp;
    const ourselves = remote?.peer?.port === port && remote.peer.address === address;
    this.#rtp.renegotiate(format, ourselves ? undefined : remote?.peer, this.#onHold);
    for (const [name, value] of describeMedia(this.local, remote, format, sdp))
      this.channel.variables.set(name, value);
  }

  /** The caller has confirmed: from here on it is sent audio. */
  start(session: InviteSession): void {
    this.#session = session;
    session.onRequest = (transaction) => this.#answerRequest(transaction);
    void session.ended.then(() => this.channel.hangup('NORMAL_CLEARING'));
    this.#startedAt = performance.now();
    if (this.channel.ready) this.#stopPacing = this.#options.pacer.add((skipped) => this.#tick(skipped));
    else void session.bye();
  }

  #tick(skipped: number): void {
    if (skipped > 0) this.#rtp.skip(skipped);
    const frame = this.channel.tick();
    if (frame === undefined) this.#rtp.sendSilence();
    else this.#rtp.sendFrame(frame);
    if (this.channel.ticks % CHECK_EVERY_TICKS === 0) this.#check();
  }

  #check(): void {
    this.#rtp.expireDigits();
    const quietMs = performance.now() - Math.max(this.#startedAt, this.#rtp.lastPacketAt ?? 0);
    const allowedMs = this.#options.mediaTimeoutMs * (this.#onHold ? HOLD_TIMEOUT_FACTOR : 1);
    if (quietMs > allowedMs) this.channel.hangup('MEDIA_TIMEOUT');
  }

  #listen(packet: RtpPacket): void {
    if (!this.channel.hearsTones) return;
    for (const { digit, duration } of this.#tones.push(decodeG711(this.#rtp.format.codec, packet.payload))) {
      this.channel.receiveDigit({ digit, duration, source: 'INBAND_AUDIO' });
    }
  }

  #answerRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    const known = request.method === 'INFO' || request.method === 'OPTIONS';
    transaction.respond(createResponse(request, known ? 200 : 405));
    const digit = request.method === 'INFO' ? readInfoDigit(request) : undefined;
    if (digit !== undefined) this.channel.receiveDigit(digit);
  }

  #finish(cause: HangupCause): void {
    this.#stopPacing?.();
    this.#rtp.close();
    void this.#session?.bye({ Reason: reasonHeader(cause) });
    this.#options.onEnded(this, cause);
  }
}

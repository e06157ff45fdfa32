import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:dgram';

import type { HeardKey } from '../../telephony/media/dtmf-tone.js';
import type { AudioCodec, AudioFormat } from '../../telephony/media/format.js';
import type { Pacers } from '../../telephony/media/pacers.js';
import { RtpSession } from '../../telephony/media/rtp-session.js';
import type { RtpPacket } from '../../telephony/media/rtp.js';
import type { RemoteAudio } from '../../telephony/media/sdp.js';
import { ToneListener } from '../../telephony/media/tone-listener.js';
import type { InviteSession } from '../../telephony/sip/invite-session.js';
import { createResponse } from '../../telephony/sip/message.js';
import type { ServerTransaction } from '../../telephony/sip/transaction.js';
import { Channel } from './channel.js';
import type { ClipCache } from './clip-cache.js';
import type { EventSource } from './events.js';
import { reasonHeader } from './hangup-causes.js';
import type { HangupCause } from './hangup-causes.js';
import { readInfoDigit } from './info-digit.js';
import { describeMedia, describeStatistics, type CallSdp } from './call-media.js';

/** How often lost ends of keys and dead callers are looked for, in ticks of 20 ms. */
const CHECK_EVERY_TICKS = 5;
/** A caller who holds the call, or only listens, sends nothing, and rightly. */
const HOLD_TIMEOUT_FACTOR = 20;

export interface CallOptions {
  readonly socket: Socket;
  readonly local: CallSdp;
  readonly format: AudioFormat;
  readonly events: EventSource;
  readonly clips: ClipCache;
  readonly pacer: Pacers;
  /** Milliseconds without a packet from the caller, after which the call is ended. */
  readonly mediaTimeoutMs: number;
  readonly onFault: (error: unknown) => void;
  readonly onTransfer: (call: Call) => void;
  readonly onEnded: (call: Call, cause: HangupCause) => void;
}

/**
 * A caller: SIP session, RTP and channel, tied together. Ends as a whole, from whichever side it is
 * ended.
 */
export class Call {
  readonly channel: Channel;
  readonly local: CallSdp;
  readonly #options: CallOptions;
  readonly #rtp: RtpSession;
  readonly #tones = new ToneListener();
  #session: InviteSession | undefined;
  #stopPacing: (() => void) | undefined;
  #startedAt = 0;
  #maySendNothing = false;

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
      onAudio: (packet, codec) => this.#listen(packet, codec),
      onDigit: ({ digit, duration }) => this.channel.receiveDigit({ digit, duration, source: 'RTP' }),
    });
  }

  /** An offer or answer of the caller has taken effect. */
  negotiate(remote: RemoteAudio | undefined, format: AudioFormat, sdp: string): void {
    const onHold = remote?.direction === 'sendonly' || remote?.direction === 'inactive';
    this.#maySendNothing =
      remote !== undefined && (remote.direction !== 'sendrecv' || remote.peer === undefined);
    // A client that answers an offer of ours without having a caller yet repeats it: we do not talk
    // to ourselves.
    const { address, port } = this.local.rtp;
    const ourselves = remote?.peer?.port === port && remote.peer.address === address;
    const signalled = { peer: ourselves ? undefined : remote?.peer, hosts: remote?.hosts };
    this.#rtp.renegotiate(format, signalled, onHold);
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
    if (this.channel.hearsTones) this.#takeHeard(this.#tones.expire(performance.now()));
    const quietMs = performance.now() - Math.max(this.#startedAt, this.#rtp.lastPacketAt ?? 0);
    const allowedMs = this.#options.mediaTimeoutMs * (this.#maySendNothing ? HOLD_TIMEOUT_FACTOR : 1);
    if (quietMs > allowedMs) this.channel.hangup('MEDIA_TIMEOUT');
  }

  #listen(packet: RtpPacket, codec: AudioCodec): void {
    if (this.channel.hearsTones) this.#takeHeard(this.#tones.receive(packet, codec, performance.now()));
  }

  #takeHeard(keys: readonly HeardKey[]): void {
    for (const { digit, duration } of keys)
      this.channel.receiveDigit({ digit, duration, source: 'INBAND_AUDIO' });
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

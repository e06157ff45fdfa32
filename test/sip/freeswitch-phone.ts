/** A telephone for tests of the media server: calls, talks, keys, and remembers what it hears. */
import type { AudioCodec } from '../../telephony/media/format.js';
import { decodeG711, encodeG711 } from '../../telephony/media/g711.js';
import { Pacer } from '../../telephony/media/pacer.js';
import { bindRtpSocket } from '../../telephony/media/rtp-port-pool.js';
import { RtpSession } from '../../telephony/media/rtp-session.js';
import { chooseFormat, readSdp } from '../../telephony/media/sdp.js';
import { writeOffer } from '../../telephony/media/sdp-writing.js';
import { scheduleDigit } from '../../telephony/media/telephone-event.js';
import type { EventPacket } from '../../telephony/media/telephone-event.js';
import type { InviteSession } from '../../telephony/sip/invite-session.js';
import { SipTransport } from '../../telephony/sip/transport.js';
import { UserAgent } from '../../telephony/sip/user-agent.js';
import { until } from '../support/wait-for.js';

const HOST = '127.0.0.1';

export interface PhoneOptions {
  readonly codec?: AudioCodec;
  /** Whether it offers telephone-event. */
  readonly events?: boolean;
  /** Whether it sends anything. */
  readonly mute?: boolean;
}

/** 20 ms of what was heard. */
export interface Heard {
  readonly sequence: number;
  readonly timestamp: number;
  readonly atMs: number;
  /** The sample in the middle: the test sounds are constant. */
  readonly sample: number;
}

export class TestPhone {
  readonly heard: Heard[] = [];
  session: InviteSession | undefined;
  readonly rtp: RtpSession;
  readonly #agent: UserAgent;
  readonly #codec: AudioCodec;
  readonly #offer: string;
  readonly #plan: (EventPacket | Buffer | undefined)[] = [];
  readonly #stop: () => void;

  private constructor(
    agent: UserAgent,
    rtp: RtpSession,
    options: PhoneOptions,
    onAudio: { take?: (heard: Heard) => void },
  ) {
    this.#agent = agent;
    this.rtp = rtp;
    this.#codec = options.codec ?? 'PCMU';
    this.#offer = writeOffer(
      { rtp: { address: HOST, port: rtp.localPort }, sessionId: 1, sessionVersion: 1 },
      [this.#codec],
      options.events === false ? null : 101,
    );
    onAudio.take = (heard) => this.heard.push(heard);
    const pacer = new Pacer();
    this.#stop = pacer.add(() => {
      if (options.mute === true) return;
      const next = this.#plan.shift();
      if (next === undefined) rtp.sendSilence();
      else if (Buffer.isBuffer(next)) rtp.sendFrame(next);
      else rtp.sendEvent(next);
    });
  }

  static async open(options: PhoneOptions = {}): Promise<TestPhone> {
    const codec = options.codec ?? 'PCMU';
    const sink: { take?: (heard: Heard) => void } = {};
    const rtp = new RtpSession({
      socket: await bindRtpSocket(HOST),
      format: { codec, payloadType: codec === 'PCMU' ? 0 : 8, telephoneEvent: 101 },
      peer: undefined,
      onAudio: ({ sequence, timestamp, payload }) =>
        sink.take?.({
          sequence,
          timestamp,
          atMs: performance.now(),
          sample: decodeG711(codec, payload)[80] ?? 0,
        }),
    });
    const transport = await SipTransport.bind({ host: HOST, port: 0 });
    return new TestPhone(new UserAgent({ transport, contactUser: 'phone' }), rtp, options, sink);
  }

  get offer(): string {
    return this.#offer;
  }

  /** Calls and waits for the answer. Throws when it is refused. */
  async call(uri: string, body = this.#offer): Promise<void> {
    const { outcome } = this.#agent.invite({
      uri,
      from: `sip:phone@${HOST}`,
      headers: { 'Content-Type': 'application/sdp' },
      body,
    });
    const result = await outcome;
    if (result.kind === 'rejected') throw new Error(`refused: ${result.response.status}`);
    this.session = result.session;
    const reading = readSdp(result.response.body.toString());
    if (reading.kind !== 'audio') throw new Error(`answered with ${reading.kind}`);
    this.rtp.renegotiate(chooseFormat(reading.audio), { peer: reading.audio.peer }, false);
  }

  /** Begins to key digits, `ms` each with as long a pause. Resolves when the last one is sent. */
  async key(digits: string, ms = 60): Promise<void> {
    for (const digit of digits) {
      this.#plan.push(...scheduleDigit(digit, ms), ...Array.from({ length: ms / 20 }, () => undefined));
    }
    await until(() => this.#plan.length === 0, { what: 'keys to be sent' });
  }

  /** Begins to send these samples. */
  speak(samples: Int16Array): void {
    for (let at = 0; at + 160 <= samples.length; at += 160) {
      this.#plan.push(encodeG711(this.#codec, samples.subarray(at, at + 160)));
    }
  }

  /** How many frames of a sound were heard, as close as G.711 comes to it. */
  countOf(sample: number): number {
    return this.heard.filter((frame) => Math.abs(frame.sample - sample) <= sample / 25 + 8).length;
  }

  async hangUp(): Promise<void> {
    await this.session?.bye();
  }

  async close(): Promise<void> {
    this.#stop();
    if (this.session !== undefined && !this.session.isEnded) await this.hangUp();
    this.rtp.close();
    this.#agent.close();
    await this.#agent.transport.close();
  }
}

import type { Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import type { Pacer } from '../telephony/media/pacer.js';
import { writeOffer } from '../telephony/media/sdp-writing.js';
import { chooseFormat, readSdp } from '../telephony/media/sdp.js';
import type { Credentials } from '../telephony/sip/digest.js';
import type { InviteSession } from '../telephony/sip/invite-session.js';
import type { OutgoingInvite } from '../telephony/sip/outgoing-invite.js';
import type { UserAgent } from '../telephony/sip/user-agent.js';
import { CallAudio } from './call-audio.js';
import type { PromptEar } from './prompt-ear.js';
import { type Trace, maskDialled } from './trace.js';

export interface CallOptions {
  userAgent: UserAgent;
  uri: string;
  from: string;
  credentials: Credentials;
  /** Bound; the call owns it. */
  socket: Socket;
  pacer: Pacer;
  ear: PromptEar | null;
  trace: Trace;
}

export type CallAnswer = { kind: 'answered' } | { kind: 'refused'; status: number };

/**
 * A call that the phone makes. Whatever becomes of it, nothing rejects: the outcomes are values.
 */
export class PhoneCall {
  /** The prompts that were recognised, in order. */
  readonly heard: string[] = [];
  readonly answer: Promise<CallAnswer>;
  /** Resolves when it is over, with who ended it. */
  readonly ended: Promise<'phone' | 'service' | 'refused'>;
  readonly #options: CallOptions;
  readonly #invite: OutgoingInvite;
  readonly #ears = new EventEmitter<{ heard: [string] }>();
  #session: InviteSession | undefined;
  #audio: CallAudio | undefined;

  constructor(options: CallOptions) {
    this.#options = options;
    const { address, port } = options.socket.address();
    const offer = writeOffer({ rtp: { address, port }, sessionId: port, sessionVersion: 1 }, [
      'PCMA',
      'PCMU',
    ]);
    options.trace({
      kind: 'sip',
      direction: 'sent',
      line: `INVITE ${maskDialled(options.uri)}`,
      detail: 'offering PCMA, PCMU',
    });
    this.#invite = options.userAgent.invite({
      uri: options.uri,
      from: options.from,
      credentials: options.credentials,
      headers: { 'Content-Type': 'application/sdp' },
      body: offer,
    });
    this.answer = this.#answered();
    this.ended = this.#over();
  }

  /** What was heard of the call so far; null before it is answered. */
  get measure(): CallAudio['measure'] | null {
    return this.#audio?.measure ?? null;
  }

  /**
   * Resolves when a prompt is recognised whose name ends in `name` (without the language), counted
   * from now; false after `withinMs`.
   */
  async untilHeard(name: string, withinMs: number): Promise<boolean> {
    const limit = AbortSignal.timeout(withinMs);
    try {
      for (;;) {
        const [prompt] = await once(this.#ears, 'heard', { signal: limit });
        if (String(prompt).endsWith(`/${name}`)) return true;
      }
    } catch {
      // The only thing that rejects is the limit.
      return false;
    }
  }

  /** Presses keys: as RFC 4733 events, or by SIP INFO where the other side has none. */
  async press(digits: string): Promise<void> {
    this.#options.trace({ kind: 'keyed', count: digits.length });
    if (this.#audio?.hasTelephoneEvents === true) return this.#audio.press(digits);
    for (const digit of digits) await this.pressByInfo(digit);
  }

  async pressByInfo(digit: string): Promise<void> {
    await this.#session?.request({
      method: 'INFO',
      headers: { 'Content-Type': 'application/dtmf-relay' },
      body: `Signal=${digit}\r\nDuration=100\r\n`,
    });
  }

  /** Puts the handset down: CANCEL before the answer, BYE after it. */
  async hangUp(): Promise<void> {
    if (this.#session === undefined) this.#invite.cancel();
    else await this.#session.bye();
    await this.ended;
  }

  async #answered(): Promise<CallAnswer> {
    const outcome = await this.#invite.outcome;
    const { status, reason } = outcome.response;
    this.#options.trace({
      kind: 'sip',
      direction: 'received',
      line: `${status} ${reason}`,
      detail: 'to INVITE',
    });
    if (outcome.kind === 'rejected') return { kind: 'refused', status };
    const answer = readSdp(outcome.response.body.toString());
    if (answer.kind !== 'audio') {
      await outcome.session.bye();
      return { kind: 'refused', status: 488 };
    }
    this.#session = outcome.session;
    const { socket, pacer } = this.#options;
    const format = chooseFormat(answer.audio);
    this.#audio = new CallAudio(socket, format, answer.audio.peer, pacer, (rms) => this.#hear(rms));
    return { kind: 'answered' };
  }

  async #over(): Promise<'phone' | 'service' | 'refused'> {
    const answer = await this.answer;
    const end = await this.#session?.ended;
    if (this.#audio === undefined) this.#options.socket.close();
    else this.#audio.close();
    if (answer.kind === 'refused') return 'refused';
    const byService = end?.by === 'remote';
    if (byService)
      this.#options.trace({ kind: 'sip', direction: 'received', line: 'BYE', detail: 'the service hung up' });
    return byService ? 'service' : 'phone';
  }

  #hear(rms: number): void {
    const prompt = this.#options.ear?.hear(rms);
    if (prompt === null || prompt === undefined) return;
    this.heard.push(prompt);
    this.#options.trace({ kind: 'heard', prompt });
    this.#ears.emit('heard', prompt);
  }
}

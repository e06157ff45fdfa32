/** One call of the test phone. */
import { randomUUID } from 'node:crypto';
import type { RtpLeg } from './rtp-leg.js';
import {
  authorization,
  branch,
  first,
  formatMessage,
  respond,
  type Login,
  type Message,
} from './sip-wire.js';
import type { TestPhone } from './test-phone.js';
import { until } from './wait.js';

export class PhoneCall {
  readonly callId = randomUUID();
  readonly received: Message[] = [];
  answeredAt = 0;
  /** When the other side hung up. */
  endedAt: number | null = null;
  #invite: [string, string][] = [];
  #target = '';
  #sequence = 1;

  constructor(
    private readonly phone: TestPhone,
    readonly media: RtpLeg,
    private readonly uri: string,
  ) {}

  /**
   * Sends the INVITE; answers a challenge unless there is no login. Does not wait for the answer.
   */
  async invite(
    body: string,
    options: { login?: Login | null; headers?: [string, string][]; contentType?: string },
  ): Promise<void> {
    const { login = this.phone.options.login, headers = [], contentType = 'application/sdp' } = options;
    const send = (extra: [string, string][]): void => {
      this.#invite = this.phone.headers('INVITE', {
        callId: this.callId,
        to: `<${this.uri}>`,
        sequence: this.#sequence,
      });
      const type: [string, string][] = body === '' ? [] : [['Content-Type', contentType]];
      const all: [string, string][] = [
        ...this.#invite,
        ['Contact', `<${this.phone.contact}>`],
        ...type,
        ...headers,
        ...extra,
      ];
      const sequence = `${this.#sequence} INVITE`;
      this.phone.sendUntil(formatMessage(`INVITE ${this.uri} SIP/2.0`, all, body), () =>
        this.received.some((one) => first(one, 'cseq') === sequence),
      );
    };
    send([]);
    if (login === null) return;
    const response = await this.response();
    if (response.status !== 401) return;
    this.#sequence += 1;
    send([['Authorization', authorization(response, login, 'INVITE', this.uri)]]);
  }

  /** The final response to the last INVITE. */
  response(limitMs = 60_000): Promise<Message> {
    const sequence = `${this.#sequence} INVITE`;
    return until(
      'final response to INVITE',
      () => {
        this.phone.assertOpen();
        return this.received.find((one) => one.status >= 200 && first(one, 'cseq') === sequence);
      },
      limitMs,
    );
  }

  /** Waits for the 200. */
  async answered(): Promise<Message> {
    const response = await this.response();
    if (response.status !== 200) throw new Error(`INVITE: ${response.start}`);
    return response;
  }

  cancel(): void {
    const headers = this.#invite.map(([name, value]): [string, string] =>
      name === 'CSeq' ? [name, value.replace('INVITE', 'CANCEL')] : [name, value],
    );
    this.phone.send(formatMessage(`CANCEL ${this.uri} SIP/2.0`, headers));
  }

  /** A request within the dialog; it may be sent by another phone, which then hears the answer. */
  async request(
    method: string,
    extra: [string, string][] = [],
    body = '',
    sender: TestPhone = this.phone,
  ): Promise<Message> {
    const headers = this.#dialogHeaders(method, ++this.#sequence);
    return sender.exchange(`${method} ${this.#target} SIP/2.0`, [...headers, ...extra], body);
  }

  get contact(): string {
    return `<${this.phone.contact}>`;
  }

  /** Acknowledges a provisional response (RFC 3262). */
  async prack(response: Message): Promise<Message> {
    const target = /<([^>]+)>/.exec(first(response, 'contact'))?.[1] ?? this.uri;
    const headers = this.#dialogHeaders('PRACK', ++this.#sequence, response);
    const acknowledged: [string, string] = ['RAck', `${first(response, 'rseq')} ${first(response, 'cseq')}`];
    this.#sequence -= 1; // response() waits for the INVITE's
    return this.phone.exchange(`PRACK ${target} SIP/2.0`, [...headers, acknowledged]);
  }

  async hangUp(): Promise<Message> {
    return this.request('BYE');
  }

  /** The phone has lost its power: it answers nothing any more, and its media ends. */
  vanish(): void {
    this.phone.calls.delete(this.callId);
    this.phone.gone.add(this.callId);
    this.media.close();
  }

  async info(digit: string, type = 'application/dtmf-relay'): Promise<Message> {
    const body = type === 'application/dtmf-relay' ? `Signal=${digit}\r\nDuration=160\r\n` : digit;
    return this.request('INFO', [['Content-Type', type]], body);
  }

  /** Waits until this prompt has been heard `times` times. */
  async heard(name: string, times = 1, limitMs = 60_000): Promise<void> {
    const hearing = this.media.hearing;
    await until(
      `${name} (heard: ${hearing.names.join(', ')})`,
      () => hearing.names.filter((one) => one === name).length >= times,
      limitMs,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; in all: ${hearing.names.join(', ')}`, { cause: error });
    });
  }

  async ended(limitMs = 60_000): Promise<number> {
    return until('BYE', () => this.endedAt, limitMs);
  }

  /** @param answerSdp for an INVITE without an offer: what goes into the ACK. */
  take(message: Message): void {
    this.received.push(message);
    if (message.method === 'BYE') {
      this.endedAt = performance.now();
      this.phone.send(respond(message, 200));
    } else if (message.method === 'INVITE' || message.method === 'INFO') {
      this.phone.send(respond(message, 200));
    } else if (message.method === 'UPDATE' || message.method === 'MESSAGE') {
      const type: [string, string][] = [['Content-Type', first(message, 'content-type')]];
      this.phone.send(respond(message, 200, message.body === '' ? [] : type, message.body));
    } else if (message.status >= 200 && first(message, 'cseq').endsWith('INVITE')) {
      this.#acknowledge(message);
    }
  }

  /** Set for a call without an offer, before the answer comes. */
  lateAnswer: string | null = null;
  /** Whether an answer is acknowledged. */
  acknowledges = true;

  #acknowledge(response: Message): void {
    if (!this.acknowledges) return;
    const number = Number.parseInt(first(response, 'cseq'), 10);
    if (response.status < 300) {
      this.#target = /<([^>]+)>/.exec(first(response, 'contact'))?.[1] ?? this.uri;
      this.answeredAt ||= performance.now();
      if (response.body !== '') this.media.connect(response.body);
      const body = this.lateAnswer ?? '';
      const type: [string, string][] = body === '' ? [] : [['Content-Type', 'application/sdp']];
      this.phone.send(
        formatMessage(
          `ACK ${this.#target} SIP/2.0`,
          [...this.#dialogHeaders('ACK', number, response), ...type],
          body,
        ),
      );
      return;
    }
    const headers = this.#invite.map(([name, value]): [string, string] => {
      if (name === 'CSeq') return [name, `${number} ACK`];
      return name === 'To' ? [name, first(response, 'to')] : [name, value];
    });
    this.phone.send(formatMessage(`ACK ${this.uri} SIP/2.0`, headers));
  }

  #dialogHeaders(method: string, sequence: number, response?: Message): [string, string][] {
    const ok =
      response ?? this.received.find((one) => one.status === 200 && first(one, 'cseq').endsWith('INVITE'));
    return this.#invite.map(([name, value]): [string, string] => {
      if (name === 'CSeq') return [name, `${sequence} ${method}`];
      if (name === 'Via') return [name, value.replace(/branch=.*/, `branch=${branch()}`)];
      return name === 'To' && ok ? [name, first(ok, 'to')] : [name, value];
    });
  }
}

/**
 * A phone for tests: SIP over UDP or TCP by hand, so that it can also misbehave. No
 * retransmissions: this is loopback.
 */
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { PhoneCall } from './phone-call.js';
import { RtpLeg } from './rtp-leg.js';
import {
  all,
  authorization,
  branch,
  first,
  formatMessage,
  parseMessage,
  respond,
  type Login,
  type Message,
  type Algorithm,
} from './sip-wire.js';
import { until } from './wait.js';

export interface PhoneOptions {
  server: { host: string; port: number };
  login: Login;
  realm: string;
  transport?: 'udp' | 'tcp';
  /** A loopback address to be at; by default 127.0.0.1. */
  host?: string;
  nameOf?: (hertz: number) => string;
  /**
   * Sends a request again as long as nothing has come back, as phones do over UDP (RFC 3261
   * 17.1); by default it does not.
   */
  resends?: boolean;
  /**
   * The sent-by of its Vias, with parameters: what a phone behind NAT knows of itself. By default
   * its address, with `rport`.
   */
  sentBy?: string;
  /** Host and port of its Contact; by default its address. */
  contactHost?: string;
  /** Answers requests outside of calls; by default 200. null: does not answer. */
  onRequest?: (request: Message) => string | null;
}

/** T1 of RFC 3261, without its growth: half a minute is too long for a test. */
const RESEND_MS = 500;

export class TestPhone {
  readonly received: Message[] = [];
  readonly calls = new Map<string, PhoneCall>();
  /** Calls whose requests are not answered any more. */
  readonly gone = new Set<string>();
  #sequence = 0;
  #closed = false;

  private constructor(
    readonly options: PhoneOptions,
    readonly address: string,
    private readonly write: (text: string) => void,
    private readonly shut: () => void,
  ) {}

  static async open(options: PhoneOptions): Promise<TestPhone> {
    const { host, port } = options.server;
    const own = options.host ?? '127.0.0.1';
    if (options.transport === 'tcp') {
      const socket = connect({ host, port, localAddress: own });
      await once(socket, 'connect');
      const phone = new TestPhone(
        options,
        `${own}:${socket.localPort}`,
        (text) => socket.write(text),
        () => socket.destroy(),
      );
      let buffered = '';
      socket.on('data', (chunk) => {
        buffered += chunk.toString('latin1');
        for (;;) {
          const end = buffered.indexOf('\r\n\r\n');
          const length = Number(/\r\nContent-Length: *(\d+)/i.exec(buffered)?.[1] ?? 0);
          if (end < 0 || buffered.length < end + 4 + length) return;
          phone.#take(parseMessage(buffered.slice(0, end + 4 + length)));
          buffered = buffered.slice(end + 4 + length);
        }
      });
      return phone;
    }
    const socket = createSocket('udp4');
    socket.bind(0, own);
    await once(socket, 'listening');
    const write = (text: string): void => socket.send(text, port, host);
    const phone = new TestPhone(options, `${own}:${socket.address().port}`, write, () => socket.close());
    socket.on('message', (packet) => phone.#take(parseMessage(packet.toString('latin1'))));
    return phone;
  }

  /** Nothing is waited for by a phone that is closed. */
  assertOpen(): void {
    if (this.#closed) throw new Error('the phone is closed');
  }

  close(): void {
    this.#closed = true;
    for (const call of this.calls.values()) call.media.close();
    this.shut();
  }

  send(text: string): void {
    this.write(text);
  }

  /** Sends it, and, if this phone does so, again and again until there is an answer of any kind. */
  sendUntil(text: string, isAnswered: () => boolean): void {
    this.send(text);
    if (this.options.resends !== true) return;
    const timer = setInterval(() => {
      if (this.#closed || isAnswered()) clearInterval(timer);
      else this.send(text);
    }, RESEND_MS);
  }

  get contact(): string {
    const transport = this.options.transport === 'tcp' ? ';transport=tcp' : '';
    return `sip:${this.options.login.user}@${this.options.contactHost ?? this.address}${transport}`;
  }

  /** The headers of a request outside of dialogs. */
  headers(
    method: string,
    options: { callId?: string; to?: string; sequence?: number } = {},
  ): [string, string][] {
    const { login, realm, sentBy = `${this.address};rport` } = this.options;
    const transport = (this.options.transport ?? 'udp').toUpperCase();
    return [
      ['Via', `SIP/2.0/${transport} ${sentBy};branch=${branch()}`],
      ['Max-Forwards', '70'],
      ['From', `<sip:${login.user}@${realm}>;tag=f${this.#sequence}x`],
      ['To', options.to ?? `<sip:${login.user}@${realm}>`],
      ['Call-ID', options.callId ?? randomUUID()],
      ['CSeq', `${options.sequence ?? ++this.#sequence} ${method}`],
    ];
  }

  /** Sends a request and waits for its final response. */
  async exchange(start: string, headers: [string, string][], body = ''): Promise<Message> {
    const [, sequence] = headers.find(([name]) => name === 'CSeq')!;
    const [, callId] = headers.find(([name]) => name === 'Call-ID')!;
    const answers = (): Message[] =>
      this.received.filter((one) => first(one, 'cseq') === sequence && first(one, 'call-id') === callId);
    this.sendUntil(formatMessage(start, headers, body), () => answers().length > 0);
    return until(`answer to ${start.split(' ')[0]}`, () => {
      this.assertOpen();
      return answers().find((one) => one.status >= 200);
    });
  }

  async register(
    options: {
      expires?: number | null;
      contact?: string | null;
      algorithm?: Algorithm;
      qop?: boolean;
      login?: Login;
      to?: string;
    } = {},
  ): Promise<Message> {
    const uri = `sip:${this.options.realm}`;
    const { expires = 300, contact = `<${this.contact}>` } = options;
    const extra: [string, string][] = [
      ...(contact === null ? [] : ([['Contact', contact]] as [string, string][])),
      ...(expires === null ? [] : ([['Expires', String(expires)]] as [string, string][])),
    ];
    const to = options.to === undefined ? {} : { to: options.to };
    const challenged = await this.exchange(`REGISTER ${uri} SIP/2.0`, [
      ...this.headers('REGISTER', to),
      ...extra,
    ]);
    if (challenged.status !== 401) return challenged;
    const answer = authorization(challenged, options.login ?? this.options.login, 'REGISTER', uri, options);
    return this.exchange(`REGISTER ${uri} SIP/2.0`, [
      ...this.headers('REGISTER', to),
      ...extra,
      ['Authorization', answer],
    ]);
  }

  async call(
    dialled: string,
    options: {
      body?: string;
      /** What is offered instead of the usual. */
      changeOffer?: (usual: string) => string;
      /** No offer; the answer goes with the ACK. */
      lateOffer?: boolean;
      telephoneEvent?: boolean | number;
      acknowledges?: false;
      login?: Login | null;
      headers?: [string, string][];
      contentType?: string;
    } = {},
  ): Promise<PhoneCall> {
    const media = await RtpLeg.open(this.options.nameOf ?? String);
    const uri = dialled.includes(':') ? dialled : `sip:${dialled}@${this.options.realm}`;
    const call = new PhoneCall(this, media, uri);
    this.calls.set(call.callId, call);
    call.acknowledges = options.acknowledges ?? true;
    if (options.lateOffer) call.lateAnswer = media.offer();
    const offer = options.body ?? (options.changeOffer ?? String)(media.offer(options));
    await call.invite(options.lateOffer ? '' : offer, options);
    return call;
  }

  #take(message: Message): void {
    this.received.push(message);
    const call = this.calls.get(first(message, 'call-id'));
    if (call) return call.take(message);
    if (this.gone.has(first(message, 'call-id'))) return;
    if (message.method === '' || message.method === 'ACK') return;
    const answer = this.options.onRequest ? this.options.onRequest(message) : respond(message, 200);
    if (answer !== null) this.send(answer);
  }

  /** Requests outside of calls that have come. */
  requests(method: string): Message[] {
    return this.received.filter((one) => one.method === method && all(one, 'via').length > 0);
  }
}

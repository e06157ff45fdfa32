/**
 * An operator's registrar: takes registrations, and passes NOTIFY on to the phone as a PBX does
 * that passes it on. It challenges it first, as most do that care who sends what. By hand on UDP,
 * and without retransmissions, for this is loopback.
 */
import { createHash } from 'node:crypto';
import { type RemoteInfo, createSocket } from 'node:dgram';
import { once } from 'node:events';

interface Credentials {
  user: string;
  password: string;
}

const REALM = 'pbx.example';
const NONCE = '5a1e9f';

export class Registrar {
  /** How the registered users are reached, and under which contact. */
  readonly #bindings = new Map<string, { contact: string; at: RemoteInfo }>();
  /** Where requests came from that were passed on, by our Via. */
  readonly #origins = new Map<string, RemoteInfo>();
  /** What became of each NOTIFY, in order. */
  readonly notified: ('challenged' | 'refused' | 'passed on' | 'nobody')[] = [];

  private constructor(
    /** `host:port`, as a line names it. */
    readonly address: string,
    private readonly send: (text: string, to: { address: string; port: number }) => void,
    private readonly shut: () => void,
  ) {}

  /**
   * @param credentials whose NOTIFY is passed on; undefined: NOTIFY is none of the methods that
   *   this PBX knows.
   */
  static async start(credentials?: Credentials): Promise<Registrar> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const send = (text: string, to: { address: string; port: number }): void =>
      socket.send(text, to.port, to.address);
    const registrar = new Registrar(`127.0.0.1:${socket.address().port}`, send, () => socket.close());
    socket.on('message', (packet, from) => registrar.#take(packet.toString(), from, credentials));
    return registrar;
  }

  close(): void {
    this.shut();
  }

  #take(text: string, from: RemoteInfo, credentials: Credentials | undefined): void {
    if (text.startsWith('SIP/2.0 ')) return this.#passBack(text);
    if (text.startsWith('REGISTER ')) return this.#register(text, from);
    if (!text.startsWith('NOTIFY ')) return;
    if (credentials === undefined) return this.send(answer(text, '405 Method Not Allowed'), from);
    const given = header(text, 'Authorization');
    if (given === '') {
      this.notified.push('challenged');
      const challenge = `WWW-Authenticate: Digest realm="${REALM}", nonce="${NONCE}", algorithm=MD5, qop="auth"`;
      return this.send(answer(text, '401 Unauthorized', challenge), from);
    }
    const isOwn = userOf(header(text, 'From')) === credentials.user && isRight(given, credentials);
    const binding = this.#bindings.get(userOf(text.split('\r\n')[0] ?? ''));
    this.notified.push(!isOwn ? 'refused' : binding === undefined ? 'nobody' : 'passed on');
    if (!isOwn) return this.send(answer(text, '403 Forbidden'), from);
    if (binding === undefined) return this.send(answer(text, '404 Not Found'), from);
    const via = `Via: SIP/2.0/UDP ${this.address};branch=z9hG4bK${from.port}.${Date.now()}`;
    const passed = text.replace(
      /^NOTIFY \S+ SIP\/2\.0\r\n/,
      `NOTIFY ${binding.contact} SIP/2.0\r\n${via}\r\n`,
    );
    this.#origins.set(via.slice(5), from);
    this.send(passed, binding.at);
  }

  /** A response goes back where its request came from, without our Via (RFC 3261 16.7). */
  #passBack(text: string): void {
    const [via = ''] = /^Via: .*?(?=\r\n)/im.exec(text) ?? [];
    const own = via.slice(5).replace(/;(?:received|rport)(?:=[^;,]*)?/g, '');
    const origin = this.#origins.get(own);
    if (origin !== undefined) this.send(text.replace(`${via}\r\n`, ''), origin);
  }

  #register(text: string, from: RemoteInfo): void {
    const contact = /^Contact: .*?<([^>]+)>/im.exec(text)?.[1];
    const user = userOf(header(text, 'To'));
    if (contact === undefined || /expires[=:] *0\b/i.test(text)) this.#bindings.delete(user);
    else this.#bindings.set(user, { contact, at: from });
    this.send(answer(text, '200 OK', `Contact: <${contact ?? ''}>;expires=300`), from);
  }
}

function header(text: string, name: string): string {
  return new RegExp(`^${name}: *(.*?)\\r?$`, 'im').exec(text)?.[1] ?? '';
}

function userOf(text: string): string {
  return /sips?:([^@>]+)@/.exec(text)?.[1] ?? '';
}

function answer(request: string, status: string, ...more: string[]): string {
  const copied = request
    .split('\r\n')
    .filter((line) => /^(?:via|from|to|call-id|cseq):/i.test(line))
    .map((line) => (/^to:/i.test(line) && !/;tag=/.test(line) ? `${line};tag=registrar` : line));
  return [`SIP/2.0 ${status}`, ...copied, ...more, 'Content-Length: 0', '', ''].join('\r\n');
}

/** Digest with MD5 and `qop=auth` (RFC 2617 3.2.2). */
function isRight(given: string, { user, password }: Credentials): boolean {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const value = (name: string): string => new RegExp(`\\b${name}="?([^",]*)"?`).exec(given)?.[1] ?? '';
  const ha1 = md5(`${user}:${REALM}:${password}`);
  const ha2 = md5(`NOTIFY:${value('uri')}`);
  const right = md5(`${ha1}:${NONCE}:${value('nc')}:${value('cnonce')}:auth:${ha2}`);
  return value('username') === user && value('nonce') === NONCE && value('response') === right;
}

import { createConnection, type Socket } from 'node:net';
import type Mrf from 'drachtio-fsmrf';
import { FrameError, FrameReader, type Frame } from './event-socket-frames.js';
import { afterWaiting } from '../awaited-time.js';
import { unlessAborted } from '../time-limit.js';

export interface EngineAddress {
  host: string;
  port: number;
  secret: string;
}

/** The version of IP that FreeSWITCH's SIP profile speaks. */
export type SipFamily = 'ipv4' | 'ipv6';

export type EventSocketOutcome =
  { kind: 'connected'; client: EventSocketClient } | { kind: 'not-connected'; reason: string };

const LIMIT_MS = 3000;
/** The line of `sofia status` that fsmrf needs, by the version of IP that the profile speaks. */
const PROFILES: Readonly<Record<SipFamily, RegExp>> = {
  ipv4: /^\s*drachtio_mrf\s.*sip:mod_sofia@(?:[0-9]{1,3}\.){3}[0-9]{1,3}:\d+/m,
  ipv6: /^\s*drachtio_mrf\s.*sip:mod_sofia@\[[0-9a-f:]+\]:\d+/m,
};
/**
 * fsmrf throws, where it cannot be caught, when there is no line for IPv4. It calls nothing there
 * when it is told to use IPv6.
 */
const NO_IPV4 = 'drachtio_mrf profile sip:mod_sofia@0.0.0.0:0\n';
/** FreeSWITCH answers in the order of the commands; at most so many are open. */
const MAX_QUESTIONS = 100;

/**
 * Our connection to a FreeSWITCH's event socket ("inbound"), in place of the one that fsmrf would
 * make: that never settles when the secret is wrong or the server silent, reconnects for ever and
 * then mixes up answers, and what it cannot parse ends the process. This one is connected when
 * FreeSWITCH has let us in and has the SIP profile that fsmrf needs, and is over when it is over.
 */
export class EventSocketClient {
  readonly #over = new AbortController();
  readonly #reader = new FrameReader();
  readonly #questions: ((frame: Frame) => void)[] = [];
  #sofiaStatus = '';
  #sipFamily: SipFamily = 'ipv4';
  #reason = 'connection closed';
  #onAuthenticate: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => (this.#reason = error.message));
    socket.on('close', () => this.#over.abort());
  }

  static async connect(
    { host, port, secret }: EngineAddress,
    signal: AbortSignal,
  ): Promise<EventSocketOutcome> {
    const client = new EventSocketClient(createConnection({ host, port }));
    const limit = afterWaiting(LIMIT_MS, () => client.#end(`no answer within ${LIMIT_MS} ms`));
    const stop = (): void => client.#end('no longer wanted');
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (signal.aborted) stop();
      const isReady = await unlessAborted(client.over, client.#introduce(secret));
      return isReady === true
        ? { kind: 'connected', client }
        : { kind: 'not-connected', reason: client.#reason };
    } finally {
      limit();
      signal.removeEventListener('abort', stop);
    }
  }

  /** Aborted when the connection is over, whichever side ended it. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** The address of ours by which that FreeSWITCH is reached. */
  get localAddress(): string {
    return this.socket.localAddress ?? '';
  }

  /** How its SIP profile is called; IPv4 where it has both. */
  get sipFamily(): SipFamily {
    return this.#sipFamily;
  }

  get #isConnected(): boolean {
    return !this.over.aborted;
  }

  /** The answer to an `api` command; never comes when the connection is over before. */
  api(command: string): Promise<string> {
    return this.#ask(`api ${command}`).then(({ body }) => body);
  }

  disconnect(): void {
    this.#end('disconnected');
  }

  /** What fsmrf's MediaServer uses of its connection. Its heartbeat is not read. */
  forFsmrf(): Mrf.Connection {
    return {
      socket: { remoteAddress: this.socket.remoteAddress },
      subscribe: () => undefined,
      on: () => undefined,
      connected: () => this.#isConnected,
      // The only question that fsmrf asks by itself, and wants answered within a second.
      api: (_command, callback) => callback({ getBody: () => this.#sofiaStatus }),
      disconnect: () => this.disconnect(),
      removeAllListeners: () => undefined,
    };
  }

  /** Rejects never; false, with a reason, when it does not work out. */
  async #introduce(secret: string): Promise<boolean> {
    await new Promise<void>((resolve) => (this.#onAuthenticate = resolve));
    const { headers } = await this.#ask(`auth ${secret}`);
    if (!(headers.get('Reply-Text') ?? '').startsWith('+OK')) return this.#fail('the secret is wrong');
    this.#sofiaStatus = await this.api('sofia status');
    if (PROFILES.ipv4.test(this.#sofiaStatus)) return true;
    if (!PROFILES.ipv6.test(this.#sofiaStatus))
      return this.#fail('it has no running SIP profile drachtio_mrf');
    this.#sipFamily = 'ipv6';
    this.#sofiaStatus += NO_IPV4;
    return true;
  }

  #ask(command: string): Promise<Frame> {
    if (this.#questions.length >= MAX_QUESTIONS) this.#end('it does not answer');
    return new Promise((resolve) => {
      this.#questions.push(resolve);
      this.socket.write(`${command}\n\n`);
    });
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk)) this.#take(frame);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#end(`what it says cannot be read: ${error.message}`);
    }
  }

  #take(frame: Frame): void {
    const type = frame.headers.get('Content-Type');
    if (type === 'auth/request') this.#onAuthenticate();
    else if (type === 'command/reply' || type === 'api/response') this.#questions.shift()?.(frame);
    else if (type === 'text/rude-rejection') this.#end('refused by its access list');
  }

  #fail(reason: string): false {
    this.#end(reason);
    return false;
  }

  #end(reason: string): void {
    if (this.#isConnected) this.#reason = reason;
    this.socket.destroy();
    this.#over.abort();
  }
}

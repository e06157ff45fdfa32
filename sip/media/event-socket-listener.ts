import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Logger } from 'pino';
import { FrameError, FrameReader, type Frame } from './event-socket-frames.js';
import { EventSocketHosts } from './event-socket-hosts.js';
import { FrameSocket } from './frame-socket.js';
import { afterWaiting } from '../awaited-time.js';

/** FreeSWITCH answers `connect` at once. */
const INTRODUCTION_MS = 5000;
/** Connections at a time that have not said whose they are: every call's has a moment of it. */
const MAX_UNKNOWN = 1000;
/** That connections are refused is said so often. */
const SILENCE_MS = 60_000;

export interface ListenAddress {
  host: string;
  /** 0: any free one. */
  port: number;
}

/**
 * Where FreeSWITCH connects to for each of its calls, so that the call can be spoken to ("outbound"
 * event socket). One port for all media servers.
 *
 * It is a remote control, and faces whatever network FreeSWITCH is in. So only the configured hosts
 * are let in, and only for a call that we have just asked for: each has a random number in its
 * User-Agent, which the connection must name within five seconds. What it sends until then, and
 * afterwards, has bounds, and is read by fsmrf's library only when it is somebody's call.
 */
export class EventSocketListener {
  readonly #server: Server;
  readonly #hosts: EventSocketHosts;
  readonly #expected = new Map<string, (socket: FrameSocket) => void>();
  readonly #unknown = new Set<Socket>();
  #refused = 0;
  #saidAt = -Infinity;

  private constructor(
    private readonly listenHost: string,
    hosts: readonly string[],
    private readonly log: Logger,
  ) {
    this.#hosts = new EventSocketHosts(hosts);
    this.#server = createServer((socket) => void this.#welcome(socket));
    this.#server.on('error', (error) =>
      log.error({ reason: error.message }, 'the port for FreeSWITCH failed'),
    );
  }

  /**
   * @param hosts the configured FreeSWITCHes, names or addresses
   * @throws the system's error when this is no address of this machine, or the port is taken
   */
  static async open(
    { host, port }: ListenAddress,
    hosts: readonly string[],
    log: Logger,
  ): Promise<EventSocketListener> {
    const listener = new EventSocketListener(host, hosts, log);
    await new Promise<void>((resolve, reject) => {
      listener.#server.once('error', reject).listen(port, host, () => {
        listener.#server.off('error', reject);
        resolve();
      });
    });
    return listener;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /**
   * What FreeSWITCH is told. Without brackets in IPv6: its mod_event_socket takes what follows the
   * last colon for the port and the rest as it is.
   *
   * @param reached the address of ours by which we reach that FreeSWITCH: where we listen on all,
   *   it reaches us there
   */
  addressFor(reached: string): { host: string; port: number } {
    const isWildcard = this.listenHost === '0.0.0.0' || this.listenHost === '::';
    const host = isWildcard ? reached.replace(/^::ffff:(?=\d+\.)/i, '') : this.listenHost;
    return { host, port: this.port };
  }

  /**
   * Waits for the connection of the call with this number; `forget` ends that. A call that is no
   * longer waited for is refused.
   *
   * @param call what stands behind `drachtio-fsmrf:` in the call's User-Agent
   */
  expect(call: string): { socket: Promise<FrameSocket>; forget: () => void } {
    const socket = new Promise<FrameSocket>((resolve) => this.#expected.set(call, resolve));
    return { socket, forget: () => this.#expected.delete(call) };
  }

  /** Takes no more connections. Those of calls end with the calls. */
  async close(): Promise<void> {
    for (const socket of this.#unknown) socket.destroy();
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.unref();
      setImmediate(resolve);
    });
  }

  async #welcome(socket: Socket): Promise<void> {
    socket.on('error', () => undefined); // 'close' follows
    const { remoteAddress: address = '' } = socket;
    if (this.#unknown.size >= MAX_UNKNOWN) return this.#refuse(socket, 'too many connections of nobody');
    this.#unknown.add(socket);
    socket.once('close', () => this.#unknown.delete(socket));
    socket.pause();
    if (!(await this.#hosts.include(address)))
      return this.#refuse(socket, 'not the address of a configured FreeSWITCH');
    socket.setNoDelay(true).setKeepAlive(true);
    this.#askWho(socket);
  }

  #askWho(socket: Socket): void {
    const reader = new FrameReader();
    const limit = afterWaiting(INTRODUCTION_MS, () => this.#refuse(socket, 'it does not say whose it is'));
    socket.once('close', limit);
    const onData = (chunk: Buffer): void => {
      let frames: Frame[];
      try {
        frames = reader.push(chunk);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        return this.#refuse(socket, error.message);
      }
      const [first] = frames;
      if (first === undefined) return;
      limit();
      socket.off('data', onData);
      const call = callOf(first);
      const deliver = this.#expected.get(call);
      if (deliver === undefined) return this.#refuse(socket, 'nobody waits for its call');
      this.#expected.delete(call);
      this.#unknown.delete(socket);
      deliver(new FrameSocket(socket, reader, frames, this.log));
    };
    socket.on('data', onData);
    socket.resume();
    socket.write('connect\n\n');
  }

  #refuse(socket: Socket, reason: string): void {
    const { remoteAddress: address } = socket;
    socket.destroy();
    this.#refused += 1;
    const now = performance.now();
    if (now - this.#saidAt < SILENCE_MS) return;
    this.log.warn(
      { address, reason, refused: this.#refused },
      'connections to the port for FreeSWITCH are refused',
    );
    this.#saidAt = now;
    this.#refused = 0;
  }
}

function callOf({ headers }: Frame): string {
  if (headers.get('Event-Name') !== 'CHANNEL_DATA') return '';
  return /^drachtio-fsmrf:(.+)$/.exec(headers.get('variable_sip_user_agent') ?? '')?.[1] ?? '';
}

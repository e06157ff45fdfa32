import { isIPv6, type Server, type Socket } from 'node:net';

import { AcceptedSockets } from './accepted-sockets.js';
import type { Target } from './flow.js';
import { isWildcard, plainAddress } from './local-address.js';
import type { StreamKind } from './stream-kind.js';
import { TcpConnection, type ConnectionEvents, type ConnectionLimits } from './tcp-connection.js';

export interface TcpLimits extends ConnectionLimits {
  readonly maxConnections: number;
  readonly maxPerSource: number;
  readonly firstMessageMs: number;
  readonly connectTimeoutMs: number;
}

/** What arrives over streams. */
export type StreamEvents = Pick<ConnectionEvents, 'onMessage' | 'onBroken'>;

/**
 * One stream protocol of a transport: the listener and all connections, found by remote address and
 * port.
 */
export class TcpListener {
  readonly #kind: StreamKind;
  readonly #server: Server | undefined;
  readonly #host: string;
  readonly #limits: TcpLimits;
  readonly #events: StreamEvents;
  readonly #connections = new Map<string, TcpConnection>();
  /** All that were accepted and are open, those included that have not shaken hands yet. */
  readonly #accepted: AcceptedSockets;

  private constructor(
    kind: StreamKind,
    server: Server | undefined,
    host: string,
    limits: TcpLimits,
    events: StreamEvents,
  ) {
    this.#kind = kind;
    this.#server = server;
    this.#host = host;
    this.#limits = limits;
    this.#events = events;
    this.#accepted = new AcceptedSockets(limits);
    if (server === undefined) return;
    server.on('connection', (socket: Socket) => this.#accepted.admit(socket));
    server.on(kind.acceptedEvent, (socket: Socket) => this.#accept(socket));
    // After listen() a server only errs in accepting (out of descriptors): the next connection is
    // accepted again.
    server.on('error', () => undefined);
  }

  /** Rejects with the system error when it cannot listen. */
  static async bind(
    kind: StreamKind,
    host: string,
    port: number,
    limits: TcpLimits,
    events: StreamEvents,
  ): Promise<TcpListener> {
    const server = kind.createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return new TcpListener(kind, server, host, limits, events);
  }

  /** Opens connections, and listens for none. */
  static callingOnly(kind: StreamKind, host: string, limits: TcpLimits, events: StreamEvents): TcpListener {
    return new TcpListener(kind, undefined, host, limits, events);
  }

  /** Where it listens; 0 when it does not. */
  get port(): number {
    const address = this.#server?.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  send(bytes: Buffer, target: Target, onFailure: (error: Error) => void): void {
    const existing = this.#connections.get(connectionKey(target));
    if (existing?.isUsable === true) existing.send(bytes, onFailure);
    else if (this.#connections.size - this.#accepted.size >= this.#limits.maxConnections)
      onFailure(new Error('too many connections'));
    else this.#connect(target).send(bytes, onFailure);
  }

  /** A phone has registered over the connection of this peer, for so long. */
  register({ address, port }: Target, seconds: number): void {
    this.#accepted.register(address, port, seconds);
  }

  /** A call goes over the connection of this peer, until the returned function is called. */
  holdForCall({ address, port }: Target): () => void {
    return this.#accepted.holdForCall(address, port);
  }

  async close(): Promise<void> {
    const server = this.#server;
    const closed = new Promise<void>((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
    });
    for (const connection of this.#connections.values()) connection.destroy();
    this.#accepted.close();
    await closed;
  }

  #accept(socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    if (socket.destroyed || remoteAddress === undefined || remotePort === undefined) {
      socket.destroy();
      return;
    }
    const { protocol } = this.#kind;
    this.#adopt(socket, { protocol, address: plainAddress(remoteAddress), port: remotePort });
  }

  #connect(target: Target): TcpConnection {
    const { address: host, port, serverName, connectTimeoutMs = this.#limits.connectTimeoutMs } = target;
    // From the address we listen on, so that the peer sees who calls; the port is any, the
    // connection is what counts.
    const isBound = !isWildcard(this.#host) && isIPv6(this.#host) === isIPv6(host);
    const socket = this.#kind.connect({
      host,
      port,
      ...(isBound ? { localAddress: this.#host } : {}),
      ...(serverName === undefined ? {} : { serverName }),
    });
    const connection = this.#adopt(socket, target);
    connection.limitConnecting(connectTimeoutMs, this.#kind.connectedEvent);
    return connection;
  }

  #adopt(socket: Socket, remote: Target): TcpConnection {
    const key = connectionKey(remote);
    const connection: TcpConnection = new TcpConnection(socket, remote, this.#limits, {
      onHeard: (isMessage) => this.#accepted.heard(remote.address, remote.port, isMessage),
      onMessage: this.#events.onMessage,
      onBroken: this.#events.onBroken,
      onClosed: () => {
        if (this.#connections.get(key) === connection) this.#connections.delete(key);
      },
    });
    this.#connections.get(key)?.destroy();
    this.#connections.set(key, connection);
    return connection;
  }
}

/** A connection whose peer has proved one name is none to a peer of another name. */
function connectionKey({ address, port, serverName }: Target): string {
  return serverName === undefined ? `${address}/${port}` : `${address}/${port}/${serverName}`;
}

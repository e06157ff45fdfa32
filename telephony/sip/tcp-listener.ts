import { createServer, connect, isIPv6, type Server, type Socket } from 'node:net';

import type { Flow } from './flow.js';
import { isWildcard, plainAddress } from './local-address.js';
import { TcpConnection } from './tcp-connection.js';

export interface TcpLimits {
  readonly maxConnections: number;
  readonly idleTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

export type OnStreamMessage = (bytes: Buffer, flow: Flow) => void;

/** The stream side of a transport: the listener and all connections, found by remote address and port. */
export class TcpListener {
  readonly #server: Server;
  readonly #host: string;
  readonly #limits: TcpLimits;
  readonly #onMessage: OnStreamMessage;
  readonly #connections = new Map<string, TcpConnection>();

  private constructor(server: Server, host: string, limits: TcpLimits, onMessage: OnStreamMessage) {
    this.#server = server;
    this.#host = host;
    this.#limits = limits;
    this.#onMessage = onMessage;
    server.on('connection', (socket) => this.#accept(socket));
    // After listen() a server only errs in accepting (out of descriptors): the next connection is accepted again.
    server.on('error', () => undefined);
  }

  /** Rejects with the system error when it cannot listen. */
  static async bind(
    host: string,
    port: number,
    limits: TcpLimits,
    onMessage: OnStreamMessage,
  ): Promise<TcpListener> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return new TcpListener(server, host, limits, onMessage);
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  send(bytes: Buffer, address: string, port: number, onFailure: (error: Error) => void): void {
    const existing = this.#connections.get(connectionKey(address, port));
    if (existing?.isUsable === true) existing.send(bytes, onFailure);
    else if (this.#connections.size >= this.#limits.maxConnections)
      onFailure(new Error('too many connections'));
    else this.#connect(address, port).send(bytes, onFailure);
  }

  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections.values()) connection.destroy();
    return closed;
  }

  #accept(socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    if (
      remoteAddress === undefined ||
      remotePort === undefined ||
      this.#connections.size >= this.#limits.maxConnections
    ) {
      socket.destroy();
      return;
    }
    this.#adopt(socket, plainAddress(remoteAddress), remotePort);
  }

  #connect(address: string, port: number): TcpConnection {
    // From the address we listen on, so that the peer sees who calls; the port is any, the connection is what counts.
    const isBound = !isWildcard(this.#host) && isIPv6(this.#host) === isIPv6(address);
    const socket = connect({ host: address, port, ...(isBound ? { localAddress: this.#host } : {}) });
    const connection = this.#adopt(socket, address, port);
    connection.limitConnecting(this.#limits.connectTimeoutMs);
    return connection;
  }

  #adopt(socket: Socket, address: string, port: number): TcpConnection {
    const key = connectionKey(address, port);
    const connection: TcpConnection = new TcpConnection(
      socket,
      { address, port },
      this.#limits.idleTimeoutMs,
      {
        onMessage: this.#onMessage,
        onClosed: () => {
          if (this.#connections.get(key) === connection) this.#connections.delete(key);
        },
      },
    );
    this.#connections.get(key)?.destroy();
    this.#connections.set(key, connection);
    return connection;
  }
}

function connectionKey(address: string, port: number): string {
  return `${address}/${port}`;
}

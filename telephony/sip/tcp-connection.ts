import type { Socket } from 'node:net';

import type { Flow } from './flow.js';
import { plainAddress } from './local-address.js';
import { StreamFramer } from './stream-framer.js';

/** A peer that does not read gets no more than this; then the connection is closed. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
const PONG = Buffer.from('\r\n');

export interface ConnectionEvents {
  onMessage(bytes: Buffer, flow: Flow): void;
  onClosed(): void;
}

/** One TCP connection, opened by us or by the peer. */
export class TcpConnection {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #socket: Socket;
  readonly #framer = new StreamFramer();
  readonly #unsent = new Set<(error: Error) => void>();
  #error: Error | undefined;

  constructor(
    socket: Socket,
    remote: { readonly address: string; readonly port: number },
    idleTimeoutMs: number,
    events: ConnectionEvents,
  ) {
    this.#socket = socket;
    this.remoteAddress = remote.address;
    this.remotePort = remote.port;
    socket.setNoDelay(true);
    socket.setTimeout(idleTimeoutMs, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#onData(chunk, events));
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', () => {
      events.onClosed();
      const error = this.#error ?? new Error('connection closed');
      for (const onFailure of this.#unsent) onFailure(error);
      this.#unsent.clear();
    });
  }

  get isUsable(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Gives up when the connection is not established within so many milliseconds. */
  limitConnecting(timeoutMs: number): void {
    const timer = setTimeout(() => this.destroy(new Error('no connection in time')), timeoutMs);
    const clear = (): void => clearTimeout(timer);
    this.#socket.once('connect', clear).once('close', clear);
  }

  send(bytes: Buffer, onFailure: (error: Error) => void): void {
    if (this.#socket.writableLength + bytes.length > MAX_UNSENT_BYTES) {
      this.destroy(new Error('the peer does not read'));
      onFailure(new Error('the peer does not read'));
      return;
    }
    this.#unsent.add(onFailure);
    this.#socket.write(bytes, (error) => {
      if (this.#unsent.delete(onFailure) && error instanceof Error) onFailure(this.#error ?? error);
    });
  }

  destroy(error?: Error): void {
    this.#error ??= error;
    this.#socket.destroy();
  }

  #onData(chunk: Buffer, events: ConnectionEvents): void {
    for (const piece of this.#framer.push(chunk)) {
      if (piece.kind === 'message') events.onMessage(piece.bytes, this.#flow());
      else if (piece.kind === 'ping') this.#socket.write(PONG);
      else if (piece.kind === 'broken') this.destroy(new Error(piece.reason));
    }
  }

  #flow(): Flow {
    return {
      protocol: 'tcp',
      remoteAddress: this.remoteAddress,
      remotePort: this.remotePort,
      localAddress: plainAddress(this.#socket.localAddress ?? ''),
      localPort: this.#socket.localPort ?? 0,
    };
  }
}

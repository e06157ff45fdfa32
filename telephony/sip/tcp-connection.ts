import type { Socket } from 'node:net';

import type { Flow, Target } from './flow.js';
import { plainAddress } from './local-address.js';
import { StreamFramer } from './stream-framer.js';

/** A peer that does not read gets no more than this; then the connection is closed. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
const PONG = Buffer.from('\r\n');

export interface ConnectionLimits {
  /** A connection without traffic for so long is closed. */
  readonly idleTimeoutMs: number;
  /** A message that has begun has so long to be complete, however its sender drips. */
  readonly messageTimeoutMs: number;
}

export interface ConnectionEvents {
  /** Something whole has come, before `onMessage`: a message, or a keep-alive. */
  onHeard(isMessage: boolean): void;
  onMessage(bytes: Buffer, flow: Flow): void;
  onClosed(): void;
}

/** One connection (TCP, or TLS over it), opened by us or by the peer. */
export class TcpConnection {
  readonly #remote: Target;
  readonly #socket: Socket;
  readonly #framer = new StreamFramer();
  readonly #unsent = new Set<(error: Error) => void>();
  #error: Error | undefined;
  readonly #limits: ConnectionLimits;
  #messageTimer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, remote: Target, limits: ConnectionLimits, events: ConnectionEvents) {
    this.#socket = socket;
    this.#limits = limits;
    this.#remote = remote;
    socket.setNoDelay(true);
    socket.setTimeout(limits.idleTimeoutMs, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#onData(chunk, events));
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', () => {
      clearTimeout(this.#messageTimer);
      events.onClosed();
      const error = this.#error ?? new Error('connection closed');
      for (const onFailure of this.#unsent) onFailure(error);
      this.#unsent.clear();
    });
  }

  get isUsable(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Gives up when the connection is not established, which `established` tells, within so many milliseconds. */
  limitConnecting(timeoutMs: number, established: string): void {
    const timer = setTimeout(() => this.destroy(new Error('no connection in time')), timeoutMs);
    const clear = (): void => clearTimeout(timer);
    this.#socket.once(established, clear).once('close', clear);
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
    const pieces = this.#framer.push(chunk);
    for (const piece of pieces) {
      if (piece.kind === 'message' || piece.kind === 'ping') events.onHeard(piece.kind === 'message');
      if (piece.kind === 'message') events.onMessage(piece.bytes, this.#flow());
      else if (piece.kind === 'ping') this.#socket.write(PONG);
      else if (piece.kind === 'broken') this.destroy(new Error(piece.reason));
    }
    this.#limitMessage(pieces.length > 0);
  }

  /** The time of a message runs from its first byte; the bytes that follow do not prolong it. */
  #limitMessage(isAnother: boolean): void {
    if (isAnother || !this.#framer.isAmidMessage) {
      clearTimeout(this.#messageTimer);
      this.#messageTimer = undefined;
    }
    if (this.#framer.isAmidMessage && !this.#socket.destroyed) {
      this.#messageTimer ??= setTimeout(
        () => this.destroy(new Error('message not complete in time')),
        this.#limits.messageTimeoutMs,
      ).unref();
    }
  }

  #flow(): Flow {
    const { protocol, address, port, serverName } = this.#remote;
    return {
      protocol,
      remoteAddress: address,
      remotePort: port,
      localAddress: plainAddress(this.#socket.localAddress ?? ''),
      localPort: this.#socket.localPort ?? 0,
      ...(serverName === undefined ? {} : { serverName }),
    };
  }
}

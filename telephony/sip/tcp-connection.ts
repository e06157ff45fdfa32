import type { Socket } from 'node:net';

import type { Flow, Target } from './flow.js';
import { plainAddress } from './local-address.js';
import { StreamFramer, type BrokenStream } from './stream-framer.js';

/** A peer that does not read gets no more than this; then the connection is closed. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
const PONG = Buffer.from('\r\n');
/**
 * When we close a connection on which the peer still sends, what it has sent is read and thrown
 * away for so long, and so much: unread bytes would make the system reset the connection, and the
 * peer would not get to read why.
 */
const DRAIN_MS = 3000;
const DRAIN_BYTES = 4 * 1024 * 1024;

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
  /**
   * What has come cannot be followed any further. What is sent at once still leaves before the
   * connection is closed.
   */
  onBroken(broken: BrokenStream, flow: Flow): void;
  onClosed(): void;
}

/** One connection (TCP, or TLS over it), opened by us or by the peer. */
export class TcpConnection {
  readonly #remote: Target;
  readonly #socket: Socket;
  readonly #framer = new StreamFramer();
  readonly #unsent = new Set<(error: Error) => void>();
  #error: Error | undefined;
  /** Bytes that were thrown away since we have begun to close; undefined until then. */
  #drained: number | undefined;
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

  /**
   * Gives up when the connection is not established, which `established` tells, within so many
   * milliseconds.
   */
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
    if (this.#drained !== undefined) return this.#drain(chunk.length);
    const pieces = this.#framer.push(chunk);
    for (const piece of pieces) {
      if (piece.kind === 'message' || piece.kind === 'ping') events.onHeard(piece.kind === 'message');
      if (piece.kind === 'message') events.onMessage(piece.bytes, this.#flow());
      else if (piece.kind === 'ping') this.#socket.write(PONG);
      else if (piece.kind === 'broken') {
        events.onBroken(piece, this.#flow());
        this.#closeInOrder(piece.reason);
      }
    }
    this.#limitMessage(pieces.length > 0);
  }

  /** Says that nothing more will come, and waits for the peer to do the same. */
  #closeInOrder(reason: string): void {
    this.#error ??= new Error(reason);
    this.#drained = 0;
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), DRAIN_MS).unref();
    this.#socket.once('close', () => clearTimeout(timer));
  }

  #drain(bytes: number): void {
    this.#drained = (this.#drained ?? 0) + bytes;
    if (this.#drained > DRAIN_BYTES) this.#socket.destroy();
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

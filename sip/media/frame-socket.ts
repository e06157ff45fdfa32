import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { FrameError, type Frame, type FrameReader } from './event-socket-frames.js';
import { errorText } from '../sip-messages.js';

/** So long after our goodbye the other side may still hold the connection open. */
const PARTING_MS = 5000;
/** Until it is asked for events, FreeSWITCH sends none. */
const MAX_WAITING = 20;

/**
 * A connection of a FreeSWITCH as drachtio-modesl, the event socket library below fsmrf, is given
 * it in place of the socket: it brings whole frames within their bounds, and what is thrown while
 * one is read ends this connection and nothing else. The library itself buffers without a bound,
 * looks at all of it again with each packet, and throws URIError, SyntaxError and TypeError out of
 * socket events.
 */
export class FrameSocket extends EventEmitter {
  readonly remoteAddress: string | undefined;
  /** Not brought yet, because the library does not listen yet; null from then on. */
  #waiting: Frame[] | null;
  #hasEnded = false;

  /**
   * @param reader goes on behind `begun`
   * @param begun the answer to `connect`, which was read already; the library asks for it once more
   */
  constructor(
    private readonly socket: Socket,
    private readonly reader: FrameReader,
    begun: readonly Frame[],
    private readonly log: Logger,
  ) {
    super();
    this.remoteAddress = socket.remoteAddress;
    this.#waiting = [...begun];
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.log.debug({ reason: error.message }, 'event socket failed'));
    socket.once('close', () => this.#end());
  }

  /** Its `connect` is not sent again: that was done when the connection came. */
  write(text: string): void {
    if (this.#waiting !== null || !this.socket.writable) return;
    this.socket.cork(); // the library writes a command line by line
    this.socket.write(text);
    process.nextTick(() => this.socket.uncork());
  }

  end(): void {
    this.socket.end();
    setTimeout(() => this.socket.destroy(), PARTING_MS).unref();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Begins to bring frames, from the first on. To be called when the library listens. */
  resume(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const frame of waiting) this.#bring(frame);
    if (this.socket.destroyed) setImmediate(() => this.#end());
  }

  /** Also for a library that began to listen when it was too late. */
  #end(): void {
    if (this.#waiting !== null || this.#hasEnded) return;
    this.#hasEnded = true;
    this.emit('close');
  }

  #receive(chunk: Buffer): void {
    let frames: Frame[];
    try {
      frames = this.reader.push(chunk);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      return this.#refuse(error);
    }
    if (this.#waiting === null) for (const frame of frames) this.#bring(frame);
    else if (this.#waiting.length + frames.length > MAX_WAITING) this.#refuse('it talks without being asked');
    else this.#waiting.push(...frames);
  }

  #bring(frame: Frame): void {
    if (this.socket.destroyed) return;
    try {
      this.emit('data', frame.bytes);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    this.log.warn(
      { address: this.remoteAddress, reason: errorText(error) },
      'an event socket connection is ended: what it sent cannot be read',
    );
    this.socket.destroy();
  }
}

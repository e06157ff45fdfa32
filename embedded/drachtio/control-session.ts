/**
 * One application connection: bytes to messages, authentication, answers.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';

import type { EngineLog } from '../log.js';
import { encodeFrame, FrameReader, FramingError } from './control-framing.js';
import { formatAnswer, parseApplicationMessage, type ApplicationMessage } from './control-message.js';

/** What an authenticated application asked for. */
export type ApplicationOrder = Exclude<ApplicationMessage, { kind: 'authenticate' | 'ping' | 'invalid' }>;

export interface SessionOptions {
  readonly secret: string;
  /**
   * The tail of the answer to a successful authentication: `<endpoints>|<version>|<local
   * endpoints>`.
   */
  readonly greeting: () => string;
  readonly onOrder: (session: ControlSession, order: ApplicationOrder) => void;
  readonly onClosed: (session: ControlSession) => void;
  readonly log: EngineLog;
}

/** How long a connection may stay without having authenticated, in milliseconds. */
const AUTHENTICATION_TIMEOUT = 5_000;

/**
 * An application that does not read for so long that this much waits for it, in bytes, has stopped;
 * it is disconnected.
 */
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;

export class ControlSession {
  readonly #socket: Socket;
  readonly #options: SessionOptions;
  readonly #frames = new FrameReader();
  readonly #authenticationTimer: NodeJS.Timeout;
  #authenticated = false;
  #closed = false;

  constructor(socket: Socket, options: SessionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    this.#authenticationTimer = setTimeout(
      () => this.#refuse('authentication timed out'),
      AUTHENTICATION_TIMEOUT,
    );
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) =>
      options.log('info', 'control connection failed', { reason: error.message }),
    );
    socket.on('close', () => this.#onClose());
  }

  /** False from the moment the connection ends: nothing sent afterwards arrives. */
  get open(): boolean {
    return !this.#closed;
  }

  /**
   * Sends one payload. An application that does not read is disconnected instead of being buffered
   * for without limit.
   */
  send(payload: string): void {
    if (this.#closed) return;
    this.#socket.write(encodeFrame(payload));
    if (this.#socket.writableLength > MAX_UNREAD_BYTES) this.#refuse('application does not read');
  }

  /** Answers the message `id`. */
  answer(id: string, outcome: 'OK' | 'NO' | 'NOK', detail?: string): void {
    this.send(formatAnswer(id, outcome, detail));
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const payload of this.#frames.push(chunk)) {
        if (this.#closed) return;
        this.#handle(parseApplicationMessage(payload));
      }
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      this.#refuse(error.message);
    }
  }

  #handle(message: ApplicationMessage): void {
    if (message.kind === 'authenticate') return this.#authenticate(message.id, message.secret);
    // Stricter than the real server, which takes `route` and `sip` from any connection: an
    // application that can place calls can place them at the operator's expense.
    if (!this.#authenticated) return this.#reject(message.id, 'not authenticated');
    switch (message.kind) {
      case 'ping':
        return this.answer(message.id, 'OK', 'pong');
      case 'invalid':
        return this.#reject(message.id, message.reason);
      case 'route':
      case 'remove-route':
      case 'sip':
        return this.#options.onOrder(this, message);
    }
  }

  #authenticate(id: string, secret: string): void {
    if (!sameSecret(secret, this.#options.secret)) return this.#reject(id, 'incorrect secret');
    clearTimeout(this.#authenticationTimer);
    this.#authenticated = true;
    this.answer(id, 'OK', this.#options.greeting());
  }

  /** Says what is wrong with a message, then ends the connection, as the real server does. */
  #reject(id: string, reason: string): void {
    this.#options.log('warn', 'application disconnected', { reason });
    this.#socket.write(encodeFrame(formatAnswer(id, 'NO', reason)));
    this.#socket.destroySoon();
    this.#onClose();
  }

  #refuse(reason: string): void {
    this.#options.log('warn', 'application disconnected', { reason });
    this.#socket.destroy();
    this.#onClose();
  }

  #onClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#authenticationTimer);
    this.#options.onClosed(this);
  }
}

/**
 * Compares digests, so that neither the time taken nor an early exit tells how much of a guess was
 * right.
 */
function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

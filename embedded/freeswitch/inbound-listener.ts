import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

import { ListenError } from '../listen-error.js';
import type { EngineLog } from '../log.js';
import type { Core } from './core.js';
import { AUTH_REQUEST, commandReply, disconnectNotice, EslReader } from './esl-frame.js';
import { EslSession } from './esl-session.js';

/** Clients at once; a media server has one or two. */
const MAX_CLIENTS = 100;
/** A client that has not said the secret by then is disconnected. */
const AUTH_TIMEOUT_MS = 5000;

/** The "inbound" event socket: clients connect to us and authenticate with the secret. */
export class InboundListener {
  readonly #server: Server;
  readonly #core: Core;
  readonly #secretDigest: Buffer;
  readonly #log: EngineLog;
  readonly #sockets = new Set<Socket>();

  private constructor(core: Core, secret: string, log: EngineLog) {
    this.#core = core;
    this.#secretDigest = digest(secret);
    this.#log = log;
    this.#server = createServer((socket) => this.#welcome(socket));
    this.#server.maxConnections = MAX_CLIENTS;
    this.#server.on('error', (error) =>
      this.#log('error', 'event socket listener failed', { reason: error.message }),
    );
  }

  /** Rejects with a {@link ListenError}. Port 0 is any. */
  static async listen(
    core: Core,
    host: string,
    port: number,
    secret: string,
    log: EngineLog,
  ): Promise<InboundListener> {
    const listener = new InboundListener(core, secret, log);
    try {
      listener.#server.listen(port, host);
      await once(listener.#server, 'listening');
    } catch (error) {
      throw ListenError.from(error, { purpose: 'media-control', protocol: 'tcp', host, port });
    }
    return listener;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) {
      if (socket.writable) socket.end(disconnectNotice());
      // A client that keeps its half open must not keep us from ending.
      setTimeout(() => socket.destroy(), 200).unref();
    }
    await closed;
  }

  #welcome(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true).setKeepAlive(true);
    socket.on('error', (error) =>
      this.#log('debug', 'event socket client failed', { reason: error.message }),
    );
    socket.once('close', () => this.#sockets.delete(socket));
    const timeout = setTimeout(() => socket.destroy(), AUTH_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(timeout));
    const reader = new EslReader();
    const session = new EslSession(socket, this.#core, undefined, reader);
    let authenticated = false;
    socket.on('data', (chunk: Buffer) => {
      if (authenticated) {
        session.receive(chunk);
        return;
      }
      const reading = reader.push(chunk);
      if (reading.kind === 'overflow') {
        socket.destroy();
        return;
      }
      for (const command of reading.commands) {
        if (authenticated) session.run(command);
        else if (this.#isAdmitted(socket, command.line)) {
          authenticated = true;
          clearTimeout(timeout);
          socket.once('close', this.#core.events.subscribe(session));
        }
      }
    });
    socket.write(AUTH_REQUEST);
  }

  #isAdmitted(socket: Socket, line: string): boolean {
    const secret = /^auth (.*)$/i.exec(line)?.[1];
    if (secret !== undefined && timingSafeEqual(digest(secret), this.#secretDigest)) {
      socket.write(commandReply('+OK accepted'));
      return true;
    }
    if (secret !== undefined)
      this.#log('warn', 'event socket client with a wrong secret', { address: socket.remoteAddress ?? '' });
    socket.end(
      `${commandReply(secret === undefined ? '-ERR command not found' : '-ERR invalid')}${disconnectNotice()}`,
    );
    return false;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

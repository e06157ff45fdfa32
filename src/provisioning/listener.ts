import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { closeServer } from '../listen.js';
import type { ServiceContext } from '../services/context.js';
import { FetchNotes } from '../services/fetch-notes.js';
import { UNAVAILABLE, writeAnswer } from './answer.js';
import { answerFetch, type FetchContext, type FetchTrace } from './answer-fetch.js';
import { createProvisioningApp } from './app.js';
import { maskTarget } from './request-target.js';

/** The port that phones fetch from. */
export interface Provisioning {
  /** Not listening yet. */
  server: Server;
  /** Writes what fetches have left behind so far. */
  flush(): Promise<void>;
  /** Takes no more connections, finishes what is in hand within a bound, and writes what fetches have left behind. */
  close(): Promise<void>;
}

/** What one client, or all of them together, may take. */
export interface Limits {
  /** Of the request line and the headers; a phone's are a few hundred. */
  headerBytes: number;
  /** From the first byte until the headers, and until the body, are there. */
  headerMilliseconds: number;
  requestMilliseconds: number;
  /** How often that is looked at. */
  checkMilliseconds: number;
  /** A connection on which nothing moves: between two requests, and while one is answered. */
  keepAliveMilliseconds: number;
  idleMilliseconds: number;
  /** Beyond these, phones are asked to come back later. */
  fetchesInHand: number;
}

export const DEFAULT_LIMITS: Limits = {
  headerBytes: 8 * 1024,
  headerMilliseconds: 10_000,
  requestMilliseconds: 15_000,
  checkMilliseconds: 2_000,
  keepAliveMilliseconds: 5_000,
  idleMilliseconds: 20_000,
  fetchesInHand: 1000,
};

const CLOSE_MILLISECONDS = 5_000;
/** How long what a rejected client still sends is read and thrown away, so that the refusal reaches it and no reset does. */
const DRAIN_MILLISECONDS = 1_000;

export function createProvisioning(services: ServiceContext, limits = DEFAULT_LIMITS): Provisioning {
  const { log } = services;
  const notes = new FetchNotes(services.store.db, log);
  const publicPath = new URL(services.installation.publicUrl).pathname.replace(/\/+$/, '');
  const context: FetchContext = { ...services, notes, publicPath };
  const app = createProvisioningApp();
  let inHand = 0;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = process.hrtime.bigint();
    let trace: FetchTrace = { path: maskTarget(request.url ?? '', null) };
    inHand += 1;
    try {
      const answered =
        inHand > limits.fetchesInHand ? { answer: UNAVAILABLE, trace } : await ask(context, request);
      if (answered === null) {
        app(request, response);
      } else {
        ({ trace } = answered);
        writeAnswer(response, answered.answer);
      }
    } catch (error) {
      log.error({ err: error, path: trace.path }, 'a fetch could not be answered');
      if (response.headersSent) response.destroy();
      else writeAnswer(response, UNAVAILABLE);
    } finally {
      inHand -= 1;
    }
    const { statusCode: status } = response;
    const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
    log.info(
      { method: request.method, ...trace, status, peer: request.socket.remoteAddress, milliseconds },
      'fetch',
    );
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void serve(request, response);

  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headerMilliseconds,
      requestTimeout: limits.requestMilliseconds,
      connectionsCheckingInterval: limits.checkMilliseconds,
      keepAliveTimeout: limits.keepAliveMilliseconds,
    },
    listener,
  );
  server.timeout = limits.idleMilliseconds;
  // Nobody is told to go on with an upload.
  server.on('checkContinue', listener);
  server.on('clientError', refuse);

  return {
    server,
    flush: () => notes.flush(),
    close: async () => {
      await closeServer(server, CLOSE_MILLISECONDS);
      await notes.close();
    },
  };
}

function ask(context: FetchContext, request: IncomingMessage): ReturnType<typeof answerFetch> {
  return answerFetch(context, {
    method: request.method ?? '',
    target: request.url ?? '',
    userAgent: request.headers['user-agent'],
    ifNoneMatch: request.headers['if-none-match'],
    peer: request.socket.remoteAddress,
  });
}

/** Answers what is no HTTP, has too long a header or takes too long. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = REFUSALS[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  const drained = setTimeout(() => socket.destroy(), DRAIN_MILLISECONDS);
  socket.once('close', () => {
    clearTimeout(drained);
  });
}

const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

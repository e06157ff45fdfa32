import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { canonicalAddress } from '../domain/address.js';
import { isWithin, type Prefix } from '../domain/prefix.js';
import { drain } from './socket-drain.js';

/**
 * How long a connection of one of our proxies waits for the next request: longer than any of them
 * keeps one in its pool (nginx and AWS 60 s, Traefik and Go 90 s, Google 600 s), or a request goes
 * out on a connection that is just being closed, and is lost.
 */
const PROXY_KEEP_ALIVE_MS = 620_000;

export interface HttpServerOptions extends ServerOptions {
  /**
   * Whose connections are kept for long. Those of anybody else take up places, and go after
   * `keepAliveTimeout`.
   */
  trustedProxies: readonly Prefix[];
}

/** The request that a connection is about, from its head to the end of the answer. */
interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * A server of HTTP/1.1 for phones, administrators and the SIP application. What it refuses (431,
 * 408, 400, or a body that is not read) it answers in a way that the client can read
 * although it is still writing: what comes in is discarded for a while, within bounds.
 */
export function createHttpServer(listener: RequestListener, options: HttpServerOptions): Server {
  const { trustedProxies, ...ofNode } = options;
  const exchanges = new WeakMap<Socket, Exchange>();
  const ofProxies = new WeakSet<Socket>();

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    exchanges.set(socket, { request, response });
    // Behind Node's own listener, which has set the time for everybody.
    response.once('finish', () => {
      if (ofProxies.has(socket)) socket.setTimeout(PROXY_KEEP_ALIVE_MS);
      if (!request.complete) drain(socket, request);
    });
    listener(request, response);
  };
  const server = createServer(ofNode, answer);

  server.on('connection', (socket: Socket) => {
    if (isOf(trustedProxies, socket)) ofProxies.add(socket);
    const destroySoon = socket.destroySoon.bind(socket);
    // Node calls it at the end of a last answer, whatever the client is still writing: that would
    // be reset, and the answer with it.
    socket.destroySoon = (): void => {
      const request = exchanges.get(socket)?.request;
      if (request === undefined || request.complete || socket.destroyed) destroySoon();
      else socket.end();
    };
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    refuse(error, socket, exchanges.get(socket));
  });
  return server;
}

function isOf(trustedProxies: readonly Prefix[], { remoteAddress }: Socket): boolean {
  const address = remoteAddress === undefined ? null : canonicalAddress(remoteAddress);
  return address !== null && trustedProxies.some((prefix) => isWithin(address, prefix));
}

/**
 * Answers what is no HTTP, has too long a head or takes too long. Of one connection Node may tell
 * several times.
 */
function refuse(error: NodeJS.ErrnoException, socket: Socket, exchange: Exchange | undefined): void {
  if (socket.destroyed) return;
  const isUnderWay = exchange !== undefined && exchange.response.headersSent && !exchange.response.closed;
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || isUnderWay) {
    socket.destroy();
    return;
  }
  if (socket.writable) {
    const status = REFUSALS[error.code ?? ''] ?? '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
  drain(socket, null);
}

const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

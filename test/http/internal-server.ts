/** The internal app on a port of its own, and a client that has its token. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type InternalApp, createInternalApp } from '../../src/internal/app.js';
import { createHttpServer } from '../../src/http/http-server.js';
import type { ServiceContext } from '../../src/services/context.js';

export const INTERNAL_TOKEN = 'shared-token-of-this-test';

export interface Answer {
  status: number;
  /** Parsed; null when there was none. */
  body: unknown;
}

export interface InternalServer {
  url: string;
  server: Server;
  internal: InternalApp;
  /** A text is sent as it is, anything else as JSON. */
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  close: () => Promise<void>;
}

export async function serveInternally(context: ServiceContext): Promise<InternalServer> {
  const internal = createInternalApp(context, INTERNAL_TOKEN);
  const server = createHttpServer(internal.app, { trustedProxies: [] });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    server,
    internal,
    call: async (method, path, body, headers = {}) => {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${INTERNAL_TOKEN}`,
          'content-type': 'application/json',
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    },
    close: async () => {
      internal.stop();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

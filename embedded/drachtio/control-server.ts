/**
 * Listens for applications. On loopback only: the control port can place calls, so it must not be
 * reachable from outside, whatever its secret.
 */
import { createServer, type AddressInfo } from 'node:net';

import { ListenError } from '../listen-error.js';
import { ControlSession, type SessionOptions } from './control-session.js';

/** Connections at a time; an application needs one. */
const MAX_SESSIONS = 64;

const LOOPBACK = '127.0.0.1';

export interface ControlServer {
  readonly host: string;
  readonly port: number;
  /** Ends all connections and stops listening. */
  close(): Promise<void>;
}

/**
 * @param port 0 for any free one
 * @throws ListenError when the port is taken
 */
export async function startControlServer(port: number, options: SessionOptions): Promise<ControlServer> {
  const sessions = new Set<ControlSession>();
  const server = createServer((socket) => {
    const session = new ControlSession(socket, {
      ...options,
      onClosed: (closed) => {
        sessions.delete(closed);
        options.onClosed(closed);
      },
    });
    sessions.add(session);
  });
  server.maxConnections = MAX_SESSIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(ListenError.from(error, { purpose: 'sip-control', protocol: 'tcp', host: LOOPBACK, port })),
    );
    server.listen(port, LOOPBACK, resolve);
  });
  server.on('error', (error) => options.log('error', 'control port failed', { reason: error.message }));
  return {
    host: LOOPBACK,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const session of sessions) session.close();
      await closed;
    },
  };
}

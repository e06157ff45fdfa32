import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { StartupFault } from '../domain/startup-fault.js';

/** The open connections of each server that was bound here. */
const CONNECTIONS = new WeakMap<Server, Set<Socket>>();

/**
 * Binds a server. `setting` is the variable that moves the port, so that a port in use can be
 * answered with what to do.
 */
export async function listen(server: Server, host: string, port: number, setting: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(explain(error, host, port, setting));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const connections = new Set<Socket>();
  CONNECTIONS.set(server, connections);
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  return (server.address() as AddressInfo).port;
}

function explain(error: NodeJS.ErrnoException, host: string, port: number, setting: string): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartupFault(`Port ${port} on ${host} is in use. Set ${setting} to another port.`, {
        cause: error,
      });
    case 'EACCES':
      return new StartupFault(
        `Port ${port} needs more rights than this process has. Set ${setting} to a port above 1023.`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartupFault(`This machine has no address ${host}. Set HOST to one it has, or to 0.0.0.0.`, {
        cause: error,
      });
    default:
      return error;
  }
}

const SWEEP_MS = 20;

/**
 * Ends a server: no new connections, requests in hand are answered within `graceMs`, then whatever
 * is left is cut.
 */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    // A connection whose request is answered after this is idle then, and would be kept for the
    // next one.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    // Clients open connections in advance, too; Node would wait for a request on them.
    for (const socket of CONNECTIONS.get(server) ?? []) if (socket.bytesRead === 0) socket.destroy();
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
  });
}

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartupFault } from './startup-fault.js';

/** Binds a server. `setting` is the variable that moves the port, so that a port in use can be answered with what to do. */
export async function listen(server: Server, host: string, port: number, setting: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(explain(error, host, port, setting));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
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

/** Ends a server: no new connections, requests in hand are answered within `graceMs`, then whatever is left is cut. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/**
 * Ports without a listener at the moment. Another process may take one before its user does;
 * that is rare, and loud.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

const HOST = '127.0.0.1';
/**
 * Below Linux's range for outgoing connections (32768 up), so that no connection takes such a port.
 */
const RANGE = { lowest: 10_000, highest: 30_000 };

const anyPort = (): number => Math.floor(RANGE.lowest + Math.random() * (RANGE.highest - RANGE.lowest));

/** A port of 127.0.0.1 that is free for TCP and for UDP, as SIP needs it. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = anyPort();
    if ((await isFreeForTcp(port)) && (await isFreeForUdp(port))) return port;
  }
  throw new Error('found no port that is free for both TCP and UDP');
}

/**
 * A run of UDP ports of 127.0.0.1, as RTP needs it.
 *
 * @returns the first and the last port; the first one is even
 */
export async function freePortRange(count: number): Promise<{ first: number; last: number }> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = 2 * Math.floor(anyPort() / 2);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(ports.map(isFreeForUdp));
    if (free.every(Boolean)) return { first, last: first + count - 1 };
  }
  throw new Error(`found no ${count} free UDP ports in a row`);
}

async function isFreeForTcp(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
    return true;
  } catch {
    return false; // Taken, which is the answer.
  } finally {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  }
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, HOST);
    await once(socket, 'listening');
    return true;
  } catch {
    return false; // Taken, which is the answer.
  } finally {
    await new Promise<void>((resolve) => {
      socket.close(() => resolve());
    });
  }
}

import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

import type { Target } from './flow.js';
import { plainAddress } from './local-address.js';

export type OnDatagram = (bytes: Buffer, remoteAddress: string, remotePort: number) => void;

/**
 * The kernel halves nothing it does not want to give: a burst of registrations waits here while one
 * is answered.
 */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * All our destinations are addresses. Node would ask its resolver for each datagram; this answers
 * in its place, at once.
 */
function noLookup(
  address: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, address, isIPv6(address) ? 6 : 4);
}

/**
 * A UDP socket on an IPv4 or IPv6 address. `shared` lets further sockets of ours bind the same port
 * (see UnreachableWatch).
 */
export function createUdpSocket(host: string, shared: boolean): Socket {
  return createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', reuseAddr: shared, lookup: noLookup });
}

/** Rejects with the system error and closes the socket when it cannot be bound. */
export function bindUdpSocket(socket: Socket, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', onError);
    socket.bind(port, host, () => {
      socket.off('error', onError);
      resolve(socket.address().port);
    });
  });
}

export function closeUdpSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}

/** The datagram side of a transport. */
export class UdpListener {
  readonly #socket: Socket;
  readonly #isIPv6: boolean;

  private constructor(socket: Socket, onDatagram: OnDatagram) {
    this.#socket = socket;
    this.#isIPv6 = socket.address().family === 'IPv6';
    socket.on('message', (bytes, { address, port }) => onDatagram(bytes, plainAddress(address), port));
    // Receive errors of a datagram socket concern single datagrams (too long, truncated); the next
    // one is received again.
    socket.on('error', () => undefined);
  }

  /**
   * The port must be free for us alone, although the socket is bound so that others of ours can
   * join it: so it is first bound exclusively, for a moment.
   */
  static async bind(host: string, port: number, onDatagram: OnDatagram): Promise<UdpListener> {
    const exclusive = createUdpSocket(host, false);
    const free = await bindUdpSocket(exclusive, host, port);
    await closeUdpSocket(exclusive);
    const socket = createUdpSocket(host, true);
    await bindUdpSocket(socket, host, free);
    try {
      socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    } catch {
      // Not ours to have on this system: the default size loses a datagram earlier, and it is sent
      // again.
    }
    return new UdpListener(socket, onDatagram);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(bytes: Buffer, { address, port }: Target, onFailure: (error: Error) => void): void {
    try {
      const isMapped = this.#isIPv6 && !isIPv6(address);
      this.#socket.send(bytes, port, isMapped ? `::ffff:${address}` : address, (error) => {
        if (error !== null) onFailure(error);
      });
    } catch (error) {
      onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }

  close(): Promise<void> {
    return closeUdpSocket(this.#socket);
  }
}

import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

import { plainAddress } from './local-address.js';
import { createUdpSocket, type OnDatagram } from './udp-socket.js';

/**
 * Sockets held at once. Who comes when all are in use is not watched: a dead peer is then noticed
 * by silence.
 */
const MAX_EARS = 256;
/**
 * A socket that is no longer used is kept for the next request to the same peer. Milliseconds.
 */
const LINGER_MS = 10_000;

interface Ear {
  readonly socket: Socket;
  readonly listeners: Set<(error: Error) => void>;
  linger: NodeJS.Timeout | undefined;
}

/**
 * Hears ICMP errors (port or host unreachable) about datagrams of ours, so that a dead gateway
 * costs a moment and not the 32 s of timer B. The kernel tells them only to connected sockets, so
 * for the time of a request there is one beside the listening socket, bound to the same port and
 * connected to the peer. It sends nothing. Datagrams from that peer then arrive at it and are
 * passed on as if they had come by the listener. Linux; where the system does not play along, only
 * the quick notice is missing.
 */
export class UnreachableWatch {
  readonly #ears = new Map<string, Ear>();
  readonly #host: string;
  readonly #port: number;
  readonly #onDatagram: OnDatagram;

  constructor(host: string, port: number, onDatagram: OnDatagram) {
    this.#host = host;
    this.#port = port;
    this.#onDatagram = onDatagram;
  }

  /**
   * Calls the listener with each ICMP error about that peer, until the returned function is called.
   */
  watch(address: string, port: number, listener: (error: Error) => void): () => void {
    const key = `${address}/${port}`;
    const ear = this.#ears.get(key) ?? this.#open(key, address, port);
    if (ear === undefined) return () => undefined;
    clearTimeout(ear.linger);
    ear.linger = undefined;
    ear.listeners.add(listener);
    return () => {
      if (!ear.listeners.delete(listener) || ear.listeners.size > 0 || this.#ears.get(key) !== ear) return;
      ear.linger = setTimeout(() => this.#drop(key, ear), LINGER_MS).unref();
    };
  }

  close(): void {
    for (const [key, ear] of this.#ears) this.#drop(key, ear);
  }

  #open(key: string, address: string, port: number): Ear | undefined {
    if (this.#ears.size >= MAX_EARS && !this.#dropIdle()) return undefined;
    const socket = createUdpSocket(this.#host, true);
    const ear: Ear = { socket, listeners: new Set(), linger: undefined };
    // Between bind and connect the kernel gives it datagrams of anybody, so the sender is the one
    // that the datagram has.
    socket.on('message', (bytes, from) => this.#onDatagram(bytes, plainAddress(from.address), from.port));
    let isConnected = false;
    socket.on('error', (error) => {
      // An error before that is the system refusing the arrangement, and says nothing about the
      // peer.
      if (!isConnected) this.#drop(key, ear);
      else for (const listener of ear.listeners) listener(error);
    });
    this.#ears.set(key, ear);
    try {
      socket.bind(this.#port, this.#host);
      const isMapped = isIPv6(this.#host) && !isIPv6(address);
      socket.connect(port, isMapped ? `::ffff:${address}` : address, () => {
        isConnected = true;
      });
    } catch {
      // As above: without an ear the peer's death is noticed by silence.
      this.#drop(key, ear);
      return undefined;
    }
    return ear;
  }

  #dropIdle(): boolean {
    for (const [key, ear] of this.#ears) {
      if (ear.listeners.size > 0) continue;
      this.#drop(key, ear);
      return true;
    }
    return false;
  }

  #drop(key: string, ear: Ear): void {
    clearTimeout(ear.linger);
    ear.listeners.clear();
    if (this.#ears.get(key) !== ear) return;
    this.#ears.delete(key);
    ear.socket.close();
  }
}

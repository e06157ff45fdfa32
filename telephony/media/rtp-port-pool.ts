import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4, isIPv6 } from 'node:net';

/** A bound UDP socket for RTP. Closing it gives its port back. */
export type RtpPortOutcome =
  | { readonly kind: 'bound'; readonly socket: Socket; readonly port: number }
  /** Every port of the range is in use, by us or by others. */
  | { readonly kind: 'exhausted' };

/**
 * A UDP socket on this IP address; port 0 is any. Throws when the port is taken (`EADDRINUSE`).
 * Destinations must be IP addresses: the resolver is left out, which saves a turn of the event loop
 * for every packet.
 */
export async function bindRtpSocket(host: string, port = 0): Promise<Socket> {
  const family = isIPv6(host) ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // An IPv6 socket on all addresses reaches IPv4 ones as mapped into IPv6 (RFC 4291 2.5.5.2).
    lookup: (address, _options, callback) =>
      callback(null, family === 6 && isIPv4(address) ? `::ffff:${address}` : address, family),
  });
  try {
    // Listen first, bind then: with our resolver the event comes before bind() returns.
    const listening = once(socket, 'listening');
    socket.bind(port, host);
    await listening;
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}

/** The even ports of a range, on one address (RTP takes even ones, RFC 3550 11). */
export class RtpPortPool {
  readonly #host: string;
  readonly #ports: readonly number[];
  readonly #inUse = new Set<number>();
  /**
   * Goes round, so that a port rests before its next call and late packets of the last one are not
   * taken for it.
   */
  #next = 0;

  /** `from` and `to` are both included. */
  constructor(host: string, from: number, to: number) {
    this.#host = host;
    const first = from + (from % 2);
    this.#ports = Array.from(
      { length: Math.max(0, Math.floor((to - first) / 2) + 1) },
      (_, i) => first + 2 * i,
    );
  }

  get size(): number {
    return this.#ports.length;
  }

  get used(): number {
    return this.#inUse.size;
  }

  /** Binds the next free port, passing over those that other programs hold. */
  async acquire(): Promise<RtpPortOutcome> {
    for (let tried = 0; tried < this.#ports.length; tried++) {
      const port = this.#ports[this.#next];
      this.#next = (this.#next + 1) % this.#ports.length;
      if (port === undefined || this.#inUse.has(port)) continue;
      this.#inUse.add(port);
      const socket = await this.#bind(port);
      if (socket === null) continue;
      socket.once('close', () => this.#inUse.delete(port));
      return { kind: 'bound', socket, port };
    }
    return { kind: 'exhausted' };
  }

  async #bind(port: number): Promise<Socket | null> {
    try {
      return await bindRtpSocket(this.#host, port);
    } catch (error) {
      this.#inUse.delete(port);
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return null;
      throw error;
    }
  }
}

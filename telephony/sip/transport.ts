import { targetOf, type Destination, type Flow, type SipProtocol, type Target } from './flow.js';
import { isWildcard, LocalAddresses } from './local-address.js';
import type { SipMessage } from './message.js';
import { parseMessage, type MalformedMessage } from './parse.js';
import { bindListeners, type Listeners } from './transport-binding.js';
import { UnreachableWatch } from './unreachable-watch.js';
import { stampTopVia } from './via-stamp.js';

export interface SipTransportOptions {
  /** Address to bind: IPv4 or IPv6, `0.0.0.0` and `::` included. */
  readonly host: string;
  /** 0 finds a port that is free for all protocols. */
  readonly port: number;
  /** Default: both. */
  readonly protocols?: readonly SipProtocol[];
  /** What we call ourselves in Via and Contact. Default: `host`, or for a wildcard the address of the interface facing the target. */
  readonly advertisedHost?: string;
  /** TCP connections held at once, both directions; further inbound ones are closed. Default 2000. */
  readonly maxConnections?: number;
  /** A TCP connection without traffic for so long is closed. Milliseconds, default 10 minutes. */
  readonly idleTimeoutMs?: number;
  /** Milliseconds, default 5000. */
  readonly connectTimeoutMs?: number;
  /** Sees everything that leaves; false drops it. For tests (lost packets) and traces. */
  readonly beforeSend?: (bytes: Buffer, destination: Destination) => boolean;
}

export interface TransportHandlers {
  /** A message has arrived. Requests have `received` and `rport` stamped into their top Via (RFC 3261 18.2.1, RFC 3581). */
  onMessage(message: SipMessage, flow: Flow, bytes: Buffer): void;
  onMalformed?(malformed: MalformedMessage, flow: Flow, bytes: Buffer): void;
}

/** Called at most once, when what was sent is known not to have arrived: connection refused, ICMP unreachable, no connection in time. */
export type OnSendFailure = (error: Error) => void;

/** UDP and TCP on one host and port (RFC 3261 18). */
export class SipTransport {
  readonly host: string;
  readonly port: number;
  readonly protocols: readonly SipProtocol[];
  readonly #options: SipTransportOptions;
  readonly #listeners: Listeners;
  readonly #watch: UnreachableWatch;
  readonly #localAddresses = new LocalAddresses();
  #handlers: TransportHandlers | undefined;
  #closing: Promise<void> | undefined;

  private constructor(options: SipTransportOptions, listeners: Listeners) {
    this.host = options.host;
    this.port = listeners.port;
    this.protocols = options.protocols ?? ['udp', 'tcp'];
    this.#options = options;
    this.#listeners = listeners;
    this.#watch = new UnreachableWatch(this.host, this.port, (bytes, address, port) =>
      this.#onDatagram(bytes, address, port),
    );
  }

  /** Rejects with the system error (EADDRINUSE, EADDRNOTAVAIL, …) when a listener cannot be bound. */
  static async bind(options: SipTransportOptions): Promise<SipTransport> {
    // The listeners exist before the transport does; what arrives in between finds no one, as before setHandlers.
    const bound: { transport?: SipTransport } = {};
    const listeners = await bindListeners(
      options,
      (bytes, address, port) => {
        if (bound.transport !== undefined) bound.transport.#onDatagram(bytes, address, port);
      },
      (bytes, flow) => {
        if (bound.transport !== undefined) bound.transport.#onBytes(bytes, flow);
      },
    );
    bound.transport = new SipTransport(options, listeners);
    return bound.transport;
  }

  /** Who gets what arrives. Until it is set, messages are dropped. */
  setHandlers(handlers: TransportHandlers): void {
    this.#handlers = handlers;
  }

  /** What to write into Via and Contact for messages to that target. */
  advertised(target: Target): { readonly host: string; readonly port: number } {
    const { advertisedHost } = this.#options;
    return { host: advertisedHost ?? this.#localAddress(target.address), port: this.port };
  }

  /**
   * Sends. TCP re-uses a connection to that address and port, inbound ones included, and opens one when there is none.
   * Never throws; what is known to have failed is reported to `onFailure`, never before this returns.
   */
  send(bytes: Buffer, destination: Destination, onFailure: OnSendFailure = () => undefined): void {
    if (this.#options.beforeSend?.(bytes, destination) === false) return;
    let isReported = false;
    const report = (error: Error): void => {
      if (isReported) return;
      isReported = true;
      queueMicrotask(() => onFailure(error));
    };
    const { protocol, address, port } = targetOf(destination);
    const listener = this.#closing === undefined ? this.#listeners[protocol] : undefined;
    if (listener === undefined) report(new Error(`${protocol} is not available`));
    else listener.send(bytes, address, port, report);
  }

  /** Hears of ICMP errors for that target until the returned function is called (UDP; on TCP a failed send tells it). */
  watch(target: Target, onUnreachable: OnSendFailure): () => void {
    if (target.protocol !== 'udp' || this.#listeners.udp === undefined || this.#closing !== undefined) {
      return () => undefined;
    }
    return this.#watch.watch(target.address, target.port, onUnreachable);
  }

  /** Closes listeners and connections; resolves when all are closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#handlers = undefined;
    this.#watch.close();
    await Promise.all([this.#listeners.udp?.close(), this.#listeners.tcp?.close()]);
  }

  #localAddress(remoteAddress: string): string {
    return isWildcard(this.host) ? this.#localAddresses.facing(remoteAddress) : this.host;
  }

  #onDatagram(bytes: Buffer, remoteAddress: string, remotePort: number): void {
    // Keep-alives of phones behind NAT: empty, CRLFs, or a few zero bytes. Less than the shortest start-line is no message.
    if (bytes.length < 12) return;
    const localAddress = this.#localAddress(remoteAddress);
    this.#onBytes(bytes, { protocol: 'udp', remoteAddress, remotePort, localAddress, localPort: this.port });
  }

  #onBytes(bytes: Buffer, flow: Flow): void {
    const handlers = this.#handlers;
    if (handlers === undefined) return;
    const message = parseMessage(bytes);
    if (message.kind === 'malformed') {
      if (message.request !== undefined) stampTopVia(message.request, flow);
      handlers.onMalformed?.(message, flow, bytes);
      return;
    }
    if (message.kind === 'request') stampTopVia(message, flow);
    handlers.onMessage(message, flow, bytes);
  }
}

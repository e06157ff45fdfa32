import { isStream, targetOf, type Destination, type Flow, type Target } from './flow.js';
import { isWildcard, LocalAddresses } from './local-address.js';
import type { SipMessage } from './message.js';
import { parseMessage, type MalformedMessage } from './parse.js';
import type { BrokenStream } from './stream-framer.js';
import type { TlsIdentity } from './stream-kind.js';
import { bindListeners, type Listeners, type TlsOptions } from './transport-binding.js';
import { UnreachableWatch } from './unreachable-watch.js';
import { stampTopVia } from './via-stamp.js';

export interface SipTransportOptions {
  /** Address to bind: IPv4 or IPv6, `0.0.0.0` and `::` included. */
  readonly host: string;
  /** 0 finds a port that is free for both protocols. */
  readonly port: number;
  /** Default: both. */
  readonly protocols?: readonly ('udp' | 'tcp')[];
  /** TLS has a port of its own, or none: others can be called by it in any case. */
  readonly tls?: TlsOptions;
  /**
   * What we call ourselves in Via and Contact. Default: `host`, or for a wildcard the address of
   * the interface facing the target.
   */
  readonly advertisedHost?: string;
  /**
   * Connections of peers held at once, in all (default 2000) and of one source (default 500), TCP
   * and TLS each, and as many of ours again. See AcceptedSockets for who makes room when they are
   * taken.
   */
  readonly maxConnections?: number;
  readonly maxPerSource?: number;
  /**
   * A connection of a peer that has brought no message by then is closed. Milliseconds, default 30
   * s.
   */
  readonly firstMessageMs?: number;
  /**
   * So long a message over a stream may take from its first byte to its last. Milliseconds, default
   * 15 s.
   */
  readonly messageTimeoutMs?: number;
  /** A connection without traffic for so long is closed. Milliseconds, default 10 minutes. */
  readonly idleTimeoutMs?: number;
  /** Milliseconds, default 5000. */
  readonly connectTimeoutMs?: number;
  /** Sees what arrives before it is read as a message, keep-alives excepted; false drops it. */
  readonly admit?: (bytes: Buffer, flow: Flow) => boolean;
  /** Sees everything that leaves; false drops it. For tests (lost packets) and traces. */
  readonly beforeSend?: (bytes: Buffer, destination: Destination) => boolean;
}

export interface TransportHandlers {
  /**
   * A message has arrived. Requests have `received` and `rport` stamped into their top Via (RFC
   * 3261 18.2.1, RFC 3581).
   */
  onMessage(message: SipMessage, flow: Flow, bytes: Buffer): void;
  onMalformed?(malformed: MalformedMessage, flow: Flow, bytes: Buffer): void;
}

/**
 * Called at most once, when what was sent is known not to have arrived: connection refused, ICMP
 * unreachable, no connection in time.
 */
export type OnSendFailure = (error: Error) => void;

/** UDP and TCP on one host and port, TLS on another port (RFC 3261 18). */
export class SipTransport {
  readonly host: string;
  readonly port: number;
  /** undefined where TLS is not listened for. */
  readonly tlsPort: number | undefined;
  readonly #options: SipTransportOptions;
  readonly #listeners: Listeners;
  readonly #watch: UnreachableWatch;
  readonly #localAddresses = new LocalAddresses();
  #handlers: TransportHandlers | undefined;
  #closing: Promise<void> | undefined;

  private constructor(options: SipTransportOptions, listeners: Listeners) {
    this.host = options.host;
    this.port = listeners.port;
    this.tlsPort = options.tls?.server === undefined ? undefined : listeners.tls.port;
    this.#options = options;
    this.#listeners = listeners;
    this.#watch = new UnreachableWatch(this.host, this.port, (bytes, address, port) =>
      this.#onDatagram(bytes, address, port),
    );
  }

  /**
   * Rejects with the system error (EADDRINUSE, EADDRNOTAVAIL, …) when a listener cannot be bound.
   */
  static async bind(options: SipTransportOptions): Promise<SipTransport> {
    // The listeners exist before the transport does; what arrives in between finds no one, as
    // before setHandlers.
    const bound: { transport?: SipTransport } = {};
    const listeners = await bindListeners(
      options,
      (bytes, address, port) => {
        if (bound.transport !== undefined) bound.transport.#onDatagram(bytes, address, port);
      },
      {
        onMessage: (bytes, flow) => {
          if (bound.transport !== undefined) bound.transport.#onBytes(bytes, flow);
        },
        onBroken: (broken, flow) => {
          if (bound.transport !== undefined) bound.transport.#onBroken(broken, flow);
        },
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
    // A phone that only calls by TLS is called back over its connection, whatever port it names.
    const port = target.protocol === 'tls' ? (this.tlsPort ?? this.port) : this.port;
    return { host: advertisedHost ?? this.#localAddress(target.address), port };
  }

  /**
   * Sends. TCP and TLS re-use a connection to that address and port, inbound ones included, and
   * open one when there is none. Never throws; what is known to have failed is reported to
   * `onFailure`, never before this returns.
   */
  send(bytes: Buffer, destination: Destination, onFailure: OnSendFailure = () => undefined): void {
    if (this.#options.beforeSend?.(bytes, destination) === false) return;
    let isReported = false;
    const report = (error: Error): void => {
      if (isReported) return;
      isReported = true;
      queueMicrotask(() => onFailure(error));
    };
    const target = targetOf(destination);
    const listener = this.#closing === undefined ? this.#listeners[target.protocol] : undefined;
    if (listener === undefined) report(new Error(`${target.protocol} is not available`));
    else listener.send(bytes, target, report);
  }

  /**
   * Hears of ICMP errors for that target until the returned function is called (UDP; on a
   * connection a failed send tells it).
   */
  watch(target: Target, onUnreachable: OnSendFailure): () => void {
    if (target.protocol !== 'udp' || this.#listeners.udp === undefined || this.#closing !== undefined) {
      return () => undefined;
    }
    return this.#watch.watch(target.address, target.port, onUnreachable);
  }

  /**
   * A phone has registered over that flow, for so long: if it is a connection, it is kept when
   * others must make room (AcceptedSockets).
   */
  keepRegistered(flow: Flow, seconds: number): void {
    if (isStream(flow.protocol)) this.#listeners[flow.protocol]?.register(targetOf(flow), seconds);
  }

  /** The same for a call, until the returned function is called. */
  holdForCall(flow: Flow): () => void {
    const listener = isStream(flow.protocol) ? this.#listeners[flow.protocol] : undefined;
    return listener?.holdForCall(targetOf(flow)) ?? (() => undefined);
  }

  /**
   * From now on peers that connect by TLS see this certificate.
   * @throws the system's error when it cannot be used; the old one stays
   */
  renewTls(identity: TlsIdentity): void {
    this.#listeners.renewTls(identity);
  }

  /** Closes listeners and connections; resolves when all are closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#handlers = undefined;
    this.#watch.close();
    const { udp, tcp, tls } = this.#listeners;
    await Promise.all([udp?.close(), tcp?.close(), tls.close()]);
  }

  #localAddress(remoteAddress: string): string {
    return isWildcard(this.host) ? this.#localAddresses.facing(remoteAddress) : this.host;
  }

  #onDatagram(bytes: Buffer, remoteAddress: string, remotePort: number): void {
    // Keep-alives of phones behind NAT: empty, CRLFs, or a few zero bytes. Less than the shortest
    // start-line is no message.
    if (bytes.length < 12) return;
    // STUN (RFC 8489 5) on the SIP port, as RFC 5626 4.4.2 would have it: phones do not send it to
    // us, since REGISTERs are not answered with `outbound`.
    if ((bytes[0] ?? 0) < 4) return;
    const localAddress = this.#localAddress(remoteAddress);
    this.#onBytes(bytes, { protocol: 'udp', remoteAddress, remotePort, localAddress, localPort: this.port });
  }

  /** Of a message that ends its stream only the head can be told. */
  #onBroken({ head, reason, status }: BrokenStream, flow: Flow): void {
    if (this.#options.admit?.(head, flow) === false) return;
    const read = parseMessage(head);
    const request = read.kind === 'request' ? read : read.kind === 'malformed' ? read.request : undefined;
    if (request !== undefined) this.#onMalformed({ kind: 'malformed', reason, status, request }, flow, head);
  }

  #onMalformed(malformed: MalformedMessage, flow: Flow, bytes: Buffer): void {
    if (malformed.request !== undefined) stampTopVia(malformed.request, flow);
    this.#handlers?.onMalformed?.(malformed, flow, bytes);
  }

  #onBytes(bytes: Buffer, flow: Flow): void {
    const handlers = this.#handlers;
    if (handlers === undefined || this.#options.admit?.(bytes, flow) === false) return;
    const message = parseMessage(bytes);
    if (message.kind === 'malformed') return this.#onMalformed(message, flow, bytes);
    if (message.kind === 'request') stampTopVia(message, flow);
    handlers.onMessage(message, flow, bytes);
  }
}

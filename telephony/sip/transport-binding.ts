import { Tls, TCP, type TlsIdentity } from './stream-kind.js';
import { TcpListener, type StreamEvents } from './tcp-listener.js';
import { UdpListener, type OnDatagram } from './udp-socket.js';

export interface Listeners {
  readonly port: number;
  readonly udp: UdpListener | undefined;
  readonly tcp: TcpListener | undefined;
  /** There even where it does not listen. */
  readonly tls: TcpListener;
  /** Puts another certificate in the place of the one that peers are shown. */
  renewTls(identity: TlsIdentity): void;
}

export interface TlsOptions {
  /** Listens with this certificate; without, TLS is only for calling others. */
  readonly server?: TlsIdentity & { readonly port: number };
  /** PEM of the roots by which peers that we call are trusted. Default: those that Node trusts. */
  readonly trustedRoots?: string;
}

export interface BindingOptions {
  readonly host: string;
  readonly port: number;
  readonly protocols?: readonly ('udp' | 'tcp')[];
  readonly tls?: TlsOptions;
  readonly maxConnections?: number;
  readonly maxPerSource?: number;
  readonly firstMessageMs?: number;
  readonly messageTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
}

/** A port free for TCP may be taken for UDP; another one is then tried. */
const ATTEMPTS = 20;

/**
 * Binds what is asked for, UDP and TCP on the same port; all of it or, with the system error,
 * nothing.
 */
export async function bindListeners(
  options: BindingOptions,
  onDatagram: OnDatagram,
  events: StreamEvents,
): Promise<Listeners> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bindOnce(options, onDatagram, events);
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (options.port !== 0 || !isTaken || attempt >= ATTEMPTS) throw error;
    }
  }
}

async function bindOnce(
  { host, port, protocols = ['udp', 'tcp'], tls: { server, trustedRoots } = {}, ...rest }: BindingOptions,
  onDatagram: OnDatagram,
  events: StreamEvents,
): Promise<Listeners> {
  const limits = {
    maxConnections: rest.maxConnections ?? 2000,
    maxPerSource: rest.maxPerSource ?? 500,
    firstMessageMs: rest.firstMessageMs ?? 30_000,
    messageTimeoutMs: rest.messageTimeoutMs ?? 15_000,
    idleTimeoutMs: rest.idleTimeoutMs ?? 600_000,
    connectTimeoutMs: rest.connectTimeoutMs ?? 5000,
  };
  const open: { close(): Promise<void> }[] = [];
  const opened = <T extends { close(): Promise<void> }>(listener: T): T => {
    open.push(listener);
    return listener;
  };
  try {
    // TCP first: its bind is exclusive, so it decides between two processes that want the port.
    const tcp = protocols.includes('tcp')
      ? opened(await TcpListener.bind(TCP, host, port, limits, events))
      : undefined;
    const udp = protocols.includes('udp')
      ? opened(await UdpListener.bind(host, tcp?.port ?? port, onDatagram))
      : undefined;
    const kind = new Tls(server, trustedRoots);
    const tls =
      server === undefined
        ? TcpListener.callingOnly(kind, host, limits, events)
        : opened(await TcpListener.bind(kind, host, server.port, limits, events));
    const renewTls = (identity: TlsIdentity): void => kind.renew(identity);
    return { port: udp?.port ?? tcp?.port ?? 0, udp, tcp, tls, renewTls };
  } catch (error) {
    await Promise.all(open.map((listener) => listener.close()));
    throw error;
  }
}

import type { SipProtocol } from './flow.js';
import { TcpListener, type OnStreamMessage } from './tcp-listener.js';
import { UdpListener, type OnDatagram } from './udp-socket.js';

export interface Listeners {
  readonly port: number;
  readonly udp: UdpListener | undefined;
  readonly tcp: TcpListener | undefined;
}

export interface BindingOptions {
  readonly host: string;
  readonly port: number;
  readonly protocols?: readonly SipProtocol[];
  readonly maxConnections?: number;
  readonly idleTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
}

/** A port free for TCP may be taken for UDP; another one is then tried. */
const ATTEMPTS = 20;

/** Binds what is asked for on the same port; all of it or, with the system error, nothing. */
export async function bindListeners(
  options: BindingOptions,
  onDatagram: OnDatagram,
  onMessage: OnStreamMessage,
): Promise<Listeners> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bindOnce(options, onDatagram, onMessage);
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (options.port !== 0 || !isTaken || attempt >= ATTEMPTS) throw error;
    }
  }
}

async function bindOnce(
  options: BindingOptions,
  onDatagram: OnDatagram,
  onMessage: OnStreamMessage,
): Promise<Listeners> {
  const protocols = options.protocols ?? ['udp', 'tcp'];
  const limits = {
    maxConnections: options.maxConnections ?? 2000,
    idleTimeoutMs: options.idleTimeoutMs ?? 600_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 5000,
  };
  // TCP first: its bind is exclusive, so it decides between two processes that want the port.
  const tcp = protocols.includes('tcp')
    ? await TcpListener.bind(options.host, options.port, limits, onMessage)
    : undefined;
  if (!protocols.includes('udp')) return { port: tcp?.port ?? 0, udp: undefined, tcp };
  try {
    const udp = await UdpListener.bind(options.host, tcp?.port ?? options.port, onDatagram);
    return { port: udp.port, udp, tcp };
  } catch (error) {
    await tcp?.close();
    throw error;
  }
}

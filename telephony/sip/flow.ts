export type SipProtocol = 'udp' | 'tcp' | 'tls';

/**
 * Runs over connections: nothing is lost or repeated, and messages have to be cut out of a stream.
 */
export type StreamProtocol = Exclude<SipProtocol, 'udp'>;

export function isStream(protocol: SipProtocol): protocol is StreamProtocol {
  return protocol !== 'udp';
}

/** Where a peer listens that does not say (RFC 3261 19.1.2). */
export function defaultPort(protocol: SipProtocol): number {
  return protocol === 'tls' ? 5061 : 5060;
}

/**
 * The two ends a message came or went between. Answers go back over it; a registered phone behind
 * NAT is reached only over it.
 */
export interface Flow {
  readonly protocol: SipProtocol;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  /** Of a TLS connection that we have opened: see Target. */
  readonly serverName?: string;
}

/** Where to send to. `address` is an IP address: names are resolved before (see resolve.ts). */
export interface Target {
  readonly protocol: SipProtocol;
  readonly address: string;
  readonly port: number;
  /**
   * The host name that the peer's certificate must be for (RFC 5922 4); without one it must be for
   * the address.
   */
  readonly serverName?: string;
  /** Milliseconds until a connection must be there, where not what the transport takes for all. */
  readonly connectTimeoutMs?: number;
}

export type Destination = Flow | Target;

export function targetOf(destination: Destination): Target {
  if ('address' in destination) return destination;
  const { protocol, remoteAddress: address, remotePort: port, serverName } = destination;
  return { protocol, address, port, ...(serverName === undefined ? {} : { serverName }) };
}

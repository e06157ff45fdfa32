export type SipProtocol = 'udp' | 'tcp';

/** The two ends a message came or went between. Answers go back over it; a registered phone behind NAT is reached only over it. */
export interface Flow {
  readonly protocol: SipProtocol;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
}

/** Where to send to. `address` is an IP address: names are resolved before (see resolve.ts). */
export interface Target {
  readonly protocol: SipProtocol;
  readonly address: string;
  readonly port: number;
}

export type Destination = Flow | Target;

export function targetOf(destination: Destination): Target {
  if ('address' in destination) return destination;
  return { protocol: destination.protocol, address: destination.remoteAddress, port: destination.remotePort };
}

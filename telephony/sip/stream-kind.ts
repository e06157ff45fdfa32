import * as net from 'node:net';
import * as tls from 'node:tls';

import type { StreamProtocol } from './flow.js';

/** What a TLS server shows: PEM, the certificate followed by those that lead to a root. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
}

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly localAddress?: string;
  /** See Target. */
  readonly serverName?: string;
}

/**
 * How connections of one protocol are accepted and opened. What differs between TCP and TLS is
 * here, and nowhere else.
 */
export interface StreamKind {
  readonly protocol: StreamProtocol;
  /** Not listening yet. */
  createServer(): net.Server;
  /** The server's event that gives a connection fit for use; TLS has shaken hands before. */
  readonly acceptedEvent: 'connection' | 'secureConnection';
  connect(options: ConnectOptions): net.Socket;
  /** The event after which an opened connection is fit for use. */
  readonly connectedEvent: 'connect' | 'secureConnect';
}

export const TCP: StreamKind = {
  protocol: 'tcp',
  createServer: () => net.createServer(),
  acceptedEvent: 'connection',
  connect: ({ host, port, localAddress }) =>
    net.connect({ host, port, ...(localAddress === undefined ? {} : { localAddress }) }),
  connectedEvent: 'connect',
};

/** A connection that sends no first message is closed then. Milliseconds. */
const HANDSHAKE_LIMIT_MS = 10_000;

/**
 * TLS 1.2 or later. Peers that we call must show a certificate of a root that is trusted: those
 * that Node brings, with NODE_EXTRA_CA_CERTS, unless `trustedRoots` (PEM) names others. Peers that
 * call us need none: phones prove themselves by digest.
 */
export class Tls implements StreamKind {
  readonly protocol = 'tls';
  readonly acceptedEvent = 'secureConnection';
  readonly connectedEvent = 'secureConnect';
  readonly #trustedRoots: string | undefined;
  #identity: TlsIdentity | undefined;
  #server: tls.Server | undefined;

  constructor(identity: TlsIdentity | undefined, trustedRoots: string | undefined) {
    this.#identity = identity;
    this.#trustedRoots = trustedRoots;
  }

  /**
   * Throws the system's error when certificate or key cannot be used, or do not belong together.
   */
  createServer(): tls.Server {
    this.#server = tls.createServer({ ...this.#pems(), handshakeTimeout: HANDSHAKE_LIMIT_MS });
    return this.#server;
  }

  /**
   * Connections from now on see this one. Throws as createServer does, and then nothing has
   * changed.
   */
  renew(identity: TlsIdentity): void {
    tls.createSecureContext({ cert: identity.certificate, key: identity.key });
    this.#identity = identity;
    this.#server?.setSecureContext(this.#pems());
  }

  connect({ host, port, localAddress, serverName }: ConnectOptions): tls.TLSSocket {
    const socket = tls.connect({
      host,
      port,
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(this.#trustedRoots === undefined ? {} : { ca: this.#trustedRoots }),
    });
    // Nothing leaves before we know who it is for.
    socket.cork();
    return socket.once(this.connectedEvent, () => socket.uncork());
  }

  #pems(): { cert: string | undefined; key: string | undefined } {
    return { cert: this.#identity?.certificate, key: this.#identity?.key };
  }
}

/**
 * What this server calls itself: in Contact and Record-Route, to applications, and when somebody
 * sends a request to it.
 */
import { networkInterfaces } from 'node:os';

import { defaultPort, isStream, type SipProtocol, type Target } from '../../telephony/sip/flow.js';
import { isSameAddress } from '../../telephony/sip/local-address.js';
import { formatNameAddr, parseNameAddr } from '../../telephony/sip/name-addr.js';
import { protocolOf } from '../../telephony/sip/resolve.js';
import type { SipTransport } from '../../telephony/sip/transport.js';
import { formatHostPort, parseUri } from '../../telephony/sip/uri.js';

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

export class LocalEndpoint {
  readonly #transport: SipTransport;
  readonly #hosts: ReadonlySet<string>;

  /** @param advertisedHost what peers are told instead of the bound address */
  constructor(transport: SipTransport, advertisedHost?: string) {
    this.#transport = transport;
    const bound = WILDCARDS.has(transport.host) ? interfaceAddresses() : [transport.host];
    const names = bound.includes('127.0.0.1') ? ['localhost'] : [];
    this.#hosts = new Set([...(advertisedHost === undefined ? [] : [advertisedHost]), ...bound, ...names]);
  }

  /**
   * `tcp/192.0.2.1:5060,udp/192.0.2.1:5060,tls/192.0.2.1:5061`, what `drachtio-srf` reports on
   * connecting.
   */
  describe(): string {
    const [host = this.#transport.host] = this.#hosts;
    const { port, tlsPort } = this.#transport;
    const places = [`tcp/${formatHostPort(host, port)}`, `udp/${formatHostPort(host, port)}`];
    return [...places, ...(tlsPort === undefined ? [] : [`tls/${formatHostPort(host, tlsPort)}`])].join(',');
  }

  /** Our address as that target sees it. */
  addressFor(target: Target): { readonly host: string; readonly port: number } {
    return this.#transport.advertised(target);
  }

  /** Our URI as that target should write to it, without angle brackets. */
  uriFor(target: Target): string {
    return `sip:${this.#hostPort(target)}${transportParameter(target.protocol)}`;
  }

  /** The Record-Route value that keeps us in the path of a dialog with that target. */
  recordRouteFor(target: Target): string {
    return `<${this.uriFor(target)};lr>`;
  }

  /**
   * Puts our address where an application wrote `user@localhost`: it does not know under which
   * address the receiver sees us. Values that do not parse stay as they are.
   */
  replaceLocalhost(value: string, target: Target): string {
    if (!value.includes('@localhost')) return value;
    const address = parseNameAddr(value);
    if (address === undefined) return value;
    const uri = address.uri.replace(/@localhost(?::\d+)?/, `@${this.#hostPort(target)}`);
    return formatNameAddr({ ...address, uri });
  }

  /** The same for a Contact, which also has to say how we are reached where that is not by UDP. */
  replaceLocalContact(value: string, target: Target): string {
    if (!value.includes('@localhost')) return value;
    const address = parseNameAddr(this.replaceLocalhost(value, target));
    if (address === undefined) return value;
    const isSaid = parseUri(address.uri)?.params.has('transport') === true;
    const uri = isSaid ? address.uri : `${address.uri}${transportParameter(target.protocol)}`;
    return formatNameAddr({ ...address, uri });
  }

  /** Whether a URI names this server itself. */
  isLocal(uri: string): boolean {
    const parsed = parseUri(uri);
    if (parsed === undefined) return false;
    const { port, tlsPort } = this.#transport;
    const isTls = protocolOf(parsed) === 'tls';
    const named = parsed.port ?? defaultPort(isTls ? 'tls' : 'udp');
    if (named !== (isTls ? tlsPort : port)) return false;
    return this.#hosts.has(parsed.host) || [...this.#hosts].some((host) => isSameAddress(host, parsed.host));
  }

  #hostPort(target: Target): string {
    const { host, port } = this.addressFor(target);
    return formatHostPort(host, port);
  }
}

function transportParameter(protocol: SipProtocol): string {
  return isStream(protocol) ? `;transport=${protocol}` : '';
}

/** Addresses others can reach us by come first; loopback last. */
function interfaceAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.toSorted((a, b) => Number(a.internal) - Number(b.internal)).map(({ address }) => address);
}

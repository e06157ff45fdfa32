import { networkInterfaces } from 'node:os';
import type { Config } from './config.js';
import { uriHost } from '../domain/host.js';
import type { Installation } from '../services/context.js';

/** Ports as they are bound: a configured 0 becomes a real one when the listener is open. */
export interface BoundPorts {
  provisioning: number;
  sip: number;
  sipTls: number;
}

/**
 * What phones are told about this installation: what is configured, else what can be known from
 * where we listen. The public URL follows `ports`, for the listener needs the installation before
 * it has a port.
 */
export function describeInstallation(config: Config, ports: Readonly<BoundPorts>): Installation {
  const reachable = reachableAddress(config.host);
  return {
    get publicUrl() {
      return config.publicUrl ?? `http://${uriHost(reachable)}:${ports.provisioning}`;
    },
    sip: {
      ...sipDomain(config),
      port: config.sipTransport === 'tls' ? ports.sipTls : ports.sip,
      transport: config.sipTransport,
      plainPort: ports.sip,
    },
    emergency: { route: [...config.emergency.route], numbers: config.emergency.numbers },
    language: config.language,
    trustedProxies: config.trustedProxies,
    clientCertificateHeader: config.clientCertificateHeader,
    unknownDevices: config.unknownDevices,
    guesses: config.guesses,
  };
}

/** Where phones register, and the realm of their digests. */
export function sipDomain(config: Config): { host: string; domain: string } {
  const host = config.sipHost ?? reachableAddress(config.host);
  return { host, domain: config.sipDomain ?? host };
}

/**
 * The address that others reach us at when we listen on `host`: itself, or for a wildcard the first
 * one that is not loopback.
 */
export function reachableAddress(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const family = host === '::' ? 'IPv6' : 'IPv4';
  const external = addresses.find(
    (one) => !one.internal && one.family === family && !one.address.startsWith('fe80'),
  );
  return external?.address ?? '127.0.0.1';
}

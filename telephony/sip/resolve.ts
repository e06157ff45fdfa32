import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

import { defaultPort, type SipProtocol, type Target } from './flow.js';
import type { SipRequest } from './message.js';
import { parseNameAddr } from './name-addr.js';
import { plainAddress } from './local-address.js';
import { parseUri, type SipUri } from './uri.js';

const DNS_TIMEOUT_MS = 3000;

/**
 * The URI a request outside of dialogs goes to: its first Route when there is one, else the
 * Request-URI (RFC 3261 8.1.2).
 */
export function nextHop(request: SipRequest): string {
  const route = request.headers.first('Route');
  return (route === undefined ? undefined : parseNameAddr(route)?.uri) ?? request.uri;
}

/**
 * The target of a URI that names an IP address; undefined for a host name, a tel: or a malformed
 * one.
 */
export function literalTarget(uri: string): Target | undefined {
  const parsed = parseUri(uri);
  const protocol = parsed === undefined ? undefined : protocolOf(parsed);
  if (parsed === undefined || protocol === undefined || isIP(parsed.host) === 0) return undefined;
  const chosen = protocol === 'any' ? 'udp' : protocol;
  return { protocol: chosen, address: plainAddress(parsed.host), port: parsed.port ?? defaultPort(chosen) };
}

/**
 * Where a SIP URI leads (RFC 3263 without NAPTR): an address as it is; a host with a port by
 * A/AAAA; a host without one by SRV, then A/AAAA. In the order to be tried; empty when the name is
 * unknown, the URI malformed or DNS silent for 3 s. Never rejects.
 */
export async function resolveTargets(uri: string): Promise<readonly Target[]> {
  const literal = literalTarget(uri);
  if (literal !== undefined) return [literal];
  const parsed = parseUri(uri);
  const protocol = parsed === undefined ? undefined : protocolOf(parsed);
  if (parsed === undefined || protocol === undefined) return [];
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<readonly Target[]>((resolve) => {
    timer = setTimeout(() => resolve([]), DNS_TIMEOUT_MS);
  });
  try {
    return await Promise.race([resolveName(parsed, protocol), silence]);
  } finally {
    clearTimeout(timer);
  }
}

async function resolveName(uri: SipUri, protocol: SipProtocol | 'any'): Promise<readonly Target[]> {
  if (uri.port === undefined) {
    const byService = await resolveService(uri.host, protocol);
    if (byService.length > 0) return byService;
  }
  const chosen = protocol === 'any' ? 'udp' : protocol;
  return addressTargets(uri.host, chosen, uri.port ?? defaultPort(chosen), uri.host);
}

/**
 * SRV records, lowest priority value first, heaviest first among equals (weights as order, not as
 * lot: few phones, few servers).
 */
async function resolveService(host: string, protocol: SipProtocol | 'any'): Promise<readonly Target[]> {
  // Names without a dot (localhost, container names) live in hosts files and have no services.
  if (!host.includes('.')) return [];
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS / 2, tries: 1 });
  for (const candidate of protocol === 'any' ? (['udp', 'tcp'] as const) : [protocol]) {
    // No such record, no such name, no server: all the same here, the plain address is tried next.
    const service = candidate === 'tls' ? '_sips._tcp' : `_sip._${candidate}`;
    const records = await resolver.resolveSrv(`${service}.${host}`).catch(() => []);
    const ordered = records.sort((a, b) => a.priority - b.priority || b.weight - a.weight);
    const targets = await Promise.all(
      ordered.map(({ name, port }) => addressTargets(name, candidate, port, host)),
    );
    if (targets.length > 0) return targets.flat();
  }
  return [];
}

/**
 * @param domain whose server that is: the name that was asked for, which a certificate must be for,
 *   and not where SRV led to (RFC 5922 4)
 */
async function addressTargets(
  host: string,
  protocol: SipProtocol,
  port: number,
  domain: string,
): Promise<readonly Target[]> {
  // An unknown name leads nowhere: the caller's 503 says so.
  const addresses = await lookup(host, { all: true, verbatim: false }).catch(() => []);
  const named = protocol === 'tls' ? { serverName: domain } : {};
  return addresses.map(({ address }) => ({ protocol, address: plainAddress(address), port, ...named }));
}

/**
 * What a URI asks for; undefined for what we do not speak. `sips:` is TLS, and its `transport=tcp`
 * says so in the way of RFC 3261 26.2.2.
 */
export function protocolOf(uri: SipUri): SipProtocol | 'any' | undefined {
  const transport = uri.params.get('transport');
  const name = transport === undefined ? undefined : String(transport).toLowerCase();
  switch (uri.scheme) {
    case 'sips':
      return name === undefined || name === 'tcp' || name === 'tls' ? 'tls' : undefined;
    case 'sip':
      if (name === undefined) return 'any';
      return name === 'udp' || name === 'tcp' || name === 'tls' ? name : undefined;
  }
}

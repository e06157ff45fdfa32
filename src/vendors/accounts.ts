import type { CodecName } from '../domain/phone-settings.js';
import type { ConfigurationView, LineView } from './vendor.js';

/** How long the registrations of a phone's own lines last. */
const LINE_EXPIRES_SECONDS = 600;

/**
 * How often a phone sends something so that a NAT keeps its port mapping, in seconds: the shortest
 * time that home routers keep one for UDP is half a minute.
 */
export const KEEP_ALIVE_SECONDS = 25;

/** A SIP account as a document writes it: a line, and what else is set of each account. */
export interface Account extends LineView {
  expiresSeconds: number;
  /** In the order of preference; the others are switched off. */
  codecs: readonly CodecName[];
  srtp: 'off' | 'optional' | 'required';
  /** null: the phone does not ask for waiting messages either. */
  voicemailNumber: string | null;
  /** Whether the certificate of a server reached over TLS is verified. */
  verifiesServer: boolean;
}

/** As many lines of the full configuration as the model has room for; the minimal one has none. */
export function lineAccounts(view: ConfigurationView, count: number): Account[] {
  if (!('lines' in view)) return [];
  return view.lines.slice(0, count).map((line) => ({
    ...line,
    expiresSeconds: LINE_EXPIRES_SECONDS,
    codecs: view.codecs,
    // Where the signalling that carries its keys is encrypted, and only if the other side takes it.
    srtp: view.srtp ?? (line.transport === 'tls' ? 'optional' : 'off'),
    voicemailNumber: view.voicemailNumber,
    verifiesServer: view.serverTrust.verify === true,
  }));
}

/** The port of a server, for a format that needs even the default port of the transport. */
export function portOf({ port, transport }: Pick<LineView, 'port' | 'transport'>): number {
  return port ?? (transport === 'tls' ? 5061 : 5060);
}

/** The same of the outbound proxy. */
export function proxyPortOf({ outboundProxy, transport }: LineView): number {
  return portOf({ port: outboundProxy?.port ?? null, transport });
}

/** Which server profile an account uses; `place` is its own, from 0 on. */
export interface SharedServer<A> {
  account: A;
  place: number;
  server: number;
}

/**
 * Server profiles of a base or an adapter, which its accounts share: accounts with the same server,
 * proxy and transport have the same profile. `servers` has one account for each profile. An account
 * for whose server there is no room any more is left out.
 *
 * @param identityOf what two accounts of the same profile have in common
 */
export function shareServers<A extends LineView>(
  accounts: readonly A[],
  room: number,
  identityOf: (account: A) => unknown = serverIdentity,
): { servers: A[]; placed: SharedServer<A>[] } {
  const numbers = new Map<string, number>();
  const servers: A[] = [];
  const placed: SharedServer<A>[] = [];
  for (const [place, account] of accounts.entries()) {
    const identity = JSON.stringify(identityOf(account));
    let server = numbers.get(identity);
    if (server === undefined) {
      if (servers.length === room) continue;
      server = servers.push(account) - 1;
      numbers.set(identity, server);
    }
    placed.push({ account, place, server });
  }
  return { servers, placed };
}

function serverIdentity({ host, port, outboundProxy, transport }: LineView): unknown {
  return [host, port, outboundProxy?.host, outboundProxy?.port, transport];
}

/** In characters, such as on a handset. */
const SHORT_DISPLAY_LENGTH = 12;

/** Cuts a label for a short display, never through a character. */
export function shortLabel(label: string): string {
  return cutText(label, SHORT_DISPLAY_LENGTH);
}

/** The first so many characters of a text. */
export function cutText(text: string, length: number): string {
  return Array.from(text).slice(0, length).join('');
}

import { plainHost, uriHost } from '../../domain/host.js';
import { type Account, lineAccounts } from '../accounts.js';
import { plainServiceLine, serviceOf, WARM_LINE_SECONDS } from '../service-line.js';
import type { ConfigurationView } from '../vendor.js';
import { type Command, type Mode, mode, plainText, type Script } from './format.js';

/**
 * What an analogue port does; null is off. Several may have the same account: the first of them is
 * called.
 */
export interface Port {
  account: Account;
  /** Dialled when nothing has been keyed for that long; null waits for a number. */
  warmLine: { number: string; seconds: number } | null;
}

/**
 * A line for each port; or one account for all ports of a SmartNode without lines, so that help can
 * be called at any of them. While it waits, a keyed number is dialled after the delay of the warm
 * line.
 */
export function portsOf(view: ConfigurationView, count: number): (Port | null)[] {
  const service = serviceOf(view);
  const lines = lineAccounts(view, count);
  const account = service === null ? null : plainServiceLine(service);
  const warmLine = 'lines' in view ? null : { number: view.serviceNumber, seconds: WARM_LINE_SECONDS };
  return Array.from({ length: count }, (_, at) => {
    const own = account ?? lines[at];
    return own === undefined ? null : { account: own, warmLine };
  });
}

/** All commands between the telephone sockets and the SIP server. */
export function callScript(ports: readonly (Port | null)[]): Script {
  const accounts = [...new Set(ports.flatMap((port) => port?.account ?? []))];
  const sipOf = (account: Account): string => `IF_SIP${accounts.indexOf(account) + 1}`;
  const warmLine = ports.find((port) => port?.warmLine)?.warmLine ?? null;
  return [
    mode(
      ['context', 'cs', 'switch'],
      ...(warmLine === null ? [] : [serviceTable(warmLine.number)]),
      incomingTable(accounts, ports),
      ...accounts.map((account) => sipInterface(sipOf(account), account)),
      ...ports.flatMap((port, at) => (port === null ? [] : fxsInterface(at, port, sipOf(port.account)))),
    ),
    mode(['context', 'cs', 'switch'], ['no', 'shutdown']),
    ...credentials(accounts),
    ...locations(accounts),
    ...gateway(accounts),
    ...ports.map((port, at) => fxsPort(at, port !== null)),
  ];
}

const SERVICE_TABLE = 'MT_SERVICE';

/** A keyed number stays as it is; an empty one becomes the service's. */
function serviceTable(number: string): Mode {
  return mode(
    ['mapping-table', 'called-e164', 'to', 'called-e164', SERVICE_TABLE],
    ['map', '(.+)', 'to', '\\1'],
    ['map', 'default', 'to', plainText(number)],
  );
}

function incomingTable(accounts: readonly Account[], ports: readonly (Port | null)[]): Mode {
  const routes = accounts.map((account): Command => {
    const at = ports.findIndex((port) => port?.account === account);
    return ['route', `sip:${pattern(account.sipUser)}@.%`, 'dest-interface', `IF_FXS${at}`];
  });
  return mode(['routing-table', 'called-uri', 'RT_FROM_SIP'], ...routes);
}

/** A user in a regular expression: operators are replaced by `.`, which matches any character. */
function pattern(user: string): string {
  return plainText(user).replaceAll(/[^\w-]/g, '.');
}

function sipInterface(name: string, account: Account): Mode {
  return mode(
    ['interface', 'sip', name],
    ['bind', 'context', 'sip-gateway', 'GW_SIP'],
    ['route', 'call', 'dest-table', 'RT_FROM_SIP'],
    ['remote', ...hostWords(account.outboundProxy ?? account)],
  );
}

/**
 * `T` collects digits until none follows for a while, or until the hash; with a number behind it,
 * for that many seconds. Alone it matches the handset that was just lifted too (configuration
 * guide, "Digit collection of any number"): a warm line. Any other route in the same table, such as
 * one of an emergency number, would make the call router wait for its first digit instead.
 */
function fxsInterface(at: number, { account, warmLine }: Port, sip: string): Mode[] {
  const route: Command =
    warmLine === null
      ? ['route', '.T', 'dest-interface', sip]
      : ['route', `T${warmLine.seconds}`, 'dest-interface', sip, SERVICE_TABLE];
  return [
    mode(['routing-table', 'called-e164', `RT_FROM_FXS${at}`], route),
    mode(
      ['interface', 'fxs', `IF_FXS${at}`],
      ['route', 'call', 'dest-table', `RT_FROM_FXS${at}`],
      ['message-waiting-indication', 'stutter-dial-tone'],
      ['subscriber-number', plainText(account.sipUser)],
    ),
  ];
}

function credentials(accounts: readonly Account[]): Mode[] {
  if (accounts.length === 0) return [];
  const passwords = new Map(
    accounts.map(({ authUser, password }) => [plainText(authUser), plainText(password)]),
  );
  return [
    mode(
      ['authentication-service', 'AUTH'],
      ...[...passwords].map(([user, password]): Command => ['username', user, 'password', password]),
    ),
  ];
}

/** A location service for each domain, with its identities. */
function locations(accounts: readonly Account[]): Mode[] {
  return domainsOf(accounts).map((domain, at) => {
    const identities = new Map(
      accounts.filter(({ host }) => host === domain).map((account) => [account.sipUser, account]),
    );
    return mode(
      ['location-service', `LOC${at + 1}`],
      ['domain', plainText(uriHost(domain))],
      ...[...identities.values()].map(identity),
    );
  });
}

function identity(account: Account): Mode {
  // SmartWare R6 has no TLS.
  const transport: Command = ['preferred-transport-protocol', account.transport === 'tcp' ? 'tcp' : 'udp'];
  return mode(
    ['identity', plainText(account.sipUser)],
    mode(
      ['authentication', 'outbound'],
      ['authenticate', 'authentication-service', 'AUTH', 'username', plainText(account.authUser)],
    ),
    mode(['call', 'outbound'], transport),
    mode(['message', 'inbound'], ['subscribe', 'implicit']),
    mode(
      ['registration', 'outbound'],
      ['register', 'auto'],
      ['registrar', ...hostWords(account.outboundProxy ?? account)],
      ['lifetime', String(account.expiresSeconds)],
      // Registers with the address that the NAT gives it (RFC 3581), and keeps that by OPTIONS.
      ['nat-traversal', 'keep-alive'],
      transport,
    ),
  );
}

function gateway(accounts: readonly Account[]): Mode[] {
  const enter: Command = ['context', 'sip-gateway', 'GW_SIP'];
  return [
    mode(enter, mode(['interface', 'TRANSPORT_ETH0'], ['bind', 'interface', 'eth0', 'port', '5060'])),
    mode(
      enter,
      ...domainsOf(accounts).map((_, at): Command => ['bind', 'location-service', `LOC${at + 1}`]),
      ['notify', 'check-sync', 'accept'],
      ['no', 'shutdown'],
    ),
  ];
}

function domainsOf(accounts: readonly Account[]): string[] {
  return [...new Set(accounts.map(({ host }) => host))];
}

function fxsPort(at: number, isUsed: boolean): Mode {
  const enter: Command = ['port', 'fxs', '0', String(at)];
  if (!isUsed) return mode(enter, ['shutdown']);
  return mode(
    enter,
    ['encapsulation', 'cc-fxs'],
    ['bind', 'interface', `IF_FXS${at}`, 'switch'],
    ['no', 'shutdown'],
  );
}

function hostWords({ host, port }: { host: string; port: number | null }): string[] {
  return [plainText(plainHost(host)), ...(port === null ? [] : [String(port)])];
}

import { isCallerNumber, isEmergencyRoute, isPossibleEmergencyNumber } from '../domain/emergency.js';
import type { Prefix } from '../domain/prefix.js';
import { UNKNOWN_DEVICES, type UnknownDevices } from '../domain/unknown-devices.js';
import {
  type EngineEndpoint,
  type Environment,
  EnvironmentReader,
  type Setting,
} from './environment-reader.js';

export type { EngineEndpoint };

export const ROLES = ['provisioning', 'admin', 'internal', 'sip'] as const;
export type Role = (typeof ROLES)[number];
/** How phones can speak SIP to us. */
export const SIP_TRANSPORTS = ['udp', 'tcp', 'tls'] as const;
export type SipTransport = (typeof SIP_TRANSPORTS)[number];
export const DEFAULT_DATA_DIR = './data';
const PRIVATE_ADDRESSES = ['refuse', 'allow'] as const;
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** All settings. No other file reads the environment. */
export interface Config {
  roles: readonly Role[];
  host: string;
  provisioningPort: number;
  adminPort: number;
  internalPort: number;
  /** The internal port is not for the network that `host` faces. */
  internalHost: string;
  /** Where the SIP application finds the internal app when that is another process. */
  internalUrl: string | null;
  internalToken: string | null;
  publicUrl: string | null;
  /** Where administrators find the admin port behind a proxy; null: links have paths alone. */
  adminUrl: string | null;
  sipHost: string | null;
  sipPort: number;
  sipDomain: string | null;
  /** What phones with a minimal configuration are told to use. */
  sipTransport: SipTransport;
  /**
   * The port for TLS; where the embedded SIP server finds its certificate and key (PEM files),
   * null: it speaks none.
   */
  sipTls: { port: number; files: { certificate: string; key: string } | null };
  rtpPorts: { from: number; to: number };
  databaseUrl: string | null;
  dataDir: string;
  masterKey: string | null;
  adminKey: string | null;
  /** Empty: the embedded SIP server is started. */
  drachtio: readonly EngineEndpoint[];
  /** Empty: the embedded media server is started. */
  freeswitch: readonly EngineEndpoint[];
  /**
   * Where FreeSWITCH reaches the SIP application for each of its calls; host null: an address by
   * which it can, port 0: any free one.
   */
  freeswitchCallback: { host: string | null; port: number };
  /**
   * The operator's own recordings, an absolute path. The media servers find them under the same
   * one.
   */
  promptsDir: string | null;
  /** Where FreeSWITCH finds our prompts on its own file system. */
  freeswitchPromptsDir: string | null;
  /** Whose word about a client's address is taken. */
  trustedProxies: readonly Prefix[];
  /** The same for SIP: our own proxies between phones and drachtio-server. */
  sipTrustedProxies: readonly Prefix[];
  /** Lower case. */
  clientCertificateHeader: string | null;
  /** What a phone gets whose MAC is no device. */
  unknownDevices: UnknownDevices;
  /** Wrong guesses at PAPs and line codes in an hour: from one address, and in all. */
  guesses: { perSourcePerHour: number; perHour: number };
  /** Whether webhooks may lead into the operator's own networks. */
  webhookPrivateAddresses: (typeof PRIVATE_ADDRESSES)[number];
  emergency: {
    route: readonly string[];
    numbers: readonly string[];
    /** As which callers are shown to the targets who have no number of their own. */
    callerNumber: string | null;
    /** Emergency calls at a time of callers who are not known, from one source and in all. */
    unknownCallers: { perSource: number; inAll: number };
  };
  language: string;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Whether the operator says that this is no trial. */
  isInProduction: boolean;
  /** All of these as they were read, for people; no secrets. */
  settings: readonly Setting[];
}

export type ConfigOutcome = { kind: 'valid'; config: Config } | { kind: 'invalid'; problems: string[] };

/**
 * Reads the environment (by default this process's) into one typed object. All that is wrong is
 * reported at once, each with the name of the variable, so that an operator need not start ten
 * times.
 */
export function readConfig(environment: Environment = process.env): ConfigOutcome {
  const read = new EnvironmentReader(environment);
  const config: Config = {
    roles: read.list('ROLES', ROLES),
    host: read.host('HOST', '127.0.0.1'),
    provisioningPort: read.port('PROVISIONING_PORT', 8080),
    adminPort: read.port('ADMIN_PORT', 8081),
    internalPort: read.port('INTERNAL_PORT', 8082),
    internalHost: read.host('INTERNAL_HOST', '127.0.0.1'),
    internalUrl: read.url('INTERNAL_URL'),
    internalToken: read.bearer('INTERNAL_TOKEN', 16),
    publicUrl: read.url('PUBLIC_URL'),
    adminUrl: read.url('ADMIN_URL'),
    sipHost: read.host('SIP_HOST'),
    sipPort: read.port('SIP_PORT', 5060),
    sipDomain: read.host('SIP_DOMAIN'),
    sipTransport: read.oneOf('SIP_TRANSPORT', SIP_TRANSPORTS, 'udp'),
    sipTls: { port: read.port('SIP_TLS_PORT', 5061), files: tlsFiles(read) },
    rtpPorts: read.portRange('RTP_PORTS', { from: 20_000, to: 20_999 }),
    databaseUrl: read.databaseUrl('DATABASE_URL'),
    dataDir: read.text('DATA_DIR', DEFAULT_DATA_DIR),
    masterKey: read.secret('MASTER_KEY', 16),
    adminKey: read.bearer('ADMIN_KEY', 8),
    drachtio: read.engines('DRACHTIO', 9022, 'cymru'),
    freeswitch: read.engines('FREESWITCH', 8021, 'ClueCon'),
    freeswitchCallback: {
      host: read.host('FREESWITCH_CALLBACK_HOST'),
      port: read.port('FREESWITCH_CALLBACK_PORT', 0),
    },
    promptsDir: read.folder('PROMPTS_DIR'),
    freeswitchPromptsDir: read.text('FREESWITCH_PROMPTS_DIR'),
    trustedProxies: read.prefixes('TRUSTED_PROXIES'),
    sipTrustedProxies: read.prefixes('SIP_TRUSTED_PROXIES'),
    clientCertificateHeader: read.header('CLIENT_CERTIFICATE_HEADER'),
    unknownDevices: read.oneOf('UNKNOWN_DEVICES', UNKNOWN_DEVICES, 'reject'),
    guesses: {
      perSourcePerHour: read.count('GUESSES_PER_SOURCE_PER_HOUR', 30),
      perHour: read.count('GUESSES_PER_HOUR', 1000),
    },
    webhookPrivateAddresses: read.oneOf('WEBHOOK_PRIVATE_ADDRESSES', PRIVATE_ADDRESSES, 'refuse'),
    emergency: {
      route: read.texts('EMERGENCY_ROUTE', isEmergencyRoute, 'SIP URIs such as sip:gateway.example'),
      numbers: read.texts('EMERGENCY_NUMBERS', isPossibleEmergencyNumber, 'numbers', ['112', '911']),
      callerNumber: callerNumber(read),
      unknownCallers: {
        perSource: read.count('UNKNOWN_EMERGENCY_CALLS_PER_SOURCE', 100),
        inAll: read.count('UNKNOWN_EMERGENCY_CALLS', 500),
      },
    },
    language: read.language('LANGUAGE_DEFAULT', 'en'),
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    isInProduction: read.text('NODE_ENV') === 'production',
    // The last: what was read before it is in it.
    settings: read.settings,
  };
  reportSipTls(config, read);
  return read.problems.length === 0
    ? { kind: 'valid', config }
    : { kind: 'invalid', problems: read.problems };
}

function callerNumber(read: EnvironmentReader): string | null {
  const number = read.text('EMERGENCY_CALLER_NUMBER');
  if (number === null || isCallerNumber(number)) return number;
  read.problems.push('EMERGENCY_CALLER_NUMBER: a telephone number, or a SIP URI with a user');
  return null;
}

function tlsFiles(read: EnvironmentReader): Config['sipTls']['files'] {
  const certificate = read.text('SIP_TLS_CERT');
  const key = read.text('SIP_TLS_KEY');
  if (certificate !== null && key !== null) return { certificate, key };
  if (certificate !== null) read.problems.push('SIP_TLS_CERT: SIP_TLS_KEY is missing');
  if (key !== null) read.problems.push('SIP_TLS_KEY: SIP_TLS_CERT is missing');
  return null;
}

/**
 * What phones are told must be there for them: the embedded server speaks TLS only with a
 * certificate.
 */
function reportSipTls(
  { roles, drachtio, sipTransport, sipTls, sipPort }: Config,
  read: EnvironmentReader,
): void {
  const isEmbedded = roles.includes('sip') && drachtio.length === 0;
  if (isEmbedded && sipTransport === 'tls' && sipTls.files === null)
    read.problems.push('SIP_TRANSPORT: tls needs SIP_TLS_CERT and SIP_TLS_KEY');
  if (isEmbedded && sipTls.files !== null && sipTls.port === sipPort && sipPort !== 0)
    read.problems.push('SIP_TLS_PORT: another than SIP_PORT');
}

/**
 * Takes DEBUG away before a library reads it: drachtio-srf, fsmrf and Express then trace whole
 * messages and paths, and these hold PINs that were dialled, and tokens. What Dialgate itself has
 * to say is a matter of LOG_LEVEL.
 */
export function silenceLibraries(environment: NodeJS.ProcessEnv = process.env): void {
  delete environment['DEBUG'];
}

import { isEmergencyRoute, isPossibleEmergencyNumber } from './domain/emergency.js';
import type { Prefix } from './domain/prefix.js';
import { UNKNOWN_DEVICES, type UnknownDevices } from './domain/unknown-devices.js';
import { type EngineEndpoint, type Environment, EnvironmentReader } from './environment-reader.js';

export type { EngineEndpoint };

export const ROLES = ['provisioning', 'admin', 'internal', 'sip'] as const;
export type Role = (typeof ROLES)[number];
export const DEFAULT_DATA_DIR = './data';
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Everything that can be set from outside. Nobody else reads the environment. */
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
  sipHost: string | null;
  sipPort: number;
  sipDomain: string | null;
  rtpPorts: { from: number; to: number };
  databaseUrl: string | null;
  dataDir: string;
  masterKey: string | null;
  adminKey: string | null;
  /** Empty: the embedded SIP server is started. */
  drachtio: readonly EngineEndpoint[];
  /** Empty: the embedded media server is started. */
  freeswitch: readonly EngineEndpoint[];
  /** Where FreeSWITCH finds our prompts on its own file system. */
  freeswitchPromptsDir: string | null;
  /** Whose word about a client's address is taken. */
  trustedProxies: readonly Prefix[];
  /** What a phone gets whose MAC nobody has created. */
  unknownDevices: UnknownDevices;
  /** Wrong guesses at PAPs and line codes in an hour: from one address, and in all. */
  guesses: { perSourcePerHour: number; perHour: number };
  emergency: { route: readonly string[]; numbers: readonly string[] };
  language: string;
  logLevel: (typeof LOG_LEVELS)[number];
}

export type ConfigOutcome = { kind: 'valid'; config: Config } | { kind: 'invalid'; problems: string[] };

/**
 * Reads the environment (by default this process's) into one typed object. All that is wrong is reported at once, each with the name of
 * the variable, so that an operator need not start ten times.
 */
export function readConfig(environment: Environment = process.env): ConfigOutcome {
  const read = new EnvironmentReader(environment);
  const config: Config = {
    roles: read.list('ROLES', ROLES),
    host: read.host('HOST') ?? '127.0.0.1',
    provisioningPort: read.port('PROVISIONING_PORT', 8080),
    adminPort: read.port('ADMIN_PORT', 8081),
    internalPort: read.port('INTERNAL_PORT', 8082),
    internalHost: read.host('INTERNAL_HOST') ?? '127.0.0.1',
    internalUrl: read.url('INTERNAL_URL'),
    internalToken: read.bearer('INTERNAL_TOKEN', 16),
    publicUrl: read.url('PUBLIC_URL'),
    sipHost: read.host('SIP_HOST'),
    sipPort: read.port('SIP_PORT', 5060),
    sipDomain: read.host('SIP_DOMAIN'),
    rtpPorts: read.portRange('RTP_PORTS', { from: 20_000, to: 20_999 }),
    databaseUrl: read.databaseUrl('DATABASE_URL'),
    dataDir: read.text('DATA_DIR') ?? DEFAULT_DATA_DIR,
    masterKey: read.secret('MASTER_KEY', 16),
    adminKey: read.bearer('ADMIN_KEY', 8),
    drachtio: read.engines('DRACHTIO', 9022, 'cymru'),
    freeswitch: read.engines('FREESWITCH', 8021, 'ClueCon'),
    freeswitchPromptsDir: read.text('FREESWITCH_PROMPTS_DIR'),
    trustedProxies: read.prefixes('TRUSTED_PROXIES'),
    unknownDevices: read.oneOf('UNKNOWN_DEVICES', UNKNOWN_DEVICES, 'reject'),
    guesses: {
      perSourcePerHour: read.count('GUESSES_PER_SOURCE_PER_HOUR', 30),
      perHour: read.count('GUESSES_PER_HOUR', 1000),
    },
    emergency: {
      route: read.texts('EMERGENCY_ROUTE', isEmergencyRoute, 'SIP URIs such as sip:gateway.example') ?? [],
      numbers: read.texts('EMERGENCY_NUMBERS', isPossibleEmergencyNumber, 'numbers') ?? ['112', '911'],
    },
    language: read.language('LANGUAGE_DEFAULT') ?? 'en',
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  return read.problems.length === 0
    ? { kind: 'valid', config }
    : { kind: 'invalid', problems: read.problems };
}

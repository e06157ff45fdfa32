import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { TlsIdentity } from '../../telephony/sip/stream-kind.js';
import { ListenError, type PortPurpose } from '../../embedded/listen-error.js';
import {
  type EnginesOptions,
  type MediaEngineOptions,
  type RunningEngines,
  type SipEngineOptions,
  startEngines,
} from '../../embedded/engines.js';
import type { Config, EngineEndpoint } from './config.js';
import { reachableAddress, sipDomain } from './installation.js';
import { PROMPTS_FOLDER } from './own-prompts.js';
import { StartupFault } from '../domain/startup-fault.js';
import type { Runtime } from './runtime.js';
import { certificateDoubts, readCertificate, watchCertificate } from './tls-certificate.js';

const LOOPBACK = '127.0.0.1';

/**
 * The servers that the SIP application is written against: configured ones, or the embedded
 * stand-ins. It cannot tell which.
 */
export interface Engines {
  drachtio: readonly EngineEndpoint[];
  freeswitch: readonly EngineEndpoint[];
  /** Where phones reach the SIP server. */
  sipPort: number;
  /** The same by TLS. */
  sipTlsPort: number;
  /**
   * Where the media servers reach the SIP application: an address of ours, and a port (0: any free
   * one).
   */
  mediaListen: { host: string; port: number };
  /** Where the media servers find the prompts, on their own file system. */
  promptsDir: string;
  description: { sipServer: string; mediaServer: string };
  /**
   * Numbers that the embedded SIP server limits for no caller, see FloodGuard. A drachtio-server
   * limits nothing by itself.
   */
  protect(numbers: readonly string[] | undefined): void;
  stop(): Promise<void>;
}

/** Starts what is not configured. */
export async function provideEngines(config: Config, runtime: Runtime): Promise<Engines> {
  const { log, onFailure } = runtime;
  const embedSip = config.drachtio.length === 0;
  const embedMedia = config.freeswitch.length === 0;
  const description = {
    sipServer: embedSip ? 'embedded SIP server' : `drachtio-server at ${addresses(config.drachtio)}`,
    mediaServer: embedMedia ? 'embedded media server' : `FreeSWITCH at ${addresses(config.freeswitch)}`,
  };
  const media = {
    mediaListen: embedMedia ? { host: LOOPBACK, port: 0 } : callbackAddress(config),
    promptsDir: embedMedia ? PROMPTS_FOLDER : (config.freeswitchPromptsDir ?? PROMPTS_FOLDER),
  };
  if (!embedSip && config.sipTls.files !== null)
    log.warn('SIP_TLS_CERT and SIP_TLS_KEY are not used: drachtio-server has TLS settings of its own');
  if (!embedSip && !embedMedia) {
    const { drachtio, freeswitch, sipPort } = config;
    const sipTlsPort = config.sipTls.port;
    return {
      drachtio,
      freeswitch,
      sipPort,
      sipTlsPort,
      ...media,
      description,
      protect: () => undefined,
      stop: () => Promise.resolve(),
    };
  }
  const identity = embedSip ? await sipCertificate(config, runtime) : null;
  const running = await start({
    ...(embedSip && { drachtio: sipEngine(config, identity) }),
    ...(embedMedia && { freeswitch: mediaEngine(config) }),
    logLevel: log.isLevelEnabled('debug') ? 'debug' : 'info',
    onLog: (level, text, fields) => log[level]({ ...fields, part: 'engines' }, text),
    onLost: onFailure,
  });
  const { files } = config.sipTls;
  const stopWatching =
    identity === null || files === null
      ? () => undefined
      : watchCertificate(files, identity, (renewed) => running.renewTls(renewed), log);
  return {
    drachtio: running.drachtio === undefined ? config.drachtio : [running.drachtio],
    freeswitch: running.freeswitch === undefined ? config.freeswitch : [running.freeswitch],
    sipPort: running.drachtio?.sipPort ?? config.sipPort,
    sipTlsPort: running.drachtio?.tlsPort ?? config.sipTls.port,
    ...media,
    description,
    protect: (numbers) => running.protect(numbers),
    stop: () => {
      stopWatching();
      return running.stop();
    },
  };
}

/** Loopback where every FreeSWITCH is on it, so that no other machine can reach the port at all. */
function callbackAddress({
  freeswitch,
  freeswitchCallback: { host, port },
  host: ours,
}: Config): Engines['mediaListen'] {
  const onLoopback = freeswitch.every((one) => one.host === 'localhost' || one.host.startsWith('127.'));
  return { host: host ?? (onLoopback ? LOOPBACK : reachableAddress(ours)), port };
}

/**
 * SIP_HOST is what phones are told, so it is also what answers name; without it the server names
 * the address that it is reached at.
 */
function sipEngine(
  { host, sipHost, sipPort, sipTls }: Config,
  identity: TlsIdentity | null,
): SipEngineOptions {
  return {
    sipHost: host,
    sipPort,
    secret: makeSecret(),
    ...(identity !== null && { tls: { ...identity, port: sipTls.port } }),
    ...(sipHost !== null && { advertisedHost: sipHost }),
  };
}

/** null: there is to be no TLS. */
async function sipCertificate(config: Config, { clock, log }: Runtime): Promise<TlsIdentity | null> {
  if (config.sipTls.files === null) return null;
  const identity = await readCertificate(config.sipTls.files);
  for (const doubt of certificateDoubts(identity, sipDomain(config).host, clock.now()))
    log.warn({ certificate: config.sipTls.files.certificate }, `phones may refuse SIP_TLS_CERT: ${doubt}`);
  return identity;
}

/**
 * Only audio is for phones; the event socket, which is a remote control, and its SIP stay on
 * loopback. SDP takes no names.
 */
function mediaEngine({ host, sipHost: told, rtpPorts }: Config): MediaEngineOptions {
  const rtpAdvertisedAddress = told !== null && isIP(told) !== 0 ? told : reachableAddress(host);
  const address = { rtpHost: host, rtpAdvertisedAddress, rtpPorts };
  // The embedded SIP server reaches it through its own socket, which speaks one version of IP, or
  // both on all addresses.
  const sipHost = isIP(host) === 6 && host !== '::' ? '::1' : LOOPBACK;
  return { host: LOOPBACK, sipHost, eslPort: 0, sipPort: 0, secret: makeSecret(), ...address };
}

async function start(options: EnginesOptions): Promise<RunningEngines> {
  try {
    return await startEngines(options);
  } catch (error) {
    throw error instanceof ListenError ? explain(error) : error;
  }
}

/** The control ports are on loopback, but other users of this machine are there too. */
function makeSecret(): string {
  return randomBytes(18).toString('base64url');
}

const SETTING: Record<PortPurpose, string> = {
  sip: 'SIP_PORT',
  'sip-tls': 'SIP_TLS_PORT',
  rtp: 'RTP_PORTS',
  // Control ports are any free ones: where none is to be had, no setting of ours helps.
  'sip-control': 'HOST',
  'media-control': 'HOST',
  'media-sip': 'HOST',
};

function explain(error: ListenError): StartupFault {
  const { protocol, host, port, purpose, code } = error.failure;
  const where = `${protocol.toUpperCase()} port ${port} on ${host}`;
  if (code === 'EADDRINUSE') {
    return new StartupFault(`${where} is in use. Set ${SETTING[purpose]} to another.`, { cause: error });
  }
  return new StartupFault(`${where} cannot be opened (${code}). See HOST and ${SETTING[purpose]}.`, {
    cause: error,
  });
}

function addresses(endpoints: readonly EngineEndpoint[]): string {
  return endpoints.map(({ host, port }) => `${host}:${port}`).join(', ');
}

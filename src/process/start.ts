import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type SipApplication, startSipApplication } from '../../sip/application.js';
import { type Backend, startBackend } from './backend.js';
import type { Config } from './config.js';
import { type Engines, provideEngines } from './engines.js';
import { uriHost } from '../domain/host.js';
import { sipDomain } from './installation.js';
import { loadOwnPrompts } from './own-prompts.js';
import { Shutdown, type Runtime } from './runtime.js';
import { StartupFault } from '../domain/startup-fault.js';

/**
 * How long engines on other machines are waited for at the start: they may be absent, and come at
 * any time.
 */
const CONNECT_LIMIT_MS = 3_000;
/** Embedded ones are on their way; on a loaded machine that takes its time. */
const EMBEDDED_CONNECT_LIMIT_MS = 120_000;

/** What runs and where, for people: the demo, the log. null is not in this process. */
export interface DialgateFacts {
  adminUrl: string | null;
  provisioningUrl: string | null;
  /** What phones are told to register at. */
  sip: string;
  database: string | null;
  sipServer: string | null;
  mediaServer: string | null;
}

export interface RunningDialgate {
  facts: DialgateFacts;
  /**
   * Ends everything in order: calls and requests in hand are finished within a bound, notes are
   * written. Never rejects.
   */
  stop(): Promise<void>;
}

/**
 * Starts the roles that the configuration asks for, in the order in which they need each other, and
 * resolves when all are up.
 * @throws StartupFault with what the operator can do; what had been started is ended again.
 */
export async function startDialgate(config: Config, runtime: Runtime): Promise<RunningDialgate> {
  const shutdown = new Shutdown(runtime.log);
  try {
    return await start(config, runtime, shutdown);
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function start(config: Config, runtime: Runtime, shutdown: Shutdown): Promise<RunningDialgate> {
  const engines = config.roles.includes('sip') ? await provideEngines(config, runtime) : null;
  if (engines !== null) shutdown.add('engines', () => engines.stop());
  const engineering = {
    sipPort: engines?.sipPort ?? config.sipPort,
    sipTlsPort: engines?.sipTlsPort ?? config.sipTls.port,
    sipServer: engines?.description.sipServer ?? null,
    mediaServer: engines?.description.mediaServer ?? null,
  };
  const needsDatabase = config.roles.some((role) => role !== 'sip');
  const backend = needsDatabase ? await startBackend(config, runtime, engineering, shutdown) : null;
  if (engines !== null) await startSip(config, engines, backend?.internal ?? null, runtime, shutdown);

  const { sipServer, mediaServer, sipPort } = engineering;
  const facts: DialgateFacts = {
    adminUrl: backend?.adminUrl ?? null,
    provisioningUrl: backend?.provisioningUrl ?? null,
    sip: `sip:${uriHost(sipDomain(config).host)}:${sipPort}`,
    database: backend?.database ?? null,
    sipServer,
    mediaServer,
  };
  runtime.log.info(facts, 'ready');
  return { facts, stop: () => shutdown.run() };
}

async function startSip(
  config: Config,
  engines: Engines,
  internal: Backend['internal'],
  { clock, log }: Runtime,
  shutdown: Shutdown,
): Promise<void> {
  const url = config.internalUrl ?? internal?.url;
  const token = config.internalToken ?? internal?.token;
  if (url === undefined || token === undefined) {
    throw new StartupFault(
      'The SIP application needs the internal app. Set INTERNAL_URL and INTERNAL_TOKEN, or add the role internal to ROLES.',
    );
  }
  const { host: mediaListenAddress, port: mediaListenPort } = engines.mediaListen;
  const application = await startSipApplication({
    id: randomUUID(),
    drachtio: engines.drachtio,
    freeswitch: engines.freeswitch,
    mediaListenAddress,
    mediaListenPort,
    promptsDir: engines.promptsDir,
    ownPrompts: await loadOwnPrompts(config, log),
    internal: { url, token },
    realm: sipDomain(config).domain,
    trustedProxies: config.sipTrustedProxies,
    emergency: config.emergency,
    onEmergencyNumbers: (numbers) => engines.protect(numbers),
    clock,
    log: log.child({ part: 'sip' }),
  }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new StartupFault(
      `TCP port ${mediaListenPort} on ${mediaListenAddress} cannot be opened (${String(error.code)}). See FREESWITCH_CALLBACK_HOST and FREESWITCH_CALLBACK_PORT.`,
      { cause: error },
    );
  });
  shutdown.add('SIP application', () => application.stop());
  const isEmbedded = config.drachtio.length === 0 && config.freeswitch.length === 0;
  await untilConnected(application, isEmbedded ? EMBEDDED_CONNECT_LIMIT_MS : CONNECT_LIMIT_MS, log);
}

/**
 * Engines that are on their way are waited for, so that a phone which comes at once is answered.
 * Absent ones are not: they may come any time.
 */
async function untilConnected(application: SipApplication, withinMs: number, log: Logger): Promise<void> {
  const limit = performance.now() + withinMs;
  while (performance.now() < limit) {
    if (application.isAnnounced()) return;
    await setTimeout(20);
  }
  log.warn({ ...application.ready() }, 'the SIP application has not got both its servers yet');
}

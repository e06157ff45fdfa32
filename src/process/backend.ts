import type { Server } from 'node:http';
import { join } from 'node:path';
import { readDeviceFile } from '../admin/csv/device-lines.js';
import { Metrics } from '../admin/metrics/metrics.js';
import { startAdmin } from './admin.js';
import type { Config } from './config.js';
import { loadTemplates } from '../configuration/load-templates.js';
import { uriHost } from '../domain/host.js';
import { deriveInternalToken } from '../domain/secrets.js';
import { type BoundPorts, describeInstallation, reachableAddress } from './installation.js';
import { createInternalApp } from '../internal/app.js';
import { createHttpServer } from '../http/http-server.js';
import { closeServer, listen } from '../http/listen.js';
import {
  createProvisioning,
  type MeasuredFetch,
  type ProvisioningOptions,
} from '../provisioning/listener.js';
import type { AuditLog } from '../admin/context.js';
import { AuditSealer } from '../services/audit/audit-seal.js';
import { AuditVerifier } from '../services/audit/audit-verifier.js';
import { EventFeed } from '../services/audit/event-feed.js';
import { forgottenRepetitions } from '../services/audit/repeated-events.js';
import type { ServiceContext } from '../services/context.js';
import { CountsReader } from '../services/counts.js';
import { endLapsedEntryLocks, endLapsedLocks } from '../services/authentication/lock-expiry.js';
import { FetchCache, settledStore } from '../services/fetch/fetch-cache.js';
import { forgottenJobs, runningJobs } from '../services/jobs/job-runner.js';
import { sealLineCodes } from '../services/line-codes.js';
import { loadMasterKey } from '../services/master-key.js';
import { closeExpiredNetworks } from '../services/networks/networks.js';
import { endAllLapsedReleases } from '../services/authentication/release-expiry.js';
import { unusedDevices } from '../services/unknown/unused-devices.js';
import { startSweep } from '../services/sweep.js';
import { GRACE_MS, type Runtime, type Shutdown } from './runtime.js';
import { keepClock } from './system-clock.js';
import { deliverWebhooks } from './webhooks.js';
import { migrate } from '../store/migrate.js';
import { openStore } from '../store/open-store.js';

/**
 * How long a committed event waits for its seal, and thereby for its readers, at the most while
 * there is nothing else to do.
 */
const SEAL_EVERY_MS = 250;

/**
 * The roles that need the database: provisioning, admin and internal. What is null is not in this
 * process.
 */
export interface Backend {
  context: ServiceContext;
  adminUrl: string | null;
  provisioningUrl: string | null;
  provisioningIsUp: (() => boolean) | null;
  database: string;
  internal: { url: string; token: string } | null;
}

/** What else is known of this process, for the first page. */
export interface Engineering {
  sipPort: number;
  sipTlsPort: number;
  sipServer: string | null;
  mediaServer: string | null;
}

/** Opens the database and the ports of its roles. */
export async function startBackend(
  config: Config,
  { clock, log }: Runtime,
  engineering: Engineering,
  shutdown: Shutdown,
): Promise<Backend> {
  const templates = await loadTemplates(join(config.dataDir, 'templates'), log);
  const store = await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log });
  shutdown.add('database', () => store.close());
  await migrate(store);
  const clockKeeper = await keepClock(store, clock, log, shutdown);
  const masterKey = await loadMasterKey(store.db, config, log);
  await sealLineCodes(store, masterKey);
  const ports: BoundPorts = {
    provisioning: config.provisioningPort,
    sip: engineering.sipPort,
    sipTls: engineering.sipTlsPort,
  };
  const installation = describeInstallation(config, ports);
  const context: ServiceContext = { store, clock, masterKey, installation, log };
  const backend: Backend = {
    context,
    adminUrl: null,
    provisioningUrl: null,
    provisioningIsUp: null,
    database: config.databaseUrl === null ? `PGlite in ${config.dataDir}` : 'PostgreSQL',
    internal: null,
  };
  const cache = config.roles.includes('provisioning') ? await startFetchCache(context, shutdown) : null;
  const auditLog = keepAuditLog(config, context, shutdown);
  if (config.roles.includes('internal')) backend.internal = await startInternal(config, context, shutdown);
  const metrics = config.roles.includes('admin') ? new Metrics(await CountsReader.start(context), log) : null;
  if (config.roles.includes('provisioning')) {
    const given = {
      cache,
      templates,
      measure: (fetch: MeasuredFetch) => metrics?.observeFetch(fetch),
    };
    const server = await startProvisioning(config, context, ports, given, shutdown);
    backend.provisioningUrl = installation.publicUrl;
    backend.provisioningIsUp = () => server.listening;
  }
  if (metrics !== null) {
    const webhookTargets = deliverWebhooks(config, context, metrics, shutdown);
    const settled = cache === null ? context : { ...context, store: settledStore(store, cache) };
    const about = { backend, engineering, ports, templates, metrics, clockKeeper, auditLog, webhookTargets };
    backend.adminUrl = await startAdmin(config, settled, about, shutdown);
    workOnJobs(settled, shutdown);
  }
  return backend;
}

/**
 * Seals the audit log, and tells those who follow it, in the processes that change most of it or
 * show it. Of several that seal one is at it at a time.
 */
function keepAuditLog({ roles }: Config, context: ServiceContext, shutdown: Shutdown): AuditLog {
  const auditLog = {
    sealer: new AuditSealer(context),
    feed: new EventFeed(context.store.db),
    verifier: new AuditVerifier(context),
  };
  if (!roles.includes('internal') && !roles.includes('admin')) return auditLog;
  const { sealer, feed, verifier } = auditLog;
  shutdown.add('verification of the audit log', () => verifier.stop());
  shutdown.add('seal of the audit log', () => sealer.finish());
  const lapses = [
    { what: 'the audit log', look: () => sealer.look() },
    { what: 'streams of events', look: () => feed.look() },
  ];
  const watch = startSweep(context.log, lapses, SEAL_EVERY_MS);
  shutdown.add('watch over the audit log', () => watch.stop());
  return auditLog;
}

/** How long a job that was ordered waits for its first device, at the most. */
const JOBS_EVERY_MS = 250;

/** Works on jobs. Several processes may: a job is one's at a time. */
function workOnJobs(context: ServiceContext, shutdown: Shutdown): void {
  const stopping = new AbortController();
  const lapses = [runningJobs(context, readDeviceFile, stopping.signal), forgottenJobs(context)];
  const watch = startSweep(context.log, lapses, JOBS_EVERY_MS);
  shutdown.add('jobs', () => {
    stopping.abort();
    return watch.stop();
  });
}

/**
 * The port of the SIP application, and the watch over what lapses: once for each database would do,
 * and more do no harm.
 */
async function startInternal(
  config: Config,
  context: ServiceContext,
  shutdown: Shutdown,
): Promise<{ url: string; token: string }> {
  const token = config.internalToken ?? deriveInternalToken(context.masterKey);
  const { trustedProxies } = context.installation;
  const internal = createInternalApp(context, token);
  const server = createHttpServer(internal.app, { trustedProxies });
  const port = await listen(server, config.internalHost, config.internalPort, 'INTERNAL_PORT');
  shutdown.add('internal port', () => {
    internal.stop();
    return closeServer(server, GRACE_MS);
  });
  const watch = startSweep(context.log, [
    { what: 'locks', look: () => endLapsedLocks(context) },
    { what: 'locks of later phones', look: () => endLapsedEntryLocks(context) },
    { what: 'releases', look: () => endAllLapsedReleases(context) },
    unusedDevices(context),
    forgottenRepetitions(context),
    { what: 'temporary networks', look: () => closeExpiredNetworks(context) },
  ]);
  shutdown.add('watch over what lapses', () => watch.stop());
  return { url: `http://${uriHost(reachableAddress(config.internalHost))}:${port}`, token };
}

async function startFetchCache({ store, log }: ServiceContext, shutdown: Shutdown): Promise<FetchCache> {
  const cache = new FetchCache(store, log);
  await cache.start();
  shutdown.add('cache of fetches', () => cache.stop());
  return cache;
}

async function startProvisioning(
  config: Config,
  context: ServiceContext,
  ports: BoundPorts,
  given: Required<Pick<ProvisioningOptions, 'cache' | 'templates' | 'measure'>>,
  shutdown: Shutdown,
): Promise<Server> {
  const provisioning = createProvisioning(context, { ...given, filesDir: join(config.dataDir, 'files') });
  ports.provisioning = await listen(
    provisioning.server,
    config.host,
    config.provisioningPort,
    'PROVISIONING_PORT',
  );
  shutdown.add('provisioning port', () => provisioning.close());
  return provisioning.server;
}

import { type Server, createServer } from 'node:http';
import { createAdminApp } from './admin/app.js';
import type { Config } from './config.js';
import { deriveInternalToken } from './domain/secrets.js';
import { type BoundPorts, describeInstallation, inUrl, reachableAddress } from './installation.js';
import { createInternalApp } from './internal/app.js';
import { closeServer, listen } from './listen.js';
import { createProvisioning } from './provisioning/listener.js';
import type { ServiceContext } from './services/context.js';
import { startLockExpiry } from './services/lock-expiry.js';
import { loadMasterKey } from './services/master-key.js';
import { checkReadiness } from './services/readiness.js';
import type { Shutdown } from './shutdown.js';
import type { Surroundings } from './surroundings.js';
import { migrate } from './store/migrate.js';
import { openStore } from './store/open-store.js';

/** Requests in hand get so long when Dialgate ends. */
const GRACE_MS = 3_000;

/** The roles that need the database: provisioning, admin and internal. What is null is not in this process. */
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
  sipServer: string | null;
  mediaServer: string | null;
}

/** Opens the database and the ports of its roles. */
export async function startBackend(
  config: Config,
  { clock, log }: Surroundings,
  engineering: Engineering,
  shutdown: Shutdown,
): Promise<Backend> {
  const store = await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log });
  shutdown.add('database', () => store.close());
  await migrate(store);
  const masterKey = await loadMasterKey(store.db, config, log);
  const ports: BoundPorts = { provisioning: config.provisioningPort, sip: engineering.sipPort };
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
  if (config.roles.includes('internal')) backend.internal = await startInternal(config, context, shutdown);
  if (config.roles.includes('provisioning')) {
    const server = await startProvisioning(config, context, ports, shutdown);
    backend.provisioningUrl = installation.publicUrl;
    backend.provisioningIsUp = () => server.listening;
  }
  if (config.roles.includes('admin')) {
    backend.adminUrl = await startAdmin(config, context, backend, engineering, shutdown);
  }
  return backend;
}

/** The port of the SIP application, and the watch over locks: once for each database would do, and more do no harm. */
async function startInternal(
  config: Config,
  context: ServiceContext,
  shutdown: Shutdown,
): Promise<{ url: string; token: string }> {
  const token = config.internalToken ?? deriveInternalToken(context.masterKey);
  const internal = createInternalApp(context, token);
  const server = createServer(internal.app);
  const port = await listen(server, config.internalHost, config.internalPort, 'INTERNAL_PORT');
  shutdown.add('internal port', () => {
    internal.stop();
    return closeServer(server, GRACE_MS);
  });
  const lockExpiry = startLockExpiry(context);
  shutdown.add('lock expiry', () => lockExpiry.stop());
  return { url: `http://${inUrl(reachableAddress(config.internalHost))}:${port}`, token };
}

async function startProvisioning(
  config: Config,
  context: ServiceContext,
  ports: BoundPorts,
  shutdown: Shutdown,
): Promise<Server> {
  const provisioning = createProvisioning(context);
  ports.provisioning = await listen(
    provisioning.server,
    config.host,
    config.provisioningPort,
    'PROVISIONING_PORT',
  );
  shutdown.add('provisioning port', () => provisioning.close());
  return provisioning.server;
}

async function startAdmin(
  config: Config,
  context: ServiceContext,
  { database, provisioningUrl, provisioningIsUp }: Backend,
  { sipServer, mediaServer }: Engineering,
  shutdown: Shutdown,
): Promise<string> {
  let adminUrl: string | null = null;
  const { host, port: sipPort } = context.installation.sip;
  const app = createAdminApp({
    context,
    bootstrapKey: config.adminKey,
    facts: () => ({
      adminUrl,
      provisioningUrl,
      sip: `sip:${inUrl(host)}:${sipPort}`,
      database,
      sipServer,
      mediaServer,
    }),
    readiness: () => checkReadiness(context, provisioningIsUp),
  });
  const server = createServer(app);
  const port = await listen(server, config.host, config.adminPort, 'ADMIN_PORT');
  shutdown.add('admin port', () => closeServer(server, GRACE_MS));
  adminUrl = `http://${inUrl(reachableAddress(config.host))}:${port}`;
  return adminUrl;
}

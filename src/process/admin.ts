import { readFileSync } from 'node:fs';
import { createAdminApp } from '../admin/app.js';
import type { AuditLog } from '../admin/context.js';
import type { Metrics } from '../admin/metrics/metrics.js';
import type { OwnTemplates } from '../configuration/own-templates.js';
import { uriHost } from '../domain/host.js';
import { createHttpServer } from '../http/http-server.js';
import { closeServer, listen } from '../http/listen.js';
import type { ClockKeeper } from '../services/clock-keeper.js';
import type { ServiceContext } from '../services/context.js';
import { checkReadiness } from '../services/readiness.js';
import { findWarnings } from '../services/warnings.js';
import type { WebhookTargets } from '../webhooks/targets.js';
import { WriteCheck } from '../services/write-check.js';
import type { Backend, Engineering } from './backend.js';
import type { Config } from './config.js';
import { type BoundPorts, reachableAddress } from './installation.js';
import { GRACE_MS, type Shutdown } from './runtime.js';

/** What else runs in this process, and is shown or used by the admin port. */
export interface AdminParts {
  backend: Backend;
  engineering: Engineering;
  ports: Readonly<BoundPorts>;
  templates: OwnTemplates;
  metrics: Metrics;
  clockKeeper: ClockKeeper | null;
  auditLog: AuditLog;
  webhookTargets: WebhookTargets;
}

/** Opens the admin port. @returns its URL on this machine */
export async function startAdmin(
  config: Config,
  context: ServiceContext,
  { backend, engineering, ports, templates, metrics, clockKeeper, auditLog, webhookTargets }: AdminParts,
  shutdown: Shutdown,
): Promise<string> {
  const { database, provisioningUrl, provisioningIsUp, internal } = backend;
  const { sipServer, mediaServer } = engineering;
  const version = readVersion();
  let bound: { port: number; url: string } | null = null;
  const dataDir = config.databaseUrl === null ? config.dataDir : null;
  const writes = new WriteCheck(context, dataDir);
  const known = {
    hasAdminKey: config.adminKey !== null,
    dataDir,
    isInProduction: config.isInProduction,
    isSealRefused: () => auditLog.sealer.isRefused,
    clockReport: () => clockKeeper?.report ?? null,
  };
  const warn = (): Promise<string[]> => findWarnings(context, known);
  const { host, port: sipPort } = context.installation.sip;
  const app = createAdminApp({
    context,
    templates,
    bootstrapKey: config.adminKey,
    adminUrl: config.adminUrl,
    facts: () => ({
      version,
      roles: config.roles,
      ports: {
        provisioning: provisioningIsUp === null ? null : ports.provisioning,
        admin: bound?.port ?? null,
        internal: internal === null ? null : Number(new URL(internal.url).port),
        sip: sipServer === null ? null : ports.sip,
      },
      adminUrl: config.adminUrl ?? bound?.url ?? null,
      provisioningUrl,
      sip: `sip:${uriHost(host)}:${sipPort}`,
      database,
      sipServer,
      mediaServer,
      settings: config.settings,
    }),
    readiness: () => checkReadiness(context, { provisioningIsUp, writes, findWarnings: warn }),
    metrics,
    auditLog,
    webhookTargets,
  });
  const server = createHttpServer(app, { trustedProxies: context.installation.trustedProxies });
  const port = await listen(server, config.host, config.adminPort, 'ADMIN_PORT');
  shutdown.add('admin port', () => {
    auditLog.feed.close();
    return closeServer(server, GRACE_MS);
  });
  bound = { port, url: `http://${uriHost(reachableAddress(config.host))}:${port}` };
  for (const warning of await warn()) context.log.warn(warning);
  return bound.url;
}

function readVersion(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

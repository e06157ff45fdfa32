import express, { type Express, type RequestHandler, Router } from 'express';
import type { OwnTemplates } from '../configuration/own-templates.js';
import type { ServiceContext } from '../services/context.js';
import type { Readiness } from '../services/readiness.js';
import { accessLog } from './access-log.js';
import { apiKeyRoutes } from './api-keys.js';
import { authenticate } from './authenticate.js';
import { locateClient } from './actor.js';
import { parseJson } from './request.js';
import { deviceConfigurationRoutes } from './device-configuration.js';
import { deviceCsvRoutes } from './devices-csv.js';
import { deviceRoutes } from './devices.js';
import { describeApi, docsPage } from './docs-page.js';
import { type AuditLog, eventRoutes } from './events.js';
import { type FrontPageFacts, frontPage } from './front-page.js';
import { healthRoutes } from './health.js';
import { lineRoutes } from './lines.js';
import type { Metrics } from './metrics/metrics.js';
import { networkRoutes } from './networks.js';
import { answerNotFound, problemHandler } from './problem.js';
import { resource } from './resource.js';
import { securityRoutes } from './security.js';
import { siteRoutes } from './sites.js';
import { tenantRoutes } from './tenants.js';
import { unknownDeviceRoutes } from './unknown-devices.js';

export interface AdminAppOptions {
  context: ServiceContext;
  templates: OwnTemplates;
  /** ADMIN_KEY: opens the API without the database knowing of it. */
  bootstrapKey: string | null;
  /** Asked anew for each page, since ports are known only once they are bound. */
  facts: () => FrontPageFacts;
  readiness: () => Promise<Readiness>;
  metrics: Metrics;
  auditLog: AuditLog;
}

/**
 * The app for administrators: the first page and the health of the process without a key, the REST
 * API with one.
 */
export function createAdminApp(options: AdminAppOptions): Express {
  const { context, bootstrapKey, facts, readiness, metrics } = options;
  const app = express();
  app.disable('x-powered-by');
  // Answers hold secrets and are not to be kept, so there is nothing to compare a digest with.
  app.disable('etag');
  app.use(locateClient(context.installation.trustedProxies));
  app.use(accessLog(context.log));
  app.use(secureHeaders);
  resource(app, '/', { get: frontPage(facts) });
  resource(app, '/docs', { get: docsPage() });
  resource(app, '/openapi.json', { get: describeApi() });
  app.use(healthRoutes(readiness, metrics));
  // Before the body is read: who may not come in need not be listened to.
  app.use('/api/v1', authenticate(context, bootstrapKey), parseJson, apiRoutes(options));
  app.use(answerNotFound);
  app.use(problemHandler(context.log));
  return app;
}

function apiRoutes({ context, templates, auditLog }: AdminAppOptions): Router {
  const router = Router();
  router.use('/tenants/:tenantId/sites', siteRoutes(context));
  router.use('/tenants/:tenantId/lines', lineRoutes(context));
  router.use('/tenants/:tenantId/networks', networkRoutes(context));
  router.use('/tenants', tenantRoutes(context));
  router.use('/devices.csv', deviceCsvRoutes(context));
  router.use('/devices', deviceConfigurationRoutes(context, templates));
  router.use('/devices', deviceRoutes(context));
  router.use('/unknown-devices', unknownDeviceRoutes(context));
  router.use('/events', eventRoutes(context, auditLog));
  router.use('/api-keys', apiKeyRoutes(context));
  router.use('/security', securityRoutes(context));
  return router;
}

const secureHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
  next();
};

import express, { type Express, type RequestHandler } from 'express';
import { answerProblems, refuseUnknownPath } from '../http/problem.js';
import type { ServiceContext } from '../services/context.js';
import { KeyTrials } from '../services/keys/key-trials.js';
import { Sessions } from '../services/keys/sessions.js';
import { accessLog, loggedPath } from './access-log.js';
import { locateClient } from './actor.js';
import { type Locks, authenticate } from './authenticate.js';
import type { AdminContext } from './context.js';
import { inOneLook } from './health.js';
import type { Json } from './json-schema.js';
import { openapiDocument } from './openapi.js';
import { API, mount } from './operation.js';
import { OPERATIONS } from './operations.js';
import { portal } from './portal.js';
import { typesBelow } from './problem-types.js';

export interface AdminAppOptions extends Omit<
  AdminContext,
  keyof ServiceContext | keyof Locks | 'openapi' | 'linkBase'
> {
  context: ServiceContext;
  /** ADMIN_KEY: opens the API without the database knowing of it. */
  bootstrapKey: string | null;
  /** ADMIN_URL. */
  adminUrl?: string | null;
}

/**
 * The app for administrators: the portal and the health of the process without a key, the REST API
 * with one.
 */
export function createAdminApp(options: AdminAppOptions): Express {
  const { context, bootstrapKey, adminUrl, readiness, ...parts } = options;
  const app = express();
  app.disable('x-powered-by');
  // Answers hold secrets and are not to be kept, so there is nothing to compare a digest with.
  app.disable('etag');
  app.use(locateClient(context.installation.trustedProxies));
  app.use(accessLog(context.log));
  app.use(secureHeaders);
  const locks = {
    keyTrials: new KeyTrials(context, bootstrapKey, (outcome) => parts.metrics.countRejectedKey(outcome)),
    sessions: new Sessions(context, bootstrapKey),
  };
  const linkBase = adminUrl ?? '';
  let document: Json | null = null;
  const openapi = (): Json => (document ??= openapiDocument(OPERATIONS, linkBase));
  const authenticated = authenticate(locks, linkBase);
  const given = { ...context, ...parts, ...locks, readiness: inOneLook(readiness), linkBase, openapi };
  mount(app, OPERATIONS, given, authenticated);
  app.use(API, authenticated);
  app.use(portal());
  app.use(refuseUnknownPath);
  app.use(
    answerProblems({
      log: context.log,
      logged: ({ originalUrl }) => ({ path: loggedPath(originalUrl) }),
      typeOf: typesBelow(linkBase),
    }),
  );
  return app;
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

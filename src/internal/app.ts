import express, { type Express } from 'express';
import { answerProblems, refuseUnknownPath } from '../http/problem.js';
import type { ServiceContext } from '../services/context.js';
import { parseJson, requireToken } from './request.js';
import { internalRoutes } from './routes.js';

export interface InternalApp {
  app: Express;
  /**
   * Ends the long polls that are under way, and answers later ones at once: for an orderly end of
   * the server.
   */
  stop(): void;
}

/**
 * The app that the SIP application speaks to: the contract over HTTP, behind the shared token.
 */
export function createInternalApp(context: ServiceContext, token: string): InternalApp {
  const stopping = new AbortController();
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // Before the body is read: who may not come in need not be listened to.
  app.use(requireToken(token));
  app.use(parseJson);
  app.use('/v1', internalRoutes(context, stopping.signal));
  app.use(refuseUnknownPath);
  app.use(answerProblems({ log: context.log, logged: ({ route }) => ({ route: patternOf(route) }) }));
  return {
    app,
    stop: () => {
      stopping.abort();
    },
  };
}

/** The pattern of the route rather than the path, which names users. */
function patternOf(route: unknown): string {
  return typeof route === 'object' && route !== null && 'path' in route ? String(route.path) : '-';
}

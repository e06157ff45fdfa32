import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { loggedClient } from '../domain/client-address.js';
import { knownActorOf } from './actor.js';
import { clientOf } from './client.js';
import { loggedPath } from './logged-path.js';

/** Asked every few seconds by monitoring; not logged. */
const QUIET_PATHS = new Set(['/healthz', '/readyz']);

/**
 * One line for each request once it is over: who asked for what and what came of it. No query, no
 * header, no body.
 */
export function accessLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    const client = clientOf(request);
    response.once('close', () => {
      const line = {
        method: request.method,
        path: loggedPath(request.originalUrl),
        status: response.writableFinished ? response.statusCode : null,
        ms: Math.round(performance.now() - began),
        actor: knownActorOf(request)?.name ?? null,
        ...loggedClient(client),
      };
      if (QUIET_PATHS.has(line.path)) log.debug(line, 'request');
      else log.info(line, 'request');
    });
    next();
  };
}

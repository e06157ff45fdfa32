import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { loggedClient } from '../domain/client-address.js';
import { knownActorOf, clientOf } from './actor.js';

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

/**
 * The path of a request as it may be logged: without its query, and without what could be a secret.
 * A phone that is pointed at this port by mistake brings its token in the path, and people paste
 * keys where they do not belong; neither ids nor MAC addresses have as many letters and digits in a
 * row as those.
 */
export function loggedPath(url: string): string {
  return url
    .replace(/[?#].*$/s, '')
    .slice(0, 200)
    .replaceAll(/[A-Za-z0-9_]{20,}/g, '***');
}

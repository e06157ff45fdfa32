import { type RequestHandler, Router } from 'express';
import type { Readiness } from '../services/readiness.js';
import { Problem } from './problem.js';
import { resource } from './resource.js';

/** For whoever watches over the process; both answer without a key and tell nothing that is secret. */
export function healthRoutes(readiness: () => Promise<Readiness>): Router {
  const router = Router();
  resource(router, '/healthz', { get: answerAlive });
  resource(router, '/readyz', { get: answerReady(readiness) });
  return router;
}

/** This process lives: restarting it would help nobody. */
const answerAlive: RequestHandler = (_req, res) => {
  res.json({ status: 'ok' });
};

/** Phones can fetch, register and be heard; or what is missing. Askers who come together are answered by one look. */
function answerReady(readiness: () => Promise<Readiness>): RequestHandler {
  let looking: Promise<Readiness> | null = null;
  return async (_req, res) => {
    looking ??= readiness().finally(() => {
      looking = null;
    });
    const { ready, checks } = await looking;
    if (ready) {
      res.json({ status: 'ready', checks: checks.map(({ name }) => ({ name, ready: true })) });
      return;
    }
    const missing = checks.flatMap(({ name, problem }) =>
      problem === null ? [] : [{ pointer: name, detail: problem }],
    );
    throw new Problem(503, missing.map(({ detail }) => detail).join(' '), missing, { 'Retry-After': '5' });
  };
}

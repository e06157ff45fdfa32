import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { Readiness } from '../services/readiness.js';
import type { Metrics } from './metrics/metrics.js';
import { Problem } from './problem.js';
import { resource } from './resource.js';

export const ALIVE_ANSWER = z.strictObject({ status: z.literal('ok') });

export const READY_ANSWER = z.strictObject({
  status: z.literal('ready'),
  checks: z.array(z.strictObject({ name: z.string(), ready: z.literal(true) })),
  /** What is not right, and keeps no phone from coming in. */
  warnings: z.array(z.string()),
});

/**
 * For supervisors and monitoring; all answer without a key and reveal nothing secret.
 */
export function healthRoutes(readiness: () => Promise<Readiness>, metrics: Metrics): Router {
  const router = Router();
  resource(router, '/metrics', { get: answerMetrics(metrics) });
  resource(router, '/healthz', { get: answerAlive });
  resource(router, '/readyz', { get: answerReady(readiness) });
  return router;
}

/** This process lives: restarting it would not help. */
const answerAlive: RequestHandler = (_request, response) => {
  response.json({ status: 'ok' } satisfies z.infer<typeof ALIVE_ANSWER>);
};

/**
 * Phones can fetch, register and be heard; or what is missing. Askers who come together are
 * answered by one look.
 */
function answerReady(readiness: () => Promise<Readiness>): RequestHandler {
  let looking: Promise<Readiness> | null = null;
  return async (_request, response) => {
    looking ??= readiness().finally(() => {
      looking = null;
    });
    const { ready, checks, warnings } = await looking;
    if (ready) {
      const named = checks.map(({ name }) => ({ name, ready: true as const }));
      response.json({ status: 'ready', checks: named, warnings } satisfies z.infer<typeof READY_ANSWER>);
      return;
    }
    const missing = checks.flatMap(({ name, problem }) =>
      problem === null ? [] : [{ pointer: name, detail: problem }],
    );
    throw new Problem(503, missing.map(({ detail }) => detail).join(' '), missing, { 'Retry-After': '5' });
  };
}

function answerMetrics(metrics: Metrics): RequestHandler {
  return async (_request, response) => {
    const text = await metrics.read();
    response.set('Content-Type', metrics.contentType).send(text);
  };
}

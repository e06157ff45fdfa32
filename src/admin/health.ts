import { z } from 'zod';
import { Problem } from '../http/problem.js';
import type { AdminContext } from './context.js';
import { type Operation, operation } from './operation.js';

export const ALIVE_ANSWER = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Alive' });

export const READY_ANSWER = z
  .strictObject({
    status: z.literal('ready'),
    checks: z.array(z.strictObject({ name: z.string(), ready: z.literal(true) })),
    /** What is not right, and keeps no phone from coming in. */
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Ready' });

/** For supervisors and monitoring: they answer without a key and reveal nothing secret. */
export const HEALTH_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'get',
    path: '/healthz',
    operationId: 'getHealth',
    tag: 'Health',
    summary: 'Tell that the process lives: restarting it would not help',
    may: 'anyone',
    answer: ALIVE_ANSWER,
    handle: async () => ({ status: 'ok' as const }),
  }),
  operation({
    method: 'get',
    path: '/readyz',
    operationId: 'getReadiness',
    tag: 'Health',
    summary: 'Tell whether phones can fetch, register and be heard; 503 with what is missing',
    may: 'anyone',
    answer: READY_ANSWER,
    handle: async ({ context }) => requireReady(context),
  }),
  operation({
    method: 'get',
    path: '/metrics',
    operationId: 'getMetrics',
    tag: 'Health',
    summary: 'Read counters and gauges in the text format of Prometheus',
    may: 'anyone',
    answer: 'text/plain',
    handle: async ({ context: { metrics }, response }) => {
      const text = await metrics.read();
      response.set('Content-Type', metrics.contentType).send(text);
    },
  }),
];

/** @throws Problem 503 with what is missing */
async function requireReady({ readiness }: AdminContext): Promise<z.infer<typeof READY_ANSWER>> {
  const { ready, checks, warnings } = await readiness();
  if (ready) {
    const named = checks.map(({ name }) => ({ name, ready: true as const }));
    return { status: 'ready', checks: named, warnings };
  }
  const missing = checks.flatMap(({ name, problem }) =>
    problem === null ? [] : [{ pointer: name, detail: problem }],
  );
  const detail = missing.map((one) => one.detail).join(' ');
  throw new Problem(503, detail, missing, { 'Retry-After': '5' }, { warnings });
}

/** Askers who come together are answered by one look. */
export function inOneLook(readiness: AdminContext['readiness']): AdminContext['readiness'] {
  let looking: ReturnType<typeof readiness> | null = null;
  return () => {
    looking ??= readiness().finally(() => {
      looking = null;
    });
    return looking;
  };
}

import { type Response, Router } from 'express';
import { Problem } from '../http/problem.js';
import { findAccount, findHa1, findLineHa1 } from '../services/account.js';
import { waitForAdmission } from '../services/admission.js';
import { attemptEntry } from '../services/authentication/attempt-entry.js';
import { closeCall, openCall } from '../services/authentication/call.js';
import type { ServiceContext } from '../services/context.js';
import { reportEmergencyCall, reportEmergencyEnd } from '../services/emergency/emergency-report.js';
import { routeCall } from '../services/emergency/emergency-route.js';
import { register } from '../services/registration.js';
import { reportResync } from '../services/resync/resync-outcome.js';
import { waitForDueResyncs } from '../services/resync/resync-wait.js';
import { recordHeartbeat } from '../services/sip-readiness.js';
import * as bodies from './bodies.js';
import type { DueResync } from '../contract/messages.js';
import { pathPart, withBody } from './request.js';

/** The calls of contract.ts. `stopping` ends the long polls. */
export function internalRoutes(context: ServiceContext, stopping: AbortSignal): Router {
  const router = Router();
  accountRoutes(router, context);
  callRoutes(router, context);
  resyncRoutes(router, context, stopping);
  admissionRoute(router, context, stopping);
  router.post(
    '/heartbeat',
    withBody(bodies.heartbeat, async (heartbeat, _request, response) => {
      await recordHeartbeat(context, heartbeat);
      response.sendStatus(204);
    }),
  );
  return router;
}

function accountRoutes(router: Router, context: ServiceContext): void {
  router.get('/accounts/:user', async (request, response) => {
    answer(response, await findAccount(context, pathPart(request, 'user')));
  });
  router.post(
    '/accounts/:user/ha1',
    withBody(bodies.ha1Query, async ({ realm }, request, response) => {
      answer(response, await findHa1(context, pathPart(request, 'user'), realm));
    }),
  );
  router.put(
    '/registrations/:user',
    withBody(bodies.registration, async (registration, request, response) => {
      answer(response, await register(context, pathPart(request, 'user'), registration));
    }),
  );
}

function callRoutes(router: Router, context: ServiceContext): void {
  router.post(
    '/calls/route',
    withBody(bodies.routeQuery, async (query, _request, response) => {
      answer(response, await routeCall(context, query));
    }),
  );
  router.post(
    '/calls',
    withBody(bodies.callOpening, async (opening, _request, response) => {
      answer(response, await openCall(context, opening));
    }),
  );
  router.post(
    '/calls/:callId/attempts',
    withBody(bodies.attempt, async (attempt, request, response) => {
      const outcome = await attemptEntry(context, pathPart(request, 'callId'), attempt);
      if (outcome.kind === 'incomplete') throw new Problem(422, 'Not as many digits as the PAP has.');
      answer(response, outcome.kind === 'verdict' ? outcome.verdict : null);
    }),
  );
  router.post(
    '/calls/:callId/end',
    withBody(bodies.callEnd, async (end, request, response) => {
      await closeCall(context, pathPart(request, 'callId'), end);
      response.sendStatus(204);
    }),
  );
  router.post(
    '/emergency-calls',
    withBody(bodies.emergencyReport, async (report, _request, response) => {
      await reportEmergencyCall(context, report);
      response.sendStatus(204);
    }),
  );
  router.post(
    '/emergency-calls/end',
    withBody(bodies.emergencyEnd, async (end, _request, response) => {
      await reportEmergencyEnd(context, end);
      response.sendStatus(204);
    }),
  );
}

function resyncRoutes(router: Router, context: ServiceContext, stopping: AbortSignal): void {
  router.get('/resyncs', async (request, response) => {
    const wait = bodies.waitSeconds.safeParse(request.query['wait']);
    if (!wait.success) throw new Problem(400, WAIT_HINT);
    // A client that is gone waits for nothing, and must not be leased anything.
    const ended = endOf(response, stopping);
    const resyncs: DueResync[] = await waitForDueResyncs(context, wait.data, ended);
    answer(response, { resyncs });
  });
  router.post(
    '/resyncs/:id/ha1',
    withBody(bodies.ha1Query, async ({ realm }, request, response) => {
      answer(response, await findLineHa1(context, pathPart(request, 'id'), realm));
    }),
  );
  router.post(
    '/resyncs/:id/outcome',
    withBody(bodies.resyncOutcome, async (outcome, request, response) => {
      const isKnown = await reportResync(context, pathPart(request, 'id'), outcome);
      if (isKnown) response.sendStatus(204);
      else answer(response, null);
    }),
  );
}

function admissionRoute(router: Router, context: ServiceContext, stopping: AbortSignal): void {
  router.get('/admission', async (request, response) => {
    const wait = bodies.waitSeconds.safeParse(request.query['wait']);
    if (!wait.success) throw new Problem(400, WAIT_HINT);
    const { known } = request.query;
    const version = typeof known === 'string' ? known : null;
    answer(response, await waitForAdmission(context, version, wait.data, endOf(response, stopping)));
  });
}

const WAIT_HINT = 'wait is a number of seconds from 0 to 60.';

/** Aborted when the client has closed the connection, or the process ends. */
function endOf(response: Response, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  return AbortSignal.any([stopping, gone.signal]);
}

/** null: there is no such user, call or resync. */
function answer(response: Response, value: object | null): void {
  if (value === null) throw new Problem(404, 'There is no such user, call or resync.');
  response.json(value);
}

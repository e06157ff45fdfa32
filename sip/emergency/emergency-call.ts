import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { EmergencyCall, EmergencyReport, RouteAnswer } from '../../src/internal/contract.js';
import type { Clock } from '../../src/domain/time.js';
import { CallerProgress } from './caller-progress.js';
import type { Side } from '../connected-dialogs.js';
import type { EmergencyNews, EmergencyReports } from './emergency-reports.js';
import { callTarget, type TargetOutcome } from './emergency-target.js';
import type { Invitation } from '../invitation.js';
import { send, sendUnavailable } from '../responses.js';
import { errorText, reportable } from '../sip-messages.js';
import { within } from '../time-limit.js';

type EmergencyRoute = Extract<RouteAnswer, { kind: 'emergency' }>;

export interface EmergencyCallParts {
  reports: Pick<EmergencyReports, 'add'>;
  /** Ours, for user names that have none. */
  domain: string;
  clock: Clock;
  log: Logger;
}

/**
 * Emergency calls: connected to the first target of the route that takes them, whoever calls. Whatever another target answers, or does not, leads to
 * the next: the targets are the operator's alternatives for a call that must get through, so that a busy one, or one that declines for
 * everybody (RFC 3261, section 21.6), speaks for itself alone. Only the caller ends the hunt. Media goes directly between the two; once
 * connected, such a call outlives this application.
 */
export class EmergencyCalls {
  readonly #inHand = new Set<Promise<void>>();

  constructor(private readonly parts: EmergencyCallParts) {}

  /** Resolves when the call is connected, or cannot be. */
  async connect(invitation: Invitation, route: EmergencyRoute): Promise<void> {
    const call = this.#connect(invitation, route);
    this.#inHand.add(call);
    try {
      await call;
    } finally {
      this.#inHand.delete(call);
    }
  }

  /** Waits until no call is being connected any more, but no longer than this. New ones are taken all the same. */
  async settle(limitMs: number): Promise<void> {
    const settled = async (): Promise<void> => {
      while (this.#inHand.size > 0) await Promise.allSettled(this.#inHand);
    };
    try {
      await within(limitMs, 'end of all attempts to connect', settled());
    } catch (error) {
      this.parts.log.error({ reason: errorText(error) }, 'emergency calls are left as they are');
    }
  }

  async #connect(invitation: Invitation, route: EmergencyRoute): Promise<void> {
    const { request, response, caller } = invitation;
    if (!(Number(request.get('max-forwards') ?? 70) > 0)) return send(response, 483); // a route that leads back to us
    const { clock } = this.parts;
    const log = this.parts.log.child({ call: request.get('call-id'), mac: route.mac });
    log.warn({ targets: route.targets.length }, 'emergency call');

    const begunAt = clock.now();
    const { user, dialled, source } = caller;
    const id = randomUUID();
    const known = (): EmergencyCall => ({ id, user, dialled, source, at: clock.now().toISOString() });
    const onEnd = (target: string, connectedAt: Date, side: Side): void => {
      const endedBy = side === 'left' ? 'caller' : 'target';
      const seconds = secondsBetween(connectedAt, clock.now());
      log.warn({ target, endedBy, seconds }, 'emergency call ended');
      tellEnd({ kind: 'end', report: { ...known(), target, endedBy, seconds } });
    };
    // Who hangs up at once is faster than the ACK, after which we know that the two were connected; that is told first all the same.
    const early: EmergencyNews[] = [];
    let tellEnd = (news: EmergencyNews): void => void early.push(news);
    const { target, outcome, tried } = await this.#hunt(invitation, route, onEnd, log);
    const status = answerCaller(invitation, outcome);
    if (outcome.kind === 'connected') log.warn({ target }, 'emergency call connected');
    const report: EmergencyReport = {
      ...known(),
      target,
      outcome: outcome.kind === 'connected' ? 'connected' : 'failed',
      status,
      tried,
      seconds: secondsBetween(begunAt, clock.now()),
    };
    for (const news of [{ kind: 'call', report } as const, ...early]) this.parts.reports.add(news);
    tellEnd = (news) => this.parts.reports.add(news);
  }

  /** Calls one target after the other. */
  async #hunt(
    invitation: Invitation,
    { targets, callerIdentity: identity }: EmergencyRoute,
    onEnd: (target: string, connectedAt: Date, side: Side) => void,
    log: Logger,
  ): Promise<Hunt> {
    const { clock, domain } = this.parts;
    const progress = new CallerProgress(invitation);
    const hunt: Hunt = {
      target: null,
      outcome: { kind: 'failed', status: null, reason: 'there is no emergency route' },
      tried: [],
    };
    for (const [index, target] of targets.entries()) {
      if (hunt.target !== null && hunt.outcome.kind === 'failed') {
        const { status, reason } = hunt.outcome;
        hunt.tried.push({ target: hunt.target, status, reason: reportable(reason) });
      }
      const isLast = index === targets.length - 1;
      const call = { target, identity, domain, isLast, progress };
      const onConnected = (): ((side: Side) => void) => onEnd.bind(null, target, clock.now());
      hunt.target = target;
      hunt.outcome = await callTarget(invitation, { ...call, onConnected }, log);
      if (hunt.outcome.kind !== 'failed' || invitation.server.lost.aborted) break; // without its SIP server there is no caller to connect
      const { status, reason } = hunt.outcome;
      log.error({ target, status, reason }, 'an emergency target does not take the call');
    }
    return hunt;
  }
}

interface Hunt {
  /** The one called last. */
  target: string | null;
  outcome: TargetOutcome;
  tried: NonNullable<EmergencyReport['tried']>;
}

/** Tells the caller how the hunt ended, unless he is connected. Answers the status for the report. */
function answerCaller({ response }: Invitation, outcome: TargetOutcome): number | null {
  switch (outcome.kind) {
    case 'connected':
      return 200;
    case 'cancelled':
      send(response, 487);
      return 487;
    case 'failed':
      if (outcome.status !== null && FOR_CALLERS.has(outcome.status)) send(response, outcome.status);
      else sendUnavailable(response, 5);
      return outcome.status;
  }
}

/**
 * What a caller can make something of: whom he called is busy, not there, or does not speak his media. Everything else (challenges,
 * redirections, faults) is between the target and us.
 */
const FOR_CALLERS: ReadonlySet<number> = new Set([
  404, 408, 410, 415, 480, 484, 486, 488, 500, 502, 503, 504,
]);

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / 1000);
}

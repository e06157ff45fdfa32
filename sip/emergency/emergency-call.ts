import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { EmergencyCall, EmergencyReport } from '../../src/contract/messages.js';
import type { Clock } from '../../src/domain/time.js';
import type { Leave } from '../admission/place-counts.js';
import { CallerProgress } from './caller-progress.js';
import type { CoalescedReports } from './coalesced-reports.js';
import type { Side } from '../connected-dialogs.js';
import type { EmergencyNews, EmergencyReports } from './emergency-reports.js';
import type { EmergencyRoute } from './emergency-routing.js';
import { callTarget, type TargetOutcome } from './emergency-target.js';
import type { Invitation } from '../caller.js';
import { send, sendUnavailable } from '../responses.js';
import { errorText, reportable } from '../sip-messages.js';
import { within } from '../time-limit.js';

export interface EmergencyCallParts {
  reports: Pick<EmergencyReports, 'add'>;
  /** For calls of callers who are not known. */
  coalesced: Pick<CoalescedReports, 'add'>;
  /** Ours, for user names that have none. */
  domain: string;
  /** As which callers are shown who have no number of their own. */
  callerNumber: string | null;
  clock: Clock;
  log: Logger;
}

/**
 * Emergency calls: connected to the first target of the route that takes them, for every caller.
 * Whatever another target answers, or does not, leads to the next: the targets are the operator's
 * alternatives for a call that must get through, so that a busy one, or one that declines for
 * everybody (RFC 3261 21.6), speaks for itself alone. Only the caller ends the hunt. Media
 * goes directly between the two; once connected, such a call outlives this application.
 */
export class EmergencyCalls {
  readonly #inHand = new Set<Promise<void>>();

  constructor(private readonly parts: EmergencyCallParts) {}

  /**
   * Resolves when the call is connected, or cannot be.
   * @param leave gives the call's place back; called when it is over.
   */
  async connect(invitation: Invitation, route: EmergencyRoute, leave: Leave): Promise<void> {
    const call = this.#connect(invitation, route, leave);
    this.#inHand.add(call);
    try {
      await call;
    } finally {
      this.#inHand.delete(call);
    }
  }

  /**
   * Waits until no call is being connected any more, but no longer than this. New ones are taken
   * all the same.
   */
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

  /**
   * Tells a caller who is not known that there are too many of them. At once, and not after a
   * silence in a queue that those who fill it would leave last: a phone then tries its next server,
   * and a person another telephone.
   */
  refuse({ response, caller }: Invitation): void {
    sendUnavailable(response, 5);
    const { user, dialled, source } = caller;
    const at = this.parts.clock.now().toISOString();
    const call = { id: randomUUID(), user, dialled, source, at };
    this.parts.coalesced.add({ ...call, target: null, outcome: 'failed', status: 503 });
  }

  async #connect(invitation: Invitation, route: EmergencyRoute, leave: Leave): Promise<void> {
    const { request, response, caller } = invitation;
    const { lost } = invitation.server;
    if (!(Number(request.get('max-forwards') ?? 70) > 0)) {
      leave();
      return send(response, 483); // a route that leads back to us
    }
    const { clock } = this.parts;
    const log = this.parts.log.child({ call: request.get('call-id'), mac: route.mac });
    log.warn({ targets: route.targets.length }, 'emergency call');

    const begunAt = performance.now();
    const { user, dialled, source } = caller;
    const id = randomUUID();
    const known = (): EmergencyCall => ({ id, user, dialled, source, at: clock.now().toISOString() });
    const onEnd = (target: string, connectedAt: number, side: Side): void => {
      leave();
      lost.removeEventListener('abort', leave);
      const endedBy = side === 'left' ? 'caller' : 'target';
      const seconds = secondsSince(connectedAt);
      log.warn({ target, endedBy, seconds }, 'emergency call ended');
      tellEnd({ kind: 'end', report: { ...known(), target, endedBy, seconds } });
    };
    // Who hangs up at once is faster than the ACK, after which we know that the two were connected;
    // that is told first all the same.
    const early: EmergencyNews[] = [];
    let tellEnd = (news: EmergencyNews): void => void early.push(news);
    const { target, outcome, tried } = await this.#hunt(invitation, route, onEnd, log);
    const status = answerCaller(invitation, outcome);
    if (outcome.kind === 'connected') {
      log.warn({ target }, 'emergency call connected');
      // it goes on then, and nothing is heard of its end
      lost.addEventListener('abort', leave, { once: true });
    } else leave();
    const report: EmergencyReport = {
      ...known(),
      target,
      outcome: outcome.kind === 'connected' ? 'connected' : 'failed',
      status,
      tried,
      seconds: secondsSince(begunAt),
    };
    const { reports, coalesced } = this.parts;
    if (route.isKnown) reports.add({ kind: 'call', report });
    const isTold = route.isKnown || coalesced.add(report);
    tellEnd = (news) => {
      if (isTold) reports.add(news);
    };
    early.forEach(tellEnd);
  }

  /** Calls one target after the other. */
  async #hunt(
    invitation: Invitation,
    { targets, callerIdentity: identity, isKnown }: EmergencyRoute,
    onEnd: (target: string, connectedAt: number, side: Side) => void,
    log: Logger,
  ): Promise<Hunt> {
    const { domain, callerNumber: installationNumber } = this.parts;
    const shown = { identity, isKnown, installationNumber, domain };
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
      const call = { target, shown, isLast, progress };
      const onConnected = (): ((side: Side) => void) => {
        const connectedAt = performance.now();
        return once((side) => onEnd(target, connectedAt, side));
      };
      hunt.target = target;
      hunt.outcome = await callTarget(invitation, { ...call, onConnected }, log);
      // without its SIP server there is no caller to connect
      if (hunt.outcome.kind !== 'failed' || invitation.server.lost.aborted) break;
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

/**
 * Tells the caller how the hunt ended, unless the call is connected. Answers the status for the
 * report.
 */
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
 * What means something to a caller: the called side is busy, unavailable, or has no common media.
 * Everything else (challenges, redirections, faults) is between the target and us.
 */
const FOR_CALLERS: ReadonlySet<number> = new Set([
  404, 408, 410, 415, 480, 484, 486, 488, 500, 502, 503, 504,
]);

/** No more than a report takes. */
function secondsSince(then: number): number {
  return Math.min(86_400, (performance.now() - then) / 1000);
}

function once(listener: (side: Side) => void): (side: Side) => void {
  let isHeard = false;
  return (side) => {
    if (!isHeard) listener(side);
    isHeard = true;
  };
}

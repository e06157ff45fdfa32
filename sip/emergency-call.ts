import type { Logger } from 'pino';
import type { EmergencyReport, RouteAnswer } from '../src/internal/contract.js';
import { callTarget, type TargetOutcome } from './emergency-target.js';
import type { InternalClient } from './internal-client.js';
import type { Invitation } from './invitation.js';
import { send, sendUnavailable } from './responses.js';
import { errorText } from './sip-messages.js';
import { within } from './time-limit.js';

type EmergencyRoute = Extract<RouteAnswer, { kind: 'emergency' }>;

/**
 * Emergency calls: connected to the first target of the route that takes them, whoever calls. Media goes directly between the two; once
 * connected, such a call outlives this application.
 */
export class EmergencyCalls {
  readonly #inHand = new Set<Promise<void>>();

  constructor(
    private readonly internal: InternalClient,
    private readonly log: Logger,
  ) {}

  /** Resolves when the call is connected, or cannot be, and that has been reported. */
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
      this.log.error({ reason: errorText(error) }, 'emergency calls are left as they are');
    }
  }

  async #connect(invitation: Invitation, route: EmergencyRoute): Promise<void> {
    const { request, response, caller } = invitation;
    const { lost } = invitation.server;
    const log = this.log.child({ call: request.get('call-id'), mac: route.mac });
    const report = (outcome: Pick<EmergencyReport, 'target' | 'outcome' | 'status'>): Promise<void> =>
      this.#report({ user: caller.user, dialled: caller.dialled, source: caller.source, ...outcome }, log);
    if (!(Number(request.get('max-forwards') ?? 70) > 0)) return send(response, 483); // a route that leads back to us

    log.warn({ targets: route.targets.length }, 'emergency call');
    let last: TargetOutcome = { kind: 'failed', status: null, reason: 'there is no emergency route' };
    let lastTarget: string | null = null;
    for (const [index, target] of route.targets.entries()) {
      lastTarget = target;
      const isLast = index === route.targets.length - 1;
      last = await callTarget(invitation, { target, identity: route.callerIdentity, isLast }, log);
      if (last.kind !== 'failed' || lost.aborted) break; // without its SIP server there is no caller to connect
      log.error(
        { target, status: last.status, reason: last.reason },
        'an emergency target does not take the call',
      );
    }
    switch (last.kind) {
      case 'connected':
        log.warn({ target: lastTarget }, 'emergency call connected');
        return report({ target: lastTarget, outcome: 'connected', status: 200 });
      case 'cancelled':
        send(response, 487);
        return report({ target: lastTarget, outcome: 'failed', status: 487 });
      case 'failed':
        if (last.status !== null && isForCaller(last.status)) send(response, last.status);
        else sendUnavailable(response, 5);
        return report({ target: lastTarget, outcome: 'failed', status: last.status });
    }
  }

  async #report(report: EmergencyReport, log: Logger): Promise<void> {
    try {
      await this.internal.reportEmergency(report);
    } catch (error) {
      log.error({ reason: errorText(error) }, 'an emergency call cannot be reported');
    }
  }
}

/** Redirections and challenges of a target are ours to follow, not the caller's; and one that declines for all (6xx) knows only itself. */
function isForCaller(status: number): boolean {
  return status >= 400 && status < 600 && status !== 401 && status !== 407;
}

import type { Logger } from 'pino';
import type { EmergencyReport, RouteAnswer } from '../src/internal/contract.js';
import { callTarget, type TargetOutcome } from './emergency-target.js';
import type { InternalClient } from './internal-client.js';
import type { Invitation } from './invite.js';
import { send, sendUnavailable } from './responses.js';
import { errorText } from './sip-messages.js';

type EmergencyRoute = Extract<RouteAnswer, { kind: 'emergency' }>;

/**
 * Emergency calls: connected to the first target of the route that takes them, whoever calls. Media goes directly between the two; once
 * connected, such a call outlives this application.
 */
export class EmergencyCalls {
  constructor(
    private readonly internal: InternalClient,
    private readonly log: Logger,
  ) {}

  async connect(invitation: Invitation, route: EmergencyRoute): Promise<void> {
    const { request, response, caller } = invitation;
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
      if (last.kind !== 'failed') break;
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
        if (last.status === null || last.status >= 600) sendUnavailable(response, 5);
        else send(response, last.status);
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

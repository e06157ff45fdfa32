import type { Logger } from 'pino';
import { emergencyTarget, isEmergencyNumber } from '../src/domain/emergency.js';
import type { RouteAnswer } from '../src/internal/contract.js';
import type { AuthenticationCalls } from './authentication-call.js';
import type { Authenticator } from './authenticator.js';
import { readCaller, type Caller } from './caller.js';
import type { EmergencyCalls } from './emergency-call.js';
import { InternalAppUnavailable, type InternalClient } from './internal-client.js';
import type { Invitation } from './invitation.js';
import { send, sendUnavailable } from './responses.js';
import type { SipRequest, SipResponse } from './sip-messages.js';
import type { MediaPool } from './media-pool.js';
import type { SipServer } from './sip-server.js';

/** The installation's own settings: they decide when nobody can be asked. */
export interface InstallationEmergency {
  route: readonly string[];
  numbers: readonly string[];
}

export interface InviteParts {
  internal: InternalClient;
  authenticator: Authenticator;
  emergencyCalls: EmergencyCalls;
  authenticationCalls: AuthenticationCalls;
  emergency: InstallationEmergency;
  log: Logger;
}

/** Every INVITE. Whose call it is and what was dialled is asked first; an emergency is connected before anything else is looked at. */
export class Invites {
  constructor(private readonly parts: InviteParts) {}

  async handle(
    request: SipRequest,
    response: SipResponse,
    server: SipServer,
    media: MediaPool,
  ): Promise<void> {
    const cancelling = new AbortController();
    request.on('cancel', () => cancelling.abort());
    const cancelled = cancelling.signal;
    if (/;\s*tag\s*=/i.test(request.get('to')?.replace(/<[^>]*>/, '') ?? '')) return send(response, 481);
    if (!request.has('contact')) return send(response, 400); // no dialog without it

    const invitation: Invitation = {
      request,
      response,
      caller: readCaller(request),
      cancelled,
      server,
      media,
    };
    const route = await this.#route(invitation.caller);
    if (cancelled.aborted) return send(response, 487);
    switch (route?.kind) {
      case undefined:
        return sendUnavailable(response);
      case 'emergency':
        return this.parts.emergencyCalls.connect(invitation, route);
      case 'authentication':
        return this.#authenticate(invitation, route);
    }
  }

  /** null: nobody knows, and it is no emergency. */
  async #route(caller: Caller): Promise<RouteAnswer | null> {
    const { internal, emergency, log } = this.parts;
    const installation = emergency.route.map((route) => emergencyTarget(route, caller.dialled));
    try {
      const answer = await internal.route(caller);
      if (answer.kind === 'emergency' && answer.targets.length === 0)
        return { ...answer, targets: installation };
      return answer;
    } catch (error) {
      if (!(error instanceof InternalAppUnavailable)) throw error;
      log.error({ reason: error.message }, 'an INVITE must be routed without the internal app');
      if (!isEmergencyNumber(caller.dialled, emergency.numbers)) return null;
      return { kind: 'emergency', targets: installation, callerIdentity: null, mac: null };
    }
  }

  async #authenticate(
    invitation: Invitation,
    { account }: Extract<RouteAnswer, { kind: 'authentication' }>,
  ): Promise<void> {
    const { request, response } = invitation;
    const { authenticator, authenticationCalls } = this.parts;
    const credentials = authenticator.demandCredentials(request, response);
    if (credentials === null) return;
    if (!authenticator.admit(request, response, credentials, account)) return;
    await authenticationCalls.take(invitation, account.user);
  }
}

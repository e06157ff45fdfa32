import type { Logger } from 'pino';
import { emergencyNumber, emergencyTarget, emergencyTargets } from '../src/domain/emergency.js';
import type { Account, RouteAnswer } from '../src/internal/contract.js';
import type { Accounts } from './admission/accounts.js';
import type { AdmissionWatch } from './admission/admission.js';
import type { AuthenticationCalls } from './authentication-call.js';
import type { Authenticator } from './digest/authenticator.js';
import { readCaller, type Caller } from './caller.js';
import type { EmergencyCalls } from './emergency/emergency-call.js';
import type { EmergencyMemory } from './emergency/emergency-memory.js';
import { InternalAppUnavailable, type InternalClient } from './internal-client.js';
import type { Invitation } from './invitation.js';
import { send, sendUnavailable } from './responses.js';
import type { SipRequest, SipResponse } from './sip-messages.js';
import type { MediaPool } from './media/media-pool.js';
import type { SipServer } from './sip-server.js';

export interface InviteParts {
  internal: InternalClient;
  accounts: Accounts;
  admission: AdmissionWatch;
  authenticator: Authenticator;
  emergencyCalls: EmergencyCalls;
  authenticationCalls: AuthenticationCalls;
  emergencyMemory: EmergencyMemory;
  log: Logger;
}

/** As long as nobody knows which numbers are for emergencies, every INVITE is asked for; so many of a flood at once. */
const MAX_DOUBTFUL = 200;

/**
 * Every INVITE. One that may be for help, under anybody's numbers, is asked for first, and an emergency is connected before anything else is looked
 * at. All others must prove who calls, and cost nothing until they have; what was dialled is asked for then, too.
 */
export class Invites {
  #doubtful = 0;

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
    const { caller } = invitation;
    if (this.parts.admission.mayBeEmergency(caller.dialled) || this.#isForHelp(caller))
      await this.#askFirst(invitation);
    else await this.#authenticateFirst(invitation);
  }

  async #askFirst(invitation: Invitation): Promise<void> {
    const { admission, authenticationCalls } = this.parts;
    const isDoubtful = !admission.isCertain;
    if (isDoubtful && this.#doubtful >= MAX_DOUBTFUL && !this.#isForHelp(invitation.caller))
      return sendUnavailable(invitation.response);
    this.#doubtful += Number(isDoubtful);
    const route = await this.#route(invitation.caller).finally(() => (this.#doubtful -= Number(isDoubtful)));
    if (invitation.cancelled.aborted) return send(invitation.response, 487);
    if (route?.kind !== 'authentication') return this.#follow(invitation, route);
    const account = this.#admit(invitation, route.account);
    if (account !== null) await authenticationCalls.take(invitation, account.user);
  }

  async #authenticateFirst(invitation: Invitation): Promise<void> {
    const { request, response, cancelled } = invitation;
    const { accounts, authenticator, authenticationCalls } = this.parts;
    const credentials = authenticator.demandCredentials(request, response);
    if (credentials === null) return;
    let account: Account | null;
    try {
      account = await accounts.find(credentials.user);
    } catch (error) {
      if (!(error instanceof InternalAppUnavailable)) throw error;
      return sendUnavailable(response);
    }
    if (cancelled.aborted) return send(response, 487);
    if (!authenticator.admit(request, response, credentials, account)) return;
    // The number may have become one for emergencies just now, and the account nobody's.
    const route = await this.#route(invitation.caller, false);
    if (cancelled.aborted) return send(response, 487);
    if (route?.kind !== 'authentication') return this.#follow(invitation, route);
    if (route.account !== null) return authenticationCalls.take(invitation, account.user);
    accounts.forget(account.user);
    send(response, 403);
  }

  async #follow(
    invitation: Invitation,
    route: Extract<RouteAnswer, { kind: 'emergency' }> | null,
  ): Promise<void> {
    if (route === null) sendUnavailable(invitation.response);
    else await this.parts.emergencyCalls.connect(invitation, route);
  }

  /** null: the caller has been told why not. */
  #admit({ request, response }: Invitation, account: Account | null): Account | null {
    const { authenticator } = this.parts;
    const credentials = authenticator.demandCredentials(request, response);
    if (credentials === null) return null;
    return authenticator.admit(request, response, credentials, account) ? account : null;
  }

  /** As far as is remembered here. */
  #isForHelp({ user, dialled }: Caller): boolean {
    return emergencyNumber(dialled, this.parts.emergencyMemory.planOf(user).numbers) !== null;
  }

  /** null: nobody knows, and it is no emergency. */
  async #route(caller: Caller, isHurried = true): Promise<RouteAnswer | null> {
    const { internal, emergencyMemory, log } = this.parts;
    try {
      const answer = await internal.route(caller, isHurried);
      if (answer.kind !== 'emergency' || answer.targets.length > 0) return answer;
      const plan = emergencyMemory.planOf(caller.user);
      const number = emergencyNumber(caller.dialled, plan.numbers) ?? caller.dialled;
      return { ...answer, targets: plan.route.map((route) => emergencyTarget(route, number)) };
    } catch (error) {
      if (!(error instanceof InternalAppUnavailable)) throw error;
      log.error({ reason: error.message }, 'an INVITE must be routed without the internal app');
      const plan = emergencyMemory.planOf(caller.user);
      const targets = emergencyTargets(plan, caller.dialled);
      return targets && { kind: 'emergency', targets, callerIdentity: plan.callerIdentity, mac: null };
    }
  }
}

import type { Account } from '../src/contract/messages.js';
import type { Accounts } from './admission/accounts.js';
import type { AdmissionWatch } from './admission/admission.js';
import type { EmergencyLimits } from './admission/emergency-limits.js';
import type { Leave } from './admission/place-counts.js';
import type { AuthenticationCalls } from './authentication-call.js';
import type { Authenticator } from './digest/authenticator.js';
import { readCaller, type SipCaller, type Invitation } from './caller.js';
import type { EmergencyCalls } from './emergency/emergency-call.js';
import type { EmergencyRoute, EmergencyRouting } from './emergency/emergency-routing.js';
import { InternalAppUnavailable } from './internal-client.js';
import { send, sendUnavailable } from './responses.js';
import type { SipRequest, SipResponse } from './sip-messages.js';
import type { MediaPool } from './media/media-pool.js';
import type { SipServer } from './sip-server.js';

export interface InviteParts {
  accounts: Accounts;
  admission: AdmissionWatch;
  emergencyLimits: EmergencyLimits;
  authenticator: Authenticator;
  emergencyCalls: EmergencyCalls;
  authenticationCalls: AuthenticationCalls;
  routing: EmergencyRouting;
}

/**
 * As long as the emergency numbers are not known, every INVITE is looked up; so many of a flood at
 * once.
 */
const MAX_DOUBTFUL = 200;
/** Callers beyond the bound who may be known all the same are asked for, so many at once. */
const MAX_BEYOND = 20;

/**
 * Every INVITE. One that may be for help, under anybody's numbers, is asked for first, and an
 * emergency is connected before anything else is looked at. All others must prove who calls, and
 * cost nothing until they have; what was dialled is asked for then, too.
 */
export class Invites {
  #doubtful = 0;
  #beyond = 0;

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
    if (this.parts.admission.mayBeEmergency(caller.dialled) || this.parts.routing.isForHelp(caller))
      await this.#askFirst(invitation);
    else await this.#authenticateFirst(invitation);
  }

  async #askFirst(invitation: Invitation): Promise<void> {
    const { admission, authenticationCalls, routing } = this.parts;
    const { caller } = invitation;
    const isForHelp = routing.isForHelp(caller);
    const isDoubtful = !admission.isCertain;
    if (isDoubtful && this.#doubtful >= MAX_DOUBTFUL && !isForHelp)
      return sendUnavailable(invitation.response);
    // Before anybody is asked: a flood of calls for help must not keep the internal app busy.
    const place = isDoubtful && !isForHelp ? null : this.#takePlace(caller);
    if (place === 'none' && !this.#mayBeKnown(caller)) return this.parts.emergencyCalls.refuse(invitation);
    const [doubtful, beyond] = [Number(isDoubtful), Number(place === 'none')];
    this.#doubtful += doubtful;
    this.#beyond += beyond;
    const route = await routing.find(caller).finally(() => {
      this.#doubtful -= doubtful;
      this.#beyond -= beyond;
    });
    const leave = place === 'none' ? null : place;
    if (route?.kind === 'emergency' && !invitation.cancelled.aborted)
      return this.#connect(invitation, route, leave);
    leave?.();
    if (invitation.cancelled.aborted) return send(invitation.response, 487);
    if (route === null) return sendUnavailable(invitation.response);
    if (route.kind === 'emergency') return;
    const account = this.#admit(invitation, route.account);
    if (account !== null) await authenticationCalls.take(invitation, account.user);
  }

  /**
   * A place among the emergency calls of callers who are not known, or among those under a name
   * that is.
   */
  #takePlace(caller: SipCaller): Leave | 'none' {
    const { emergencyLimits, routing } = this.parts;
    const own = routing.isKnown(caller) ? emergencyLimits.enterKnown(caller) : null;
    return own ?? emergencyLimits.enter(caller) ?? 'none';
  }

  /** Whether it is worth a question, though there is no place, where the caller calls from. */
  #mayBeKnown({ user }: SipCaller): boolean {
    return user !== null && this.parts.admission.mayBeAccount(user) && this.#beyond < MAX_BEYOND;
  }

  /** @param place that was taken before it was known who calls; null: none was. */
  async #connect(invitation: Invitation, route: EmergencyRoute, place: Leave | null): Promise<void> {
    const { emergencyCalls, emergencyLimits } = this.parts;
    const { caller } = invitation;
    const own = route.isKnown ? emergencyLimits.enterKnown(caller) : null;
    if (own !== null) place?.();
    const leave = own ?? place ?? emergencyLimits.enter(caller);
    if (leave === null) return emergencyCalls.refuse(invitation);
    await emergencyCalls.connect(invitation, route, leave);
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
    // The number may have become one for emergencies just now, and the account may have been
    // revoked.
    const route = await this.parts.routing.find(invitation.caller, false);
    if (cancelled.aborted) return send(response, 487);
    if (route === null) return sendUnavailable(response);
    if (route.kind === 'emergency') return this.#connect(invitation, route, null);
    if (route.account !== null) return authenticationCalls.take(invitation, account.user);
    accounts.forget(account.user);
    send(response, 403);
  }

  /** null: the caller has been told why not. */
  #admit({ request, response }: Invitation, account: Account | null): Account | null {
    const { authenticator } = this.parts;
    const credentials = authenticator.demandCredentials(request, response);
    if (credentials === null) return null;
    return authenticator.admit(request, response, credentials, account) ? account : null;
  }
}

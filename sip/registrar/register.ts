import type { Logger } from 'pino';
import type { Contact, Registered } from '../../src/contract/messages.js';
import type { Accounts } from '../admission/accounts.js';
import type { Authenticator } from '../digest/authenticator.js';
import { signallingSource } from '../caller.js';
import { readContacts } from './contact.js';
import { refuseExtensions, send, sendUnavailable } from '../responses.js';
import { InternalAppUnavailable, type InternalClient } from '../internal-client.js';
import type { SipRequest, SipResponse } from '../sip-messages.js';
import { uriUser } from '../sip-uri.js';

/** What a REGISTER may demand: a proxy that wrote a Path may (RFC 3327). */
const EXTENSIONS = ['path'];

export interface RegistrarParts {
  accounts: Accounts;
  authenticator: Authenticator;
  internal: InternalClient;
  log: Logger;
}

/**
 * The registrar: who may be reached where, told to the internal app together with the flow that the
 * REGISTER came by.
 */
export class Registrar {
  /** @param onRegistered called with each registration that was granted. */
  constructor(
    private readonly parts: RegistrarParts,
    private readonly onRegistered: (
      request: SipRequest,
      user: string,
      granted: Extract<Registered, { kind: 'registered' }>,
    ) => void,
  ) {}

  async handle(request: SipRequest, response: SipResponse): Promise<void> {
    try {
      await this.#register(request, response);
    } catch (error) {
      if (!(error instanceof InternalAppUnavailable)) throw error;
      this.parts.log.warn({ reason: error.message }, 'REGISTER not answered');
      sendUnavailable(response, 30);
    }
  }

  async #register(request: SipRequest, response: SipResponse): Promise<void> {
    const { accounts, authenticator, internal } = this.parts;
    if (refuseExtensions(request, response, EXTENSIONS)) return;
    const credentials = authenticator.demandCredentials(request, response);
    if (credentials === null) return;
    const account = await accounts.find(credentials.user);
    if (!authenticator.admit(request, response, credentials, account)) return;
    const { user } = account;
    // An account registers only itself (RFC 3261 10.3, step 5).
    if (uriUser(request.getParsedHeader('to').uri) !== user) return send(response, 403);

    const contacts = readContacts(request.get('contact'), request.get('expires'));
    if (contacts === null) return send(response, 400);
    const registered = await internal.register(user, {
      contacts,
      path: request.get('path') ?? null,
      source: signallingSource(request),
      callId: request.get('call-id') ?? '',
      cseq: request.getParsedHeader('cseq').seq,
      userAgent: request.get('user-agent') ?? null,
    });
    switch (registered?.kind) {
      case undefined:
        accounts.forget(user); // revoked since
        return send(response, 403);
      case 'brief':
        return send(response, 423, { 'Min-Expires': String(registered.minSeconds) });
      case 'overtaken':
        return send(response, 500);
      case 'registered':
        this.onRegistered(request, user, registered);
        return send(response, 200, bindingsHeaders(request, registered.contacts));
    }
  }
}

/**
 * All contacts of the user (RFC 3261 10.3, step 8), and the way that requests to it take (RFC 3327
 * 5.3).
 */
function bindingsHeaders(request: SipRequest, contacts: readonly Contact[]): Record<string, string> {
  const [first] = contacts;
  const path = request.get('path');
  return {
    ...(first !== undefined && {
      Contact: contacts.map(({ uri, expiresSeconds }) => `<${uri}>;expires=${expiresSeconds}`).join(', '),
      // For phones that look there and nowhere else: theirs comes first.
      Expires: String(first.expiresSeconds),
    }),
    ...(path !== undefined && { Path: path }),
  };
}

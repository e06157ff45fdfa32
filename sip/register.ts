import type { Logger } from 'pino';
import type { Authenticator } from './authenticator.js';
import { sourceOf } from './caller.js';
import { readBinding } from './contact.js';
import { InternalAppUnavailable, type InternalClient } from './internal-client.js';
import { send, sendUnavailable } from './responses.js';
import type { SipRequest, SipResponse } from './sip-messages.js';
import { uriUser } from './sip-uri.js';

export interface RegistrarParts {
  authenticator: Authenticator;
  internal: InternalClient;
  log: Logger;
}

/** The registrar: who may be reached where, told to the internal app together with the flow that the REGISTER came by. */
export class Registrar {
  /** @param onRegistered called with each registration that was granted. */
  constructor(
    private readonly parts: RegistrarParts,
    private readonly onRegistered: (request: SipRequest) => void,
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
    const { authenticator, internal } = this.parts;
    const credentials = authenticator.demandCredentials(request, response);
    if (credentials === null) return;
    const account = await internal.account(credentials.user);
    if (!authenticator.admit(request, response, credentials, account)) return;
    const { user } = account;
    // Nobody registers for somebody else (RFC 3261, section 10.3, step 5).
    if (uriUser(request.getParsedHeader('to').uri) !== user) return send(response, 403);

    const binding = readBinding(request.get('contact'), request.get('expires'));
    switch (binding.kind) {
      case 'malformed':
        return send(response, 400);
      case 'query':
        return send(response, 200);
      case 'unregister':
        await internal.unregister(user);
        return send(response, 200);
      case 'register': {
        const granted = await internal.register(user, {
          contact: binding.contact,
          source: sourceOf(request),
          callId: request.get('call-id') ?? '',
          cseq: request.getParsedHeader('cseq').seq,
          userAgent: request.get('user-agent') ?? null,
          expiresSeconds: binding.expiresSeconds,
        });
        if (granted === null) return send(response, 403); // revoked in between
        this.onRegistered(request);
        const expires = String(granted.expiresSeconds);
        return send(response, 200, { Contact: `<${binding.contact}>;expires=${expires}`, Expires: expires });
      }
    }
  }
}

import type { Account } from '../../src/contract/messages.js';
import { authorizationOf, signallingSource } from '../caller.js';
import { proves, type Credentials, type DigestChallenge } from './digest-challenge.js';
import { send } from '../responses.js';
import type { SipRequest, SipResponse } from '../sip-messages.js';
import { uriUser } from '../sip-uri.js';

/** Decides whether a request comes from who it says, and answers it if not. */
export class Authenticator {
  constructor(private readonly challenge: DigestChallenge) {}

  /**
   * Credentials worth being looked at. Answers 401 or 400 itself, and null, when there are none.
   */
  demandCredentials(request: SipRequest, response: SipResponse): Credentials | null {
    const reading = this.challenge.read(authorizationOf(request), signallingSource(request).address);
    switch (reading.kind) {
      case 'credentials':
        return reading.credentials;
      case 'none':
      case 'stale':
        this.#challenge(request, response, reading.kind === 'stale');
        return null;
      case 'malformed':
        send(response, 400);
        return null;
    }
  }

  /**
   * Whether the credentials prove this account (null: there is none of that name), and for the
   * first time. Answers 403 itself if not: the same for an unknown user and for a wrong password,
   * and no other user may be learnt from it; or 401 when the same were used before.
   */
  admit(
    request: SipRequest,
    response: SipResponse,
    credentials: Credentials,
    account: Account | null,
  ): account is Account {
    const right = proves(credentials, request.method, account?.ha1 ?? null);
    if (!right || account?.user !== credentials.user || !isForRequest(credentials, request)) {
      send(response, 403);
      return false;
    }
    if (this.challenge.spend(credentials)) return true;
    this.#challenge(request, response, true);
    return false;
  }

  #challenge(request: SipRequest, response: SipResponse, stale: boolean): void {
    const { address } = signallingSource(request);
    send(response, 401, this.challenge.headers(address, stale, request.get('user-agent') ?? ''));
  }
}

/**
 * Credentials are for one request URI (RFC 7616 3.4.6). Proxies rewrite hosts, and some
 * phones leave out the user; but a user that they name is the one that was called, so that
 * credentials overheard in one call do not place another. A REGISTER calls no user; some phones
 * name their own there.
 */
function isForRequest(credentials: Credentials, request: SipRequest): boolean {
  const named = uriUser(credentials.uri);
  if (named === null || named === uriUser(request.uri)) return true;
  return request.method === 'REGISTER' && named === credentials.user;
}

import { randomBytes } from 'node:crypto';

import { formatAuthHeader, parseAuthHeader, type AuthHeader } from './auth-header.js';
import { answerChallenge, strongestChallenge, type Credentials } from './digest.js';
import type { SipRequest, SipResponse } from './message.js';

/** An Authorization or Proxy-Authorization header. */
export type AuthorizationField = readonly [name: string, value: string];

/**
 * Answers the challenges to one request: each realm once (a second refusal means that the password
 * is wrong), once more when only the nonce was stale (RFC 7616 3.3). Keeps what it has answered:
 * behind two proxies both answers are needed.
 */
export class ChallengeAnswerer {
  readonly #credentials: Credentials | undefined;
  readonly #fields = new Map<string, AuthorizationField>();
  #attempts = 0;

  constructor(credentials: Credentials | undefined) {
    this.#credentials = credentials;
  }

  /**
   * The headers with which to try again after a 401 or 407; undefined when there is no use in it.
   */
  answer(request: SipRequest, response: SipResponse): AuthorizationField[] | undefined {
    if (this.#credentials === undefined || (response.status !== 401 && response.status !== 407))
      return undefined;
    const isProxy = response.status === 407;
    const challenges = response.headers
      .all(isProxy ? 'Proxy-Authenticate' : 'WWW-Authenticate')
      .map(parseAuthHeader)
      .filter((each): each is AuthHeader => each !== undefined);
    const challenge = strongestChallenge(challenges);
    const key = `${response.status} ${challenge?.params.get('realm') ?? ''}`;
    const isStale = challenge?.params.get('stale')?.toLowerCase() === 'true';
    if (challenge === undefined || this.#attempts >= 3 || (this.#fields.has(key) && !isStale))
      return undefined;
    const credentials = answerChallenge(challenge, {
      credentials: this.#credentials,
      method: request.method,
      uri: request.uri,
      cnonce: randomBytes(8).toString('hex'),
      nonceCount: 1,
      body: request.body,
    });
    if (credentials === undefined) return undefined;
    this.#attempts += 1;
    const name = isProxy ? 'Proxy-Authorization' : 'Authorization';
    this.#fields.set(key, [name, formatAuthHeader(credentials, 'credentials')]);
    return [...this.#fields.values()];
  }
}

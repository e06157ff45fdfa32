import type { Request, RequestHandler } from 'express';
import { Problem } from '../http/problem.js';
import type { Identity } from '../services/keys/identity.js';
import type { KeyTrials } from '../services/keys/key-trials.js';
import type { Sessions } from '../services/keys/sessions.js';
import { WRONG_KEYS_PER_MINUTE, type WrongKeyAllowance } from '../services/keys/wrong-keys.js';
import { clientOf, setAccess } from './actor.js';
import { requireSameOrigin, sessionCookieOf } from './session-cookie.js';

const REALM = 'Bearer realm="dialgate"';

/** What opens the API. */
export interface Locks {
  keyTrials: KeyTrials;
  sessions: Sessions;
}

/**
 * Lets through requests with a key as bearer token (RFC 6750), or with the cookie of a session, and
 * keeps what it opens. Where there are both, the key counts.
 */
export function authenticate({ keyTrials, sessions }: Locks, linkBase: string): RequestHandler {
  return async (request, _response, next) => {
    const { authorization = '' } = request.headers;
    const key = /^Bearer +(\S{1,500}) *$/i.exec(authorization)?.[1];
    const token = authorization === '' ? sessionCookieOf(request) : null;
    if (key !== undefined) {
      const identity = await tryKey(keyTrials, key, request);
      admit(request, identity, null, () => keyTrials.identify(key));
    } else if (token === null) {
      throw unauthorized('Send an administrator key: Authorization: Bearer <key>.', REALM);
    } else {
      const identity = await sessions.identify(token, true);
      if (identity === null) throw unauthorized('The session has ended: sign in again.', REALM);
      requireSameOrigin(request, linkBase);
      admit(request, identity, token, () => sessions.identify(token, false));
    }
    next();
  };
}

function admit(
  request: Request,
  { name, role, scope, keyId }: Identity,
  sessionToken: string | null,
  identify: () => Promise<Identity | null>,
): void {
  const { address } = clientOf(request);
  setAccess(request, {
    caller: { name, address, role, scope, keyId },
    sessionToken,
    isStillAllowed: async () => (await identify())?.keyId === keyId,
  });
}

/** Whom a key stands for. @throws Problem 401 for a wrong one, 429 after too many of those */
export async function tryKey(keyTrials: KeyTrials, key: string, request: Request): Promise<Identity> {
  const trial = await keyTrials.try(key, clientOf(request).address);
  switch (trial.kind) {
    case 'right':
      return trial.identity;
    case 'wrong': {
      const challenge = `${REALM}, error="invalid_token"`;
      throw unauthorized('There is no such administrator key.', challenge, rateLimit(trial.allowance));
    }
    case 'limited': {
      const { allowance } = trial;
      const headers = { ...rateLimit(allowance), 'Retry-After': String(allowance.resetSeconds) };
      throw new Problem(429, 'Too many wrong keys came from this address.', [], headers);
    }
  }
}

/** As draft-ietf-httpapi-ratelimit-headers has it. */
function rateLimit({ left, resetSeconds }: WrongKeyAllowance): Record<string, string> {
  return {
    'RateLimit-Policy': `"wrong-keys";q=${WRONG_KEYS_PER_MINUTE};w=60`,
    RateLimit: `"wrong-keys";r=${left};t=${resetSeconds}`,
  };
}

function unauthorized(detail: string, challenge: string, headers: Record<string, string> = {}): Problem {
  return new Problem(401, detail, [], { 'WWW-Authenticate': challenge, ...headers });
}

import type { RequestHandler } from 'express';
import { Problem } from '../http/problem.js';
import { identifyAdministrator } from '../services/api-keys.js';
import type { ServiceContext } from '../services/context.js';
import { setAccess, clientOf } from './actor.js';

const REALM = 'Bearer realm="dialgate"';

/**
 * Lets through requests with a key as bearer token (RFC 6750), and keeps the key's name for the
 * audit log.
 */
export function authenticate(context: ServiceContext, bootstrapKey: string | null): RequestHandler {
  return async (request, _response, next) => {
    const { address } = clientOf(request);
    const key = /^Bearer +(\S{1,500}) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (key === undefined)
      throw unauthorized('Send an administrator key: Authorization: Bearer <key>.', REALM);
    const identify = () => identifyAdministrator(context.store, bootstrapKey, key);
    const name = await identify();
    if (name === null) {
      context.log.warn({ address }, 'an administrator key that does not exist was refused');
      throw unauthorized('There is no such administrator key.', `${REALM}, error="invalid_token"`);
    }
    const isStillAllowed = async () => (await identify()) !== null;
    setAccess(request, { actor: { name, address }, isStillAllowed });
    next();
  };
}

function unauthorized(detail: string, challenge: string): Problem {
  return new Problem(401, detail, [], { 'WWW-Authenticate': challenge });
}

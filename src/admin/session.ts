import { z } from 'zod';
import { ROLES } from '../domain/role.js';
import { notFound } from '../http/problem.js';
import { callerOf, clientOf, sessionTokenOf } from './actor.js';
import { tryKey } from './authenticate.js';
import { ownId } from './fields.js';
import { API, type Operation, operation } from './operation.js';
import {
  clearSessionCookie,
  refuseOtherOrigin,
  sessionCookieOf,
  setSessionCookie,
} from './session-cookie.js';

/** Anything that could be sent as a bearer token; what it is worth is found out by trying it. */
export const SIGN_IN = z
  .strictObject({ key: z.string().regex(/^\S{1,500}$/, 'must be a key, of 1 to 500 characters') })
  .meta({ id: 'SignIn', examples: [{ key: 'dg_…' }] });

/** `tenantIds`: none are all. */
export const SESSION_ANSWER = z
  .strictObject({ name: z.string(), role: z.enum(ROLES), tenantIds: z.array(ownId) })
  .meta({ id: 'Session' });

const SESSION = `${API}/session` as const;

export const SESSION_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'post',
    path: SESSION,
    operationId: 'signIn',
    tag: 'Session',
    summary: 'Open a session with a key; the answer sets the cookie `dialgate_session`',
    may: 'anyone',
    body: SIGN_IN,
    refuses: [401, 403, 429],
    answer: null,
    handle: async ({ context, body, request, response }) => {
      const { linkBase } = context;
      refuseOtherOrigin(request, linkBase);
      const identity = await tryKey(context.keyTrials, body.key, request);
      const actor = { name: identity.name, address: clientOf(request).address };
      const former = sessionCookieOf(request);
      if (former !== null) await context.sessions.end(former, { ...actor, keyId: identity.keyId });
      setSessionCookie(request, response, await context.sessions.start(identity, actor), linkBase);
    },
  }),
  operation({
    method: 'get',
    path: SESSION,
    operationId: 'getSession',
    tag: 'Session',
    summary: 'Tell whom the session, or the key, stands for',
    may: ROLES,
    answer: SESSION_ANSWER,
    handle: async ({ request }) => {
      const { name, role, scope } = callerOf(request);
      return { name, role, tenantIds: scope === 'all' ? [] : [...scope] };
    },
  }),
  operation({
    method: 'delete',
    path: SESSION,
    operationId: 'signOut',
    tag: 'Session',
    summary: 'End the session',
    may: ROLES,
    refuses: [404],
    answer: null,
    handle: async ({ context, actor, request, response }) => {
      const token = sessionTokenOf(request);
      if (token === null) throw notFound('session');
      await context.sessions.end(token, actor);
      clearSessionCookie(request, response, context.linkBase);
    },
  }),
];

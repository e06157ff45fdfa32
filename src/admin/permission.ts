import type { RequestHandler } from 'express';
import type { Role } from '../domain/role.js';
import { Problem } from '../http/problem.js';
import { callerOf } from './actor.js';

/** Lets through the roles that an operation is for. @throws Problem 403 */
export function requireRole(may: readonly Role[]): RequestHandler {
  return (request, _response, next) => {
    const { role } = callerOf(request);
    if (!may.includes(role)) throw forbidden(`A key of the role ${role} cannot do this.`);
    next();
  };
}

export const forbidden = (detail: string): Problem => new Problem(403, detail);

/**
 * Refuses what is about the installation to keys for named tenants. @throws Problem 403
 */
export function requireScope(about: 'tenants' | 'installation'): RequestHandler {
  return (request, _response, next) => {
    if (about === 'installation' && callerOf(request).scope !== 'all')
      throw forbidden('A key for named tenants cannot do this: it is about the installation.');
    next();
  };
}

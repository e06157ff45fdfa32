import type { RequestHandler } from 'express';
import type { Role } from '../domain/role.js';
import { Problem } from '../http/problem.js';
import type { Caller } from '../services/context.js';
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
 * Refuses what the key of the caller has no tenants for: things of the installation. @throws
 * Problem 403
 */
export function requireAllTenants({ scope }: Caller): void {
  if (scope !== 'all') throw forbidden('A key for named tenants cannot do this.');
}

import type { Request } from 'express';
import type { Actor } from '../services/context.js';

interface Access {
  actor: Actor;
  isStillAllowed: () => Promise<boolean>;
}

const ACCESS = new WeakMap<Request, Access>();

export function setAccess(request: Request, access: Access): void {
  ACCESS.set(request, access);
}

/** Whether the key that a request came with is still valid: for answers that take long. */
export async function isStillAllowed(request: Request): Promise<boolean> {
  return (await ACCESS.get(request)?.isStillAllowed()) ?? false;
}

/** Who is asking; null before `authenticate` has told. */
export function knownActorOf(request: Request): Actor | null {
  return ACCESS.get(request)?.actor ?? null;
}

/** Who is asking. Only reachable behind `authenticate`, which sets it. */
export function actorOf(request: Request): Actor {
  const actor = knownActorOf(request);
  if (actor === null) throw new Error('This route is not behind authentication.');
  return actor;
}

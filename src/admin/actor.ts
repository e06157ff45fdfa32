import type { Request } from 'express';
import type { Actor } from '../services/context.js';

interface Access {
  actor: Actor;
  isStillAllowed: () => Promise<boolean>;
}

const ACCESS = new WeakMap<Request, Access>();

export function setAccess(req: Request, access: Access): void {
  ACCESS.set(req, access);
}

/** Whether the key that a request came with is still valid: for answers that take long. */
export async function isStillAllowed(req: Request): Promise<boolean> {
  return (await ACCESS.get(req)?.isStillAllowed()) ?? false;
}

/** Who is asking; null before `authenticate` has told. */
export function knownActorOf(req: Request): Actor | null {
  return ACCESS.get(req)?.actor ?? null;
}

/** Who is asking. Only reachable behind `authenticate`, which sets it. */
export function actorOf(req: Request): Actor {
  const actor = knownActorOf(req);
  if (actor === null) throw new Error('This route is not behind authentication.');
  return actor;
}

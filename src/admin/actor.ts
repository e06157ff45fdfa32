import type { Request } from 'express';
import type { Actor } from '../services/context.js';

const ACTORS = new WeakMap<Request, Actor>();

export function setActor(req: Request, actor: Actor): void {
  ACTORS.set(req, actor);
}

/** Who is asking; null before `authenticate` has told. */
export function knownActorOf(req: Request): Actor | null {
  return ACTORS.get(req) ?? null;
}

/** Who is asking. Only reachable behind `authenticate`, which sets it. */
export function actorOf(req: Request): Actor {
  const actor = knownActorOf(req);
  if (actor === null) throw new Error('This route is not behind authentication.');
  return actor;
}

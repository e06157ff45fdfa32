import type { Request, RequestHandler } from 'express';
import { type ClientAddress, clientAddress } from '../domain/client-address.js';
import type { Prefix } from '../domain/prefix.js';
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

const CLIENTS = new WeakMap<Request, ClientAddress>();

/** Decides, once for each request, where it comes from. */
export function locateClient(trustedProxies: readonly Prefix[]): RequestHandler {
  return (request, _response, next) => {
    CLIENTS.set(request, clientAddress(request.socket.remoteAddress, request.headers, trustedProxies));
    next();
  };
}

/** Where a request comes from. Only reachable behind `locateClient`, which sets it. */
export function clientOf(request: Request): ClientAddress {
  const client = CLIENTS.get(request);
  if (client === undefined) throw new Error('This route is not behind the client address.');
  return client;
}

import type { Request, RequestHandler } from 'express';
import { type ClientAddress, clientAddress } from '../domain/client-address.js';
import type { Prefix } from '../domain/prefix.js';
import type { Caller } from '../services/context.js';

interface Access {
  caller: Caller;
  /** Of the session that the request came with; null: it brought a key. */
  sessionToken: string | null;
  isStillAllowed: () => Promise<boolean>;
}

const ACCESS = new WeakMap<Request, Access>();

export function setAccess(request: Request, access: Access): void {
  ACCESS.set(request, access);
}

/**
 * Whether the key or session that a request came with is still valid: for answers that take long.
 */
export async function isStillAllowed(request: Request): Promise<boolean> {
  return (await ACCESS.get(request)?.isStillAllowed()) ?? false;
}

/** Who is asking; null before `authenticate` has told. */
export function knownActorOf(request: Request): Caller | null {
  return ACCESS.get(request)?.caller ?? null;
}

/** Who is asking. Only reachable behind `authenticate`, which sets it. */
export function callerOf(request: Request): Caller {
  return accessOf(request).caller;
}

/** The token of the session that a request came with; null where it brought a key. */
export function sessionTokenOf(request: Request): string | null {
  return accessOf(request).sessionToken;
}

function accessOf(request: Request): Access {
  const access = ACCESS.get(request);
  if (access === undefined) throw new Error('This route is not behind authentication.');
  return access;
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

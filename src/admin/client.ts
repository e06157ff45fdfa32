import type { Request, RequestHandler } from 'express';
import { type ClientAddress, clientAddress } from '../domain/client-address.js';
import type { Prefix } from '../domain/prefix.js';

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

import type { TLSSocket } from 'node:tls';
import type { Request, Response } from 'express';
import { Problem } from '../http/problem.js';
import { clientOf } from './actor.js';

/** Where the session of a browser is kept. */
export const SESSION_COOKIE = 'dialgate_session';

const COOKIE = new RegExp(`(?:^|;)\\s*${SESSION_COOKIE}=([\\w-]{1,200})\\s*(?=;|$)`);

/** The session token that a request brings, whatever it is; null: none. */
export function sessionCookieOf({ headers }: Request): string | null {
  return COOKIE.exec(headers.cookie ?? '')?.[1] ?? null;
}

/** Gives a browser its session: for this port alone, for no script, and for no request of a page
 * of another origin. It ends with the browser at the latest.
 */
export function setSessionCookie(
  request: Request,
  response: Response,
  token: string,
  linkBase: string,
): void {
  response.cookie(SESSION_COOKIE, token, attributesFor(request, linkBase));
}

export function clearSessionCookie(request: Request, response: Response, linkBase: string): void {
  response.clearCookie(SESSION_COOKIE, attributesFor(request, linkBase));
}

function attributesFor(request: Request, linkBase: string) {
  const secure = isEncrypted(request) || linkBase.startsWith('https:');
  return { httpOnly: true, sameSite: 'strict', path: '/', secure } as const;
}

/** Whether the client speaks TLS: to us, or to a trusted proxy that says so. */
function isEncrypted(request: Request): boolean {
  if ((request.socket as Partial<TLSSocket>).encrypted === true) return true;
  const told = clientOf(request).isProxied ? request.headers['x-forwarded-proto'] : undefined;
  return told?.toString().split(',')[0]?.trim().toLowerCase() === 'https';
}

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * Refuses what changes something unless the browser says that a page of this very origin asks it:
 * the cookie comes with a request whichever page made it. `Sec-Fetch-Site` (Fetch Metadata) and
 * `Origin` (RFC 6454 7) can be set by no script. @throws Problem 403
 */
export function requireSameOrigin(request: Request, linkBase: string): void {
  if (SAFE_METHODS.has(request.method)) return;
  if (isOtherOrigin(request, linkBase) ?? true)
    throw new Problem(
      403,
      'What a session changes must be asked by a page of the same origin; programs send a key instead.',
    );
}

/** Refuses what a browser says comes from a page of another origin. @throws Problem 403 */
export function refuseOtherOrigin(request: Request, linkBase: string): void {
  if (isOtherOrigin(request, linkBase) === true)
    throw new Problem(403, 'A page of another origin cannot ask this.');
}

/** null: the request does not say where it was made. */
function isOtherOrigin({ headers }: Request, linkBase: string): boolean | null {
  const site = headers['sec-fetch-site'];
  const { origin } = headers;
  if (site === undefined && origin === undefined) return null;
  if (site !== undefined && site !== 'same-origin') return true;
  return origin !== undefined && !isOwnOrigin(origin, headers.host, linkBase);
}

/**
 * A proxy may speak TLS for us without saying so, so the scheme is not compared; a browser does
 * that itself (`SameSite`, `Sec-Fetch-Site`).
 */
function isOwnOrigin(origin: string, host: string | undefined, linkBase: string): boolean {
  if (!URL.canParse(origin)) return false;
  if (linkBase !== '' && new URL(linkBase).origin === new URL(origin).origin) return true;
  return new URL(origin).host === host?.toLowerCase().replace(/:(?:80|443)$/, '');
}

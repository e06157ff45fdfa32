import type { SipResponse, SipRequest } from './sip-messages.js';

/** The methods that are answered here. */
export const ALLOWED_METHODS = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, REGISTER, UPDATE';
export const SDP_TYPE = 'application/sdp';

/**
 * Something this application needs is not there now; the phone is to come again (RFC 3261 21.5.4).
 */
export function sendUnavailable(response: SipResponse, retryAfterSeconds = 10): void {
  send(response, 503, { 'Retry-After': String(retryAfterSeconds) });
}

/** Sends a final response unless there has been one (a CANCEL may have been faster). */
export function send(response: SipResponse, status: number, headers: Record<string, string> = {}): void {
  if (!response.finalResponseSent) response.send(status, { headers });
}

/**
 * Answers 420 to a request that demands what we do not have (RFC 3261 8.2.2.3); true: it
 * is answered. Not for INVITE: a call is never refused for what it could do without.
 */
export function refuseExtensions(
  request: SipRequest,
  response: SipResponse,
  supported: readonly string[],
): boolean {
  const demanded = (request.get('require') ?? '').split(',').map((one) => one.trim());
  const unsupported = demanded.filter((one) => one !== '' && !supported.includes(one.toLowerCase()));
  if (unsupported.length === 0) return false;
  send(response, 420, { Unsupported: unsupported.join(', ') });
  return true;
}

import type { SipResponse } from './sip-messages.js';

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

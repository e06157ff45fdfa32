import { send } from './responses.js';
import type { SipRequest, SipResponse } from './sip-messages.js';

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

import { refuseExtensions, ALLOWED_METHODS, SDP_TYPE, send } from './responses.js';
import type { Handler } from './sip-server.js';

/**
 * How the requests are answered that are neither registrations nor calls and belong to no dialog of
 * ours.
 */
export const OTHER_METHODS: Readonly<Record<string, Handler>> = {
  OPTIONS: answerOptions,
  // within a dialog only (RFC 6086, RFC 3311); PRACK is not listed: drachtio-srf answers those that
  // belong to a response of ours
  INFO: (_request, response) => send(response, 481),
  UPDATE: (_request, response) => send(response, 481),
  // there is nothing to subscribe to (RFC 6665); phones ask for message waiting and busy lamps all
  // the same
  SUBSCRIBE: (_request, response) => send(response, 489),
  MESSAGE: notAllowed,
  NOTIFY: notAllowed,
  PUBLISH: notAllowed,
  REFER: notAllowed,
};

/** As an INVITE in its place would be taken (RFC 3261 11.2). */
function answerOptions(...[request, response]: Parameters<Handler>): void {
  if (!/^(?:sips?|tel|urn):/i.test(request.uri)) return send(response, 416);
  if (refuseExtensions(request, response, [])) return;
  send(response, 200, { Allow: ALLOWED_METHODS, Accept: SDP_TYPE, 'Accept-Encoding': 'identity' });
}

function notAllowed(...[, response]: Parameters<Handler>): void {
  send(response, 405, { Allow: ALLOWED_METHODS });
}

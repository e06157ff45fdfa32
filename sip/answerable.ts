import type { SipRequest } from './sip-messages.js';

/**
 * An address (RFC 3261, section 25.1) whose display name, if any, is quoted or of tokens, and whose
 * URI is a SIP URI with a host.
 */
const SIP_ADDRESS =
  /^\s*(?:(?:"(?:[^"\\]|\\.)*"\s*|[\w\-.!%*+`'~\s]*)<\s*)?sips?:(?:[^@<>\s]*@)?(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d+)?\s*(?:[;?>,]|$)/i;
const URI_WITH_SCHEME = /^[a-z][a-z\d+.-]*:/i;

/**
 * Whether a request can be answered through drachtio-server. For an INVITE or a SUBSCRIBE it makes
 * a dialog with the first answer, and compares the host of the (first) Contact with the sender;
 * where the Contact has none as its parser reads it (`<tel:…>`, `*`, a display name that ends its
 * reading), or where the request URI has no scheme, it ends with SIGSEGV (0.9.10). Such a request
 * is of no use to a caller: there is no address to send the requests of the dialog to. One without
 * any Contact does no harm, and can be refused.
 */
export function isAnswerable(request: SipRequest): boolean {
  if (request.method !== 'INVITE' && request.method !== 'SUBSCRIBE') return true;
  const contact = request.get('contact');
  return URI_WITH_SCHEME.test(request.uri) && (contact === undefined || SIP_ADDRESS.test(contact));
}

import type { SipRequest } from './sip-messages.js';

/**
 * An address (RFC 3261 25.1) whose display name, if any, is quoted or of tokens, and whose
 * URI is a SIP URI with a host. Strict about blanks: that server's parser takes none after `<`.
 */
const SIP_ADDRESS =
  /^[ \t\r\n]*(?:(?:"(?:[^"\\]|\\.)*"[ \t\r\n]*|[\w\-.!%*+`'~ \t\r\n]*)<)?sips?:(?:[^@<>\s]*@)?(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d+)?[ \t]*(?:[;?>,]|$)/i;
const CONTACT = /^(?:contact|m)[ \t\r\n]*:([^]*)/i;
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
  return URI_WITH_SCHEME.test(request.uri) && contactsOf(request.raw).every((one) => SIP_ADDRESS.test(one));
}

/**
 * Contact headers as drachtio-server finds them. drachtio-srf's own reading differs: it takes
 * `%43ontact` for a name, a lone CR or LF for no end of a line, and more than blanks away before a
 * value.
 */
function contactsOf(raw: string): string[] {
  const [head = ''] = raw.split('\r\n\r\n', 1);
  return head.split(/(?:\r\n|\r(?!\n)|\n)(?![ \t])/).flatMap((line) => CONTACT.exec(line)?.[1] ?? []);
}

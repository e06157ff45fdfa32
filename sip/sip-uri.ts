/**
 * Of SIP URIs (RFC 3261 19) and tel URIs (RFC 3966) only what this application asks of
 * them.
 */

const SIP_USER = /^sips?:(?:([^@]*)@)?/i;
const TEL_NUMBER = /^tel:([^;]*)/i;

/**
 * The user part as it was meant: unescaped, without a password or parameters. null when there is
 * none.
 */
export function uriUser(uri: string): string | null {
  const written = TEL_NUMBER.exec(uri)?.[1] ?? SIP_USER.exec(uri)?.[1]?.split(/[:;]/)[0];
  if (written === undefined || written === '') return null;
  try {
    return decodeURIComponent(written);
  } catch {
    return written; // a lone % is no escape
  }
}

/**
 * What was dialled, in the one form in which numbers are compared: `sip:*89%23@host;user=phone` is
 * `*89#`, `tel:+49-30-1234` is `+49301234`. Anything that is not written in a telephone's keys and
 * visual separators (RFC 3966) is left as it is, and so is the name of a service (RFC 5031);
 * nothing is ''.
 */
export function dialledNumber(requestUri: string): string {
  if (/^urn:service:/i.test(requestUri)) return requestUri.toLowerCase();
  const user = uriUser(requestUri) ?? '';
  return /^[0-9A-D*#+().\-\s]+$/i.test(user) ? user.replace(/[().\-\s]/g, '') : user;
}

/** A user part for a URI of ours: what may stand there unescaped does (RFC 3261 25.1). */
export function escapeUser(user: string): string {
  return encodeURIComponent(user).replace(/%(2B|24|26|3D|2C|3B|3F|2F)/gi, (escape) =>
    decodeURIComponent(escape),
  );
}

/** Where a flow leads to, as a URI that says transport, address and port. */
export function flowUri(flow: { protocol: string; address: string; port: number }): string {
  return `sip:${hostInUri(flow.address)}:${flow.port};transport=${flow.protocol}`;
}

/**
 * A host name or an address as it stands in a URI: an IPv6 one in brackets (RFC 3261 25.1).
 */
export function hostInUri(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

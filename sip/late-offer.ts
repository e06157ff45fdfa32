/**
 * Calls without an offer (RFC 3261, section 13.2.1): we make one, and the caller's answer comes with his ACK. fsmrf's own way would have
 * FreeSWITCH offer SRTP, answer that with FreeSWITCH's own offer, and so leave it encrypting for nobody. Instead the media server gets an
 * offer that stands in for the caller's until his is known, and he one that is made of its answer.
 */

/** Port 9 of the media server's own loopback: nobody hears what it says until the caller's address is known. */
export const STAND_IN_OFFER = description('127.0.0.1', '9');

/** The offer to the caller, with the address at which the media server waits for him; null when its answer names none. */
export function offerToCaller(mediaServerAnswer: string): string | null {
  const address = /^c=IN IP4 (\S+)/m.exec(mediaServerAnswer)?.[1];
  const port = /^m=audio ([1-9]\d*) /m.exec(mediaServerAnswer)?.[1];
  return address === undefined || port === undefined ? null : description(address, port);
}

function description(address: string, port: string): string {
  const lines = [
    'v=0',
    `o=dialgate 1 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 8 0 101`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=ptime:20',
    'a=sendrecv',
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

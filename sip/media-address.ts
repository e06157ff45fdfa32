import { isIP } from 'node:net';

/** Addresses other than that of the connection line: where RTCP is wanted, and the candidates of ICE, which a media server would try out. */
const OTHER_ADDRESSES = /^a=(?:rtcp|candidate|remote-candidates|ice-[a-z-]+|end-of-candidates)\b/i;
/** The port that takes everything and answers nothing (RFC 863), on the media server's own loopback: nobody. */
export const NOBODY = { address: '127.0.0.1', port: '9' };

/**
 * A caller's SDP as the media server is given it: with the host from which he signals in place of the one it names.
 *
 * An SDP can name any host of the Internet, and a media server begins to send at once. So the one that asked for the call is sent to, and
 * nobody else, until RTP comes: then the media server answers where it comes from (symmetric RTP), which is also what a phone behind a
 * NAT needs, whose SDP names an address that means nothing here, or one behind a proxy, whose media takes another way. Where the
 * caller's host speaks another version of IP than his media, nobody is sent to until then.
 *
 * A call on hold (0.0.0.0) stays on hold.
 */
export function withMediaAtSource(sdp: string, source: string): string {
  const host = source.replace(/^::ffff:(?=\d+\.)/i, '');
  const version = isIP(host);
  const reachable = new RegExp(`^c=IN IP${version} `, 'm').test(sdp);
  const lines = sdp.split(/\r?\n/).filter((line) => !OTHER_ADDRESSES.test(line));
  return lines
    .map((line) => {
      if (/^c=IN IP(?:4 0\.0\.0\.0|6 ::)\s*$/i.test(line)) return line;
      if (reachable) return line.startsWith('c=') ? `c=IN IP${version} ${host}` : line;
      if (line.startsWith('c=')) return `c=IN IP4 ${NOBODY.address}`;
      return line.replace(/^(m=audio) [1-9]\d*/, `$1 ${NOBODY.port}`);
    })
    .join('\r\n');
}

/** Whether an SDP knows RFC 4733 events, at the clock rate of telephone audio. */
export function hasTelephoneEvent(sdp: string): boolean {
  return /^a=rtpmap:\d+ telephone-event\/8000\b/im.test(sdp);
}

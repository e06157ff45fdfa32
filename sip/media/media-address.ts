import { isIP } from 'node:net';
import { readPlainAudio } from './plain-audio.js';

/**
 * Addresses other than that of the connection line: where RTCP is wanted, and the candidates of
 * ICE, which a media server would try out.
 */
const OTHER_ADDRESSES =
  /^a=(?:x-media-from|rtcp|candidate|remote-candidates|ice-[a-z-]+|end-of-candidates)\b/i;
/**
 * The port that takes everything and answers nothing (RFC 863), on the media server's own loopback.
 */
export const NOBODY = { address: '127.0.0.1', port: '9' };

const HELD = /^c=IN IP(?:4 0\.0\.0\.0|6 ::)$/i;
const LOOPBACK = /^(?:127\.|::1$)/;

/**
 * A caller's SDP as the media server is given it: with the host of the signalling in place of the
 * one that it names.
 *
 * An SDP can name any host of the Internet, and a media server begins to send at once. So audio
 * goes only to the host that asked for the call until RTP comes: then the media server answers
 * where it comes from (symmetric RTP), which is also what a phone behind a NAT needs, whose SDP
 * names an address that means nothing here, or one behind a proxy, whose media takes another way.
 *
 * Until then audio goes nowhere where the caller's host speaks another version of IP than its
 * media, and where only a proxy on our own machine is known of it: a port of the caller's choice
 * there belongs to another program. A call on hold (0.0.0.0) stays on hold.
 *
 * Where the caller's host is known, `a=x-media-from` names the hosts that the audio may come from,
 * which are that one and those that the SDP names: the embedded media server hears no other.
 * FreeSWITCH passes over such a line.
 */
export function withMediaAtSource(sdp: string, source: string): string {
  const host = source.replace(/^::ffff:(?=\d+\.)/i, '');
  // Whatever a parser may take for the end of a line or pass over before it: no line is to be read
  // in another way than it is here.
  const lines = sdp
    .split(/[\r\n\0]+/)
    .map((line) => line.trim())
    .filter((line) => !OTHER_ADDRESSES.test(line));
  const isSent = isReachable(host, lines);
  const hosts = isSent ? new Set([host, ...namedHosts(lines)]) : [];
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      if (HELD.test(line)) return line;
      if (/^c\s*=/i.test(line)) return `c=IN IP${isSent ? isIP(host) : 4} ${isSent ? host : NOBODY.address}`;
      return isSent ? line : line.replace(/^(m=audio\s+)[1-9]\d*/i, `$1${NOBODY.port}`);
    })
    .concat(
      [...hosts].map((one) => `a=x-media-from:${one}`),
      '',
    )
    .join('\r\n');
}

function namedHosts(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^c=IN IP[46] ([\da-f.:]+)$/i.exec(line)?.[1] ?? []);
}

/**
 * The same without a destination, in the version of IP that it names: until the caller's address is
 * proved.
 */
export function withMediaNowhere(sdp: string): string {
  return sdp
    .replace(/^c=IN IP4 (?!0\.0\.0\.0\b)\S+/gm, `c=IN IP4 ${NOBODY.address}`)
    .replace(/^c=IN IP6 (?!::\s*$)\S+/gm, 'c=IN IP6 ::1')
    .replace(/^(m=audio )[1-9]\d*/gm, `$1${NOBODY.port}`);
}

function isReachable(host: string, lines: readonly string[]): boolean {
  const named = lines.flatMap((line) => /^c=IN IP([46]) (\S+)/i.exec(line)?.slice(1, 3).join(' ') ?? []);
  const sameVersion = named.some((one) => one.startsWith(`${isIP(host)} `));
  return sameVersion && (!LOOPBACK.test(host) || named.every((one) => LOOPBACK.test(one.slice(2))));
}

/**
 * Whether the audio that we use of an SDP knows RFC 4733 events, at the clock rate of telephone
 * audio.
 */
export function hasTelephoneEvent(sdp: string): boolean {
  return readPlainAudio(sdp)?.hasTelephoneEvent === true;
}

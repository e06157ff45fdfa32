import { isIP } from 'node:net';
import { canonicalAddress } from '../../src/domain/address.js';
import type { Invitation } from '../caller.js';
import { sdpOf } from '../media/offer.js';
import { SDP_TYPE } from '../responses.js';

/** What a caller offers; an empty body: the target is to make the offer. */
export interface CallerOffer {
  body: string;
  type: string | undefined;
}

/**
 * Where RTCP is wanted, and what ICE would try out: addresses beside that of the connection line.
 */
const OTHER_ADDRESSES = /^a\s*=\s*(?:rtcp|candidate|remote-candidates|ice-[a-z-]+|end-of-candidates)\b/i;
/**
 * What a session says of its author: a text, a web page, a mail address, a telephone number (RFC
 * 4566, section 5).
 */
const AUTHOR = /^[iuep]\s*=/i;
const HELD = /^c=IN IP(?:4 0\.0\.0\.0|6 ::)\s*$/i;
const LOOPBACK = /^(?:127\.|::1$)/;
/**
 * Addresses that lead nowhere outside of the caller's own network: RFC 1918, 6598, 3927, 4193 and
 * 4291.
 */
const PRIVATE =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.|f[cd]|fe[89ab])/i;

/**
 * The SDP of a caller as an emergency target is given it. The audio goes straight between the two,
 * so the target sends to every host that the SDP names: a host that is not the one which calls is
 * replaced by that one. Left as it is: what names that host alone, which is nearly all there is;
 * the private address of a phone that is known, which no stranger's is; and everything where only a
 * proxy on our own machine is known of the caller.
 */
export function mediaOfCaller(sdp: string, address: string, isKnown: boolean): string {
  // Whatever a parser may take for the end of a line or pass over before it: no line is to be read
  // in another way than it is here.
  const lines = sdp
    .split(/[\r\n\0]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const isForeign = (line: string): boolean => {
    const named = hostOf(line);
    if (named === null || named === address) return false;
    return !(isKnown && PRIVATE.test(named)) && !(LOOPBACK.test(address) && !LOOPBACK.test(named));
  };
  const isUnwanted = (line: string): boolean => OTHER_ADDRESSES.test(line) || (!isKnown && AUTHOR.test(line));
  const isFine = (line: string): boolean => !isForeign(line) && (isKnown || !isUnwanted(line));
  if (lines.every(isFine)) return sdp;
  return lines
    .filter((line) => !isUnwanted(line))
    .map((line) => `${isForeign(line) ? `c=IN IP${isIP(address)} ${address}` : line}\r\n`)
    .join('');
}

/**
 * The offer of an INVITE as a target gets it. Of a caller who is not known it is the SDP alone:
 * other parts of the body may say where the caller is.
 */
export function offerOfCaller({ request, caller }: Invitation, isKnown: boolean): CallerOffer {
  const { body = '' } = request;
  const type = request.get('content-type');
  const isBare = type === undefined && isDescription(body);
  const own = isKnown || isBare ? { body, type } : { body: sdpOf(request) ?? '', type: SDP_TYPE };
  return { ...own, body: mediaOfCaller(own.body, caller.source.address, isKnown) };
}

/** The host that a connection line names; null for any other line, and for one on hold. */
function hostOf(line: string): string | null {
  if (!/^c\s*=/i.test(line) || HELD.test(line)) return null;
  const named = /^c\s*=\s*\S+\s+\S+\s+([^\s/]+)/i.exec(line)?.[1] ?? '';
  return canonicalAddress(named) ?? named;
}

/** Whether a body is an SDP that has media. */
export function isDescription(body: string): boolean {
  return /^v=0\r?\n/.test(body) && /^m=\S/m.test(body);
}

import { NOBODY } from './media-address.js';

const OUR_EVENTS = '101';

/**
 * Calls without an offer (RFC 3261 13.2.1): we make one, and the caller's answer comes with the
 * ACK. fsmrf's own way would have FreeSWITCH offer SRTP, answer that with FreeSWITCH's own offer,
 * and so leave it encrypting though the caller does not decrypt. Instead the media server gets an
 * offer that stands in for the caller's until that is known, and the caller gets one that is made
 * of its answer.
 */

/** The media server's audio goes nowhere until the caller's address is known. */
export const STAND_IN_OFFER = description(
  `IP4 ${NOBODY.address}`,
  NOBODY.port,
  [],
  [`a=x-media-from:${NOBODY.address}`],
);

/**
 * The offer to the caller, with the address at which the media server waits for the audio; null
 * when its answer names none. In the middle of a call it has as many sections as there were before,
 * those that are not used with port 0 (RFC 3264 8).
 */
export function offerToCaller(mediaServerAnswer: string): string | null {
  const [, version, address] = /^c=IN IP([46]) (\S+)/m.exec(mediaServerAnswer) ?? [];
  const media = mediaServerAnswer.match(/^m=.*$/gm)?.map((line) => line.trimEnd()) ?? [];
  const index = media.findIndex((line) => /^m=audio [1-9]/.test(line));
  const port = /^m=audio (\d+)/.exec(media[index] ?? '')?.[1];
  if (address === undefined || port === undefined) return null;
  return description(`IP${version} ${address}`, port, media.slice(0, index), media.slice(index + 1));
}

/**
 * The caller's answer to an offer of ours, as the media server is offered it in turn. The payload
 * types in an answer are those that the caller receives, and the caller sends with ours (RFC 3264
 * 6.1): its events come with the type that we offered, whatever its own is.
 */
export function answerAsOffer(answer: string): string {
  const theirs = /^a=rtpmap:(\d+) telephone-event\/8000/im.exec(answer)?.[1];
  if (theirs === undefined || theirs === OUR_EVENTS) return answer;
  return answer
    .replace(/^m=audio .*$/m, (line) => line.replace(new RegExp(` ${theirs}(?= |$)`), ` ${OUR_EVENTS}`))
    .replace(new RegExp(`^(a=(?:rtpmap|fmtp)):${theirs} `, 'gm'), `$1:${OUR_EVENTS} `);
}

function description(
  address: string,
  port: string,
  before: readonly string[] = [],
  behind: readonly string[] = [],
): string {
  const lines = [
    'v=0',
    `o=dialgate 1 1 IN ${address}`,
    's=-',
    `c=IN ${address}`,
    't=0 0',
    ...before,
    `m=audio ${port} RTP/AVP 8 0 ${OUR_EVENTS}`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:0 PCMU/8000',
    `a=rtpmap:${OUR_EVENTS} telephone-event/8000`,
    `a=fmtp:${OUR_EVENTS} 0-15`,
    'a=ptime:20',
    'a=sendrecv',
    ...behind,
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

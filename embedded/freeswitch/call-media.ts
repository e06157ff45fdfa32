import { randomInt } from 'node:crypto';

import type { AudioFormat, TransportAddress } from '../../telephony/media/format.js';
import type { RtpCounts } from '../../telephony/media/rtp-session.js';
import type { RemoteAudio } from '../../telephony/media/sdp.js';
import { writeAnswer, writeOffer } from '../../telephony/media/sdp-writing.js';

type Variable = readonly [name: string, value: string];

/** Our SDP in one call: its identity stays, its version rises (RFC 3264 8). */
export class CallSdp {
  readonly #rtp: TransportAddress;
  readonly #sessionId = randomInt(1, 2 ** 47);
  #version = 0;
  #text = '';

  constructor(rtp: TransportAddress) {
    this.#rtp = rtp;
  }

  /** What was said last. */
  get text(): string {
    return this.#text;
  }

  get rtp(): TransportAddress {
    return this.#rtp;
  }

  offer(): string {
    return (this.#text = writeOffer(this.#next(), ['PCMU', 'PCMA']));
  }

  answer(offer: RemoteAudio, format: AudioFormat): string {
    return (this.#text = writeAnswer(this.#next(), offer, format));
  }

  #next(): { rtp: TransportAddress; sessionId: number; sessionVersion: number } {
    return { rtp: this.#rtp, sessionId: this.#sessionId, sessionVersion: ++this.#version };
  }
}

/** What clients read of a call's media. */
export function describeMedia(
  local: CallSdp,
  remote: RemoteAudio | undefined,
  format: AudioFormat,
  remoteSdp: string,
): Variable[] {
  const peer: Variable[] =
    remote?.peer === undefined
      ? []
      : [
          ['remote_media_ip', remote.peer.address],
          ['remote_media_port', `${remote.peer.port}`],
        ];
  return [
    ...peer,
    ['switch_r_sdp', remoteSdp],
    ['rtp_local_sdp_str', local.text],
    ['local_media_ip', local.rtp.address],
    ['local_media_port', `${local.rtp.port}`],
    ['dtmf_type', format.telephoneEvent === undefined ? 'info' : 'rfc2833'],
    ['read_codec', format.codec],
    ['write_codec', format.codec],
  ];
}

/** The counters that `uuid_set_media_stats` makes variables of. */
export function describeStatistics({ sent, received, strangers }: RtpCounts): Variable[] {
  return [
    ['rtp_audio_in_packet_count', `${received}`],
    ['rtp_audio_in_media_packet_count', `${received}`],
    ['rtp_audio_in_skip_packet_count', `${strangers}`],
    ['rtp_audio_out_packet_count', `${sent}`],
    ['rtp_audio_out_media_packet_count', `${sent}`],
  ];
}

import type { AudioFormat } from '../../telephony/media/format.js';
import type { RtpCounts } from '../../telephony/media/rtp-session.js';
import type { RemoteAudio } from '../../telephony/media/sdp.js';
import type { LocalDescription } from './local-description.js';

type Variable = readonly [name: string, value: string];

/** What clients read of a call's media. */
export function describeMedia(
  local: LocalDescription,
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

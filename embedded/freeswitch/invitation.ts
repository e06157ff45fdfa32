import type { AudioFormat } from '../../telephony/media/format.js';
import { STATIC_PAYLOAD_TYPE } from '../../telephony/media/format.js';
import { chooseFormat, readSdp } from '../../telephony/media/sdp.js';
import type { RemoteAudio } from '../../telephony/media/sdp.js';
import { USUAL_TELEPHONE_EVENT } from '../../telephony/media/sdp-writing.js';
import type { SipRequest } from '../../telephony/sip/message.js';
import { parseClientAddress } from './outbound-socket.js';
import type { ClientAddress } from './outbound-socket.js';

/** What an INVITE of a client asks for. */
export interface Invitation {
  /** Who wants to control the channel. */
  readonly client: ClientAddress;
  /** The caller's offer; undefined when the INVITE has none, and we are to make one. */
  readonly remote: RemoteAudio | undefined;
  readonly format: AudioFormat;
  /** The offer as it came; empty without one. */
  readonly sdp: string;
}

export type InvitationReading =
  | { readonly kind: 'invitation'; readonly invitation: Invitation }
  /** To be refused with this SIP status. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string };

/** What we start from when the offer is left to us. */
const OFFERED_FIRST: AudioFormat = {
  codec: 'PCMU',
  payloadType: STATIC_PAYLOAD_TYPE.PCMU,
  telephoneEvent: USUAL_TELEPHONE_EVENT,
};

const refused = (status: number, reason: string): InvitationReading => ({ kind: 'refused', status, reason });

/**
 * Reads an INVITE. Only clients of drachtio-fsmrf have business here: they say so in User-Agent,
 * and where they wait in X-esl-outbound.
 */
export function readInvitation(request: SipRequest): InvitationReading {
  const { headers, body } = request;
  if (!/^drachtio-fsmrf:./.test(headers.get('User-Agent') ?? ''))
    return refused(404, 'not from a media client');
  const client = parseClientAddress(headers.get('X-esl-outbound') ?? '');
  if (client === undefined) return refused(400, 'no usable X-esl-outbound');
  if (body.length === 0) {
    return { kind: 'invitation', invitation: { client, remote: undefined, format: OFFERED_FIRST, sdp: '' } };
  }
  const type = (headers.get('Content-Type') ?? 'application/sdp').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/sdp') return refused(415, 'the body is no SDP');
  const sdp = body.toString('utf8');
  const reading = readSdp(sdp);
  if (reading.kind !== 'audio') return refused(488, reading.kind);
  return {
    kind: 'invitation',
    invitation: { client, remote: reading.audio, format: chooseFormat(reading.audio), sdp },
  };
}

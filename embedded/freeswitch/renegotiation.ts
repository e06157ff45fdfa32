import { chooseFormat, readSdp } from '../../telephony/media/sdp.js';
import type { IncomingInvite } from '../../telephony/sip/incoming-invite.js';
import type { SipRequest } from '../../telephony/sip/message.js';
import type { Call } from './call.js';

/**
 * Takes the answer that an ACK brings to an offer of ours. A client may leave it out, or send
 * something that has no audio: then we go on as before, and whom to send to we learn by a later
 * re-INVITE.
 */
export function acceptAnswer(call: Call, ack: SipRequest): void {
  const sdp = ack.body.toString('utf8');
  const reading = readSdp(sdp);
  if (reading.kind === 'audio') call.negotiate(reading.audio, chooseFormat(reading.audio), sdp);
}

/**
 * Answers a re-INVITE: a new offer takes effect, an INVITE without one gets ours. What cannot be
 * agreed on leaves the call as it is.
 */
export async function renegotiate(call: Call, invite: IncomingInvite): Promise<void> {
  const sdp = invite.request.body.toString('utf8');
  if (sdp === '') {
    const outcome = await invite.answer({ body: call.local.offer() });
    if (outcome.kind === 'established') acceptAnswer(call, outcome.ack);
    return;
  }
  const reading = readSdp(sdp);
  if (reading.kind !== 'audio') {
    invite.reject(488);
    return;
  }
  const format = chooseFormat(reading.audio);
  const body = call.local.answer(reading.audio, format);
  call.negotiate(reading.audio, format, sdp);
  await invite.answer({ body });
}

import { signallingSource } from '../caller.js';
import { withMediaAtSource } from './media-address.js';
import { readPlainAudio } from './plain-audio.js';
import { SDP_TYPE } from '../responses.js';
import type { SipRequest } from '../sip-messages.js';

/**
 * What an INVITE offers, with the media at its source (see withMediaAtSource). `none`: it leaves
 * the offer to us (late offer).
 */
export type Offer =
  | { kind: 'sdp'; sdp: string; hasTelephoneEvent: boolean }
  | { kind: 'none' }
  | { kind: 'unsupported-type' }
  | { kind: 'no-audio' };

/** The SDP in a request, which may be a part of its body. */
export function sdpOf(request: SipRequest): string | undefined {
  const { payload, body } = request;
  const parts = payload.length > 0 ? payload : [{ type: request.get('content-type'), content: body }];
  return parts.find(({ type }) => type?.split(';')[0]?.trim().toLowerCase() === SDP_TYPE)?.content;
}

/**
 * Reads the offer (RFC 3264). `no-audio`: none over plain RTP, or nothing that can be read; the
 * caller is told 488.
 */
export function readOffer(request: SipRequest): Offer {
  const body = request.body ?? '';
  if (body.trim() === '') return { kind: 'none' };
  const sdp = sdpOf(request);
  if (sdp === undefined) return { kind: 'unsupported-type' };
  const pinned = withMediaAtSource(sdp, signallingSource(request).address);
  const audio = readPlainAudio(pinned);
  if (audio === null) return { kind: 'no-audio' };
  return { kind: 'sdp', sdp: pinned, hasTelephoneEvent: audio.hasTelephoneEvent };
}

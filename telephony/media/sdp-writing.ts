import { isIPv6 } from 'node:net';

import { write } from 'sdp-transform';
import type { Media } from 'sdp-transform';

import { FRAME_MS, SAMPLE_RATE, STATIC_PAYLOAD_TYPE } from './format.js';
import type { AudioCodec, AudioFormat, TransportAddress } from './format.js';
import type { Direction, RemoteAudio } from './sdp.js';

/** Our side of a session description. */
export interface LocalAudio {
  /** Where we want RTP. */
  readonly rtp: TransportAddress;
  /** Stays the same through a call (RFC 8866 5.2). */
  readonly sessionId: number;
  /** Rises by one whenever what we describe changes (RFC 3264 8). */
  readonly sessionVersion: number;
}

/** The payload type that nearly everybody gives telephone-event. */
export const USUAL_TELEPHONE_EVENT = 101;

/** An SDP offer of G.711 in this order and, unless `telephoneEvent` is null, of RFC 4733 events. */
export function writeOffer(
  local: LocalAudio,
  codecs: readonly AudioCodec[],
  telephoneEvent: number | null = USUAL_TELEPHONE_EVENT,
  direction: Direction = 'sendrecv',
): string {
  const formats = codecs.map((codec) => ({
    codec,
    payloadType: STATIC_PAYLOAD_TYPE[codec],
    telephoneEvent: telephoneEvent ?? undefined,
  }));
  return writeSession(local, [describeAudio(local, formats, direction)]);
}

/**
 * The answer to an offer: its audio accepted in `format`, everything else in it refused with port 0
 * (RFC 3264 6). The direction mirrors the offer's.
 */
export function writeAnswer(local: LocalAudio, offer: RemoteAudio, format: AudioFormat): string {
  return writeSession(
    local,
    offer.sections.map((section, index) =>
      index === offer.index
        ? describeAudio(local, [format], mirror(offer.direction), section.protocol)
        : refuse(section),
    ),
  );
}

const MIRRORED: Record<Direction, Direction> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

/** What we may do, when the other side has said what it does (RFC 3264 6.1). */
export function mirror(direction: Direction): Direction {
  return MIRRORED[direction];
}

function describeAudio(
  local: LocalAudio,
  formats: readonly AudioFormat[],
  direction: Direction,
  protocol = 'RTP/AVP',
): Media {
  const event = formats[0]?.telephoneEvent;
  const eventTypes = event === undefined ? [] : [event];
  return {
    type: 'audio',
    port: local.rtp.port,
    protocol,
    payloads: [...formats.map(({ payloadType }) => payloadType), ...eventTypes].join(' '),
    rtp: [
      ...formats.map(({ codec, payloadType }) => ({ payload: payloadType, codec, rate: SAMPLE_RATE })),
      ...eventTypes.map((payload) => ({ payload, codec: 'telephone-event', rate: SAMPLE_RATE })),
    ],
    fmtp: eventTypes.map((payload) => ({ payload, config: '0-15' })),
    direction,
    ptime: formats[0]?.packetMs ?? FRAME_MS,
  };
}

function refuse(section: Media): Media {
  return {
    type: section.type,
    port: 0,
    protocol: section.protocol,
    payloads: section.payloads ?? '0',
    rtp: [],
    fmtp: [],
  };
}

function writeSession(local: LocalAudio, media: Media[]): string {
  const { address } = local.rtp;
  const version = isIPv6(address) ? 6 : 4;
  return write({
    version: 0,
    origin: {
      username: '-',
      sessionId: local.sessionId,
      sessionVersion: local.sessionVersion,
      netType: 'IN',
      ipVer: version,
      address,
    },
    name: '-',
    connection: { version, ip: address },
    timing: { start: 0, stop: 0 },
    media,
  });
}

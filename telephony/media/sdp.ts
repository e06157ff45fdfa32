import { isIP } from 'node:net';

import { parse } from 'sdp-transform';
import type { Media, SessionDescription } from 'sdp-transform';

import { FRAME_MS, MAX_PACKET_MS, SAMPLE_RATE } from './format.js';
import type { AudioCodec, AudioFormat, TransportAddress } from './format.js';

/** Seen from the side that wrote it (RFC 3264 5.1). */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** What the other side's offer or answer says about its audio. */
export interface RemoteAudio {
  /**
   * Where it wants its RTP; undefined while it holds the call the old way, with the address 0.0.0.0
   * (RFC 3264 8.4).
   */
  readonly peer: TransportAddress | undefined;
  /**
   * The only hosts that its RTP comes from, where it says so (`a=x-media-from`, one line each; of
   * our own SIP application).
   */
  readonly hosts: readonly string[] | undefined;
  /** The G.711 formats it takes, in its order of preference; at least one. */
  readonly formats: readonly [AudioFormat, ...AudioFormat[]];
  readonly direction: Direction;
  /** Every media section, in order: an answer has to answer each (RFC 3264 6). */
  readonly sections: readonly Media[];
  /** Index in `sections` of the one described here. */
  readonly index: number;
}

export type SdpReading =
  | { readonly kind: 'audio'; readonly audio: RemoteAudio }
  /** No audio section, or only refused ones. */
  | { readonly kind: 'no-audio' }
  /** Audio, but neither G.711 law over plain RTP: SIP answers 488. */
  | { readonly kind: 'no-common-codec' }
  | { readonly kind: 'malformed'; readonly reason: string };

/** No phone describes a call in more; a longer body is not parsed. */
const MAX_SDP_LENGTH = 16_384;

/** Reads an SDP offer or answer (RFC 8866); any text gives an outcome. */
export function readSdp(text: string): SdpReading {
  if (text.length > MAX_SDP_LENGTH) return { kind: 'malformed', reason: 'too long' };
  if (!/^v=0\s*$/m.test(text)) return { kind: 'malformed', reason: 'no protocol version line' };
  const session = parse(text);
  const sections = session.media;
  const open = sections.filter((section) => section.type === 'audio' && section.port > 0);
  if (open.length === 0) return { kind: 'no-audio' };
  for (const section of open) {
    const formats = readFormats(section);
    if (formats === undefined) continue;
    const address = (section.connection ?? session.connection)?.ip ?? '';
    if (isIP(address) === 0) return { kind: 'malformed', reason: 'the connection line has no IP address' };
    if (section.port > 65_535) return { kind: 'malformed', reason: 'the port is out of range' };
    const held = address === '0.0.0.0' || address === '::';
    return {
      kind: 'audio',
      audio: {
        peer: held ? undefined : { address, port: section.port },
        hosts: readHosts(text),
        formats,
        direction: readDirection(section, session),
        sections,
        index: sections.indexOf(section),
      },
    };
  }
  return { kind: 'no-common-codec' };
}

function readHosts(text: string): string[] | undefined {
  const hosts = [...text.matchAll(/^a=x-media-from:(\S+)\s*$/gm)].map(([, host = '']) => host);
  return hosts.length === 0 ? undefined : hosts;
}

function readFormats(section: Media): RemoteAudio['formats'] | undefined {
  if (!/^RTP\/AVPF?$/.test(section.protocol)) return undefined;
  const payloadTypes = String(section.payloads ?? '')
    .split(' ')
    .filter((token) => /^\d{1,3}$/.test(token))
    .map(Number)
    .filter((payloadType) => payloadType < 128 && !isRtcpType(payloadType));
  const telephoneEvent = section.rtp.find(
    ({ payload, codec, rate }) =>
      payloadTypes.includes(payload) &&
      codec.toLowerCase() === 'telephone-event' &&
      (rate ?? SAMPLE_RATE) === SAMPLE_RATE,
  )?.payload;
  const packetMs = readPacketMs(section);
  const [first, ...others] = payloadTypes.flatMap((payloadType): AudioFormat[] => {
    const codec = codecOf(section, payloadType);
    return codec === undefined ? [] : [{ codec, payloadType, telephoneEvent, packetMs }];
  });
  return first === undefined ? undefined : [first, ...others];
}

/**
 * With the marker bit these look like RTCP, and must not be assigned (RFC 5761 4).
 */
function isRtcpType(payloadType: number): boolean {
  return payloadType >= 64 && payloadType <= 95;
}

/**
 * How much audio the other side wants in a packet, and can take (RFC 8866 6.3 and 6.4), in
 * the tens of milliseconds we can make.
 */
function readPacketMs({ ptime = FRAME_MS, maxptime = MAX_PACKET_MS }: Media): number {
  const wanted = Math.min(ptime > 0 ? ptime : FRAME_MS, maxptime > 0 ? maxptime : MAX_PACKET_MS);
  return Math.max(10, Math.min(MAX_PACKET_MS, Math.floor(wanted / 10) * 10));
}

/**
 * Static payload types need no rtpmap (RFC 3551 6); a dynamic one is what its rtpmap says.
 */
function codecOf(section: Media, payloadType: number): AudioCodec | undefined {
  const map = section.rtp.find(({ payload }) => payload === payloadType);
  if (map === undefined) return payloadType === 0 ? 'PCMU' : payloadType === 8 ? 'PCMA' : undefined;
  if ((map.rate ?? SAMPLE_RATE) !== SAMPLE_RATE || (map.encoding ?? 1) !== 1) return undefined;
  const name = map.codec.toUpperCase();
  return name === 'PCMA' || name === 'PCMU' ? name : undefined;
}

function readDirection(section: Media, session: SessionDescription): Direction {
  const direction = section.direction ?? session.direction;
  return direction === 'sendonly' || direction === 'recvonly' || direction === 'inactive'
    ? direction
    : 'sendrecv';
}

/** The first format in the order of `preference`; without one, the other side's first. */
export function chooseFormat(audio: RemoteAudio, preference: readonly AudioCodec[] = []): AudioFormat {
  for (const codec of preference) {
    const format = audio.formats.find((offered) => offered.codec === codec);
    if (format !== undefined) return format;
  }
  return audio.formats[0];
}

/** The two laws of G.711, by their names in SDP (RFC 3551 6). */
export type AudioCodec = 'PCMA' | 'PCMU';

/** Static payload types of RFC 3551 6. */
export const STATIC_PAYLOAD_TYPE = { PCMU: 0, PCMA: 8 } as const satisfies Record<AudioCodec, number>;

/** G.711 and telephone-event both run at 8 kHz here. */
export const SAMPLE_RATE = 8000;

/** One packet carries 20 ms unless somebody wants otherwise (RFC 3551 4.2)… */
export const FRAME_MS = 20;

/** …which is 160 samples, in G.711 160 bytes. */
export const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1000;

/** The longest packet that anybody is sent. */
export const MAX_PACKET_MS = 60;

/** An IP address and a UDP port. */
export interface TransportAddress {
  readonly address: string;
  readonly port: number;
}

/** What two sides agreed to send each other. */
export interface AudioFormat {
  readonly codec: AudioCodec;
  /** RTP payload type of the audio. */
  readonly payloadType: number;
  /** RTP payload type of RFC 4733 events, undefined where the other side has none. */
  readonly telephoneEvent: number | undefined;
  /**
   * Milliseconds of audio that the other side wants in a packet: 10, 20, … 60. 20 when it does not
   * say.
   */
  readonly packetMs?: number;
}

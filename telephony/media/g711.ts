import type { AudioCodec } from './format.js';

/** The byte a sample of value 0 becomes: what is sent when there is nothing to say. */
export const SILENCE = { PCMA: 0xd5, PCMU: 0xff } as const satisfies Record<AudioCodec, number>;

/**
 * A-law inverts the even bits so that silence has transitions on the wire (ITU-T G.711, table 1a).
 */
const A_LAW_INVERSION = 0x55;
/**
 * Added before the logarithm so that every µ-law segment starts at a power of two (ITU-T G.711,
 * table 2a).
 */
const MU_LAW_BIAS = 0x84;
/** The largest magnitude µ-law can say, less the bias. */
const MU_LAW_CLIP = 32635;

function decodeALawByte(byte: number): number {
  const bits = byte ^ A_LAW_INVERSION;
  const segment = (bits & 0x70) >> 4;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

function decodeMuLawByte(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + MU_LAW_BIAS) << ((bits & 0x70) >> 4)) - MU_LAW_BIAS;
  return bits & 0x80 ? -magnitude : magnitude;
}

/** Number of the segment whose lowest magnitude is 2^(firstBit + segment). */
function segmentOf(magnitude: number, firstBit: number): number {
  return 31 - Math.clz32(magnitude) - firstBit;
}

function encodeALawSample(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  // A-law works on 13 bits; of the one's complement, so that -1 is the mirror image of 0.
  const magnitude = sample >= 0 ? sample : ~sample;
  const segment = magnitude < 0x100 ? 0 : segmentOf(magnitude, 7);
  const step = segment === 0 ? magnitude >> 4 : (magnitude >> (segment + 3)) & 0x0f;
  return (sign | (segment << 4) | step) ^ A_LAW_INVERSION;
}

function encodeMuLawSample(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), MU_LAW_CLIP) + MU_LAW_BIAS;
  const segment = segmentOf(magnitude, 7);
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
}

const decoded: Record<AudioCodec, Int16Array> = {
  PCMA: Int16Array.from({ length: 256 }, (_, byte) => decodeALawByte(byte)),
  PCMU: Int16Array.from({ length: 256 }, (_, byte) => decodeMuLawByte(byte)),
};

/** Indexed by the sample as an unsigned 16-bit number. */
function encodingTable(encode: (sample: number) => number): Uint8Array {
  return Uint8Array.from({ length: 0x10000 }, (_, index) => encode((index << 16) >> 16));
}

const encoded: Record<AudioCodec, Uint8Array> = {
  PCMA: encodingTable(encodeALawSample),
  PCMU: encodingTable(encodeMuLawSample),
};

/** 16-bit linear samples to G.711, one byte a sample (ITU-T G.711). */
export function encodeG711(codec: AudioCodec, samples: Int16Array): Buffer {
  const table = encoded[codec];
  const bytes = Buffer.allocUnsafe(samples.length);
  for (let i = 0; i < samples.length; i++) bytes[i] = table[(samples[i] ?? 0) & 0xffff] ?? 0;
  return bytes;
}

/** G.711 to 16-bit linear samples (ITU-T G.711). */
export function decodeG711(codec: AudioCodec, bytes: Uint8Array): Int16Array {
  const table = decoded[codec];
  const samples = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) samples[i] = table[bytes[i] ?? 0] ?? 0;
  return samples;
}

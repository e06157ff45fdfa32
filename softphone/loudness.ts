import type { AudioCodec } from '../telephony/media/format.js';
import { decodeG711 } from '../telephony/media/g711.js';

/** Root mean square of a packet's audio, of 32,767. */
export function loudness(codec: AudioCodec, payload: Uint8Array): number {
  return rootMeanSquare(decodeG711(codec, payload));
}

export function rootMeanSquare(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

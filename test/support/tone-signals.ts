/**
 * Signals for tests of the tone detector: keys with every fault that ITU-T Q.24 speaks of, and
 * noise. All deterministic.
 */
import { tonesOf } from '../../telephony/media/dtmf-keys.js';

/** A sine wave of 0 dBm0 in A-law (ITU-T G.711: the largest one has 3.14 dBm0). */
const AMPLITUDE_OF_0_DBM0 = 32_767 * 10 ** (-3.14 / 20);

export interface ToneOptions {
  /** Of each tone, where the twist does not say otherwise. */
  readonly dBm0?: number;
  /**
   * How much stronger the high tone is, in dB: half of it is added to the one, half taken from the
   * other.
   */
  readonly twist?: number;
  /** How far the frequencies are off, in percent. */
  readonly lowDeviation?: number;
  readonly highDeviation?: number;
  /** Noise, so many dB below the two tones together. */
  readonly signalToNoise?: number;
  /** Where in their periods the tones begin, in radians. */
  readonly phase?: number;
}

/** A repeatable source of numbers, evenly distributed from -1 to 1 (a 32-bit xorshift). */
export function noiseSource(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}

export function silence(ms: number): Int16Array {
  return new Int16Array(ms * 8);
}

/** The tones of a key, clipped where the two together are more than 16 bits can say. */
export function keyTones(key: string, ms: number, options: ToneOptions = {}): Int16Array {
  const { dBm0 = -10, twist = 0, lowDeviation = 0, highDeviation = 0, phase = 0, signalToNoise } = options;
  const [low, high] = tonesOf(key);
  const amplitude = (level: number): number => AMPLITUDE_OF_0_DBM0 * 10 ** (level / 20);
  const [weak, strong] = [amplitude(dBm0 - twist / 2), amplitude(dBm0 + twist / 2)];
  const turn = (hz: number, deviation: number): number => (2 * Math.PI * hz * (1 + deviation / 100)) / 8000;
  // Evenly distributed noise of the amplitude 1 has the power 1/3, a sine wave 1/2.
  const power = (weak * weak + strong * strong) / 2;
  const noise = signalToNoise === undefined ? 0 : Math.sqrt(3 * power * 10 ** (-signalToNoise / 10));
  const next = noiseSource(key.charCodeAt(0) * 7919 + ms);
  return Int16Array.from({ length: ms * 8 }, (_, n) =>
    clip(
      weak * Math.sin(turn(low, lowDeviation) * n + phase) +
        strong * Math.sin(turn(high, highDeviation) * n + 2 * phase) +
        noise * next(),
    ),
  );
}

export function clip(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}

export function join(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

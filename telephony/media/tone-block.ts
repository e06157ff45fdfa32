import { COLUMN_HZ, keyAt, ROW_HZ } from './dtmf-keys.js';
import { FRAME_SAMPLES, SAMPLE_RATE } from './format.js';

/** A stretch of the signal that is judged at once: 20 ms. */
export const BLOCK_SAMPLES = FRAME_SAMPLES;

/**
 * The two tones hold at least this share of the energy; speech hardly ever does. With noise 15 dB
 * below them, they hold 0.97 on average and a little over 0.92 in the worst block.
 */
const MIN_SHARE = 0.92;
/** The two differ by no more, in power: 10 dB, a little over the 8 dB of Q.24. */
const MAX_TWIST = 10;
/**
 * How far off its frequency a tone may be: in the middle of the 1.5 % that must be taken and the
 * 3.5 % that must not (Q.24).
 */
const MAX_DEVIATION = 0.025;
/** Mean square of the weakest signal: -46 dBm0. */
const MIN_POWER = 6400;

/** The Hann window: a tone does not spill over into those of the other group. */
const window = Float64Array.from(
  { length: BLOCK_SAMPLES },
  (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / BLOCK_SAMPLES),
);
/** Its slope: seen through it, a tone tells its frequency. */
const slope = Float64Array.from(
  { length: BLOCK_SAMPLES },
  (_, n) => (Math.PI / BLOCK_SAMPLES) * Math.sin((2 * Math.PI * (n + 0.5)) / BLOCK_SAMPLES),
);
const windowSum = window.reduce((sum, weight) => sum + weight, 0);
const windowSquares = window.reduce((sum, weight) => sum + weight * weight, 0);

/** What is multiplied with a block to find one frequency in it. */
interface Probe {
  readonly hz: number;
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
  readonly slopeCosine: Float64Array;
  readonly slopeSine: Float64Array;
}

function probe(hz: number): Probe {
  const angle = (n: number): number => (2 * Math.PI * hz * n) / SAMPLE_RATE;
  return {
    hz,
    cosine: window.map((weight, n) => weight * Math.cos(angle(n))),
    sine: window.map((weight, n) => -weight * Math.sin(angle(n))),
    slopeCosine: slope.map((weight, n) => weight * Math.cos(angle(n))),
    slopeSine: slope.map((weight, n) => -weight * Math.sin(angle(n))),
  };
}

const ROWS = ROW_HZ.map(probe);
const COLUMNS = COLUMN_HZ.map(probe);

/**
 * A block as one probe's pair of weights sees it. Reused: this is where a detector spends its time.
 */
const seen = { real: 0, imaginary: 0 };

function look(block: Float64Array, cosine: Float64Array, sine: Float64Array): void {
  let real = 0;
  let imaginary = 0;
  for (let n = 0; n < BLOCK_SAMPLES; n++) {
    const sample = block[n] ?? 0;
    real += sample * (cosine[n] ?? 0);
    imaginary += sample * (sine[n] ?? 0);
  }
  seen.real = real;
  seen.imaginary = imaginary;
}

interface Tone {
  readonly index: number;
  /** Its part of the block's energy, as `energyOf` counts it. */
  readonly energy: number;
}

/** The strongest tone of a group, if it has the group's frequency. */
function findTone(group: readonly Probe[], block: Float64Array, leastPower: number): Tone | null {
  let index = -1;
  let power = leastPower;
  let [real, imaginary] = [0, 0];
  for (let i = 0; i < group.length; i++) {
    const one = group[i];
    if (one === undefined) break;
    look(block, one.cosine, one.sine);
    const here = seen.real * seen.real + seen.imaginary * seen.imaginary;
    if (here <= power) continue;
    [index, power, real, imaginary] = [i, here, seen.real, seen.imaginary];
  }
  const found = group[index];
  if (found === undefined) return null;
  // The spectrum through the window's slope is that through the window, turned by a quarter and
  // scaled with the distance in frequency.
  look(block, found.slopeCosine, found.slopeSine);
  const radians = -(seen.imaginary * real - seen.real * imaginary) / power; // a sample
  const deviation = (radians * SAMPLE_RATE) / (2 * Math.PI * found.hz);
  if (Math.abs(deviation) > MAX_DEVIATION) return null;
  const response = responseAt((radians * BLOCK_SAMPLES) / (2 * Math.PI));
  const energy = (2 * power * windowSquares) / (windowSum * windowSum * response * response);
  return { index, energy };
}

/** What the window lets through of a tone that is so many bins of the block beside the probe. */
function responseAt(bins: number): number {
  if (Math.abs(bins) < 1e-6) return 1;
  return Math.sin(Math.PI * bins) / (Math.PI * bins * (1 - bins * bins));
}

function energyOf(block: Float64Array): number {
  let energy = 0;
  for (let n = 0; n < BLOCK_SAMPLES; n++) {
    const sample = (block[n] ?? 0) * (window[n] ?? 0);
    energy += sample * sample;
  }
  return energy;
}

/** The key whose two tones, and nothing else, are in a block of {@link BLOCK_SAMPLES}. */
export function keyInBlock(block: Float64Array): string | null {
  const total = energyOf(block);
  if (total < MIN_POWER * windowSquares) return null;
  // The weaker of two tones with all the twist there may be, and far beside the probe, still has so
  // much; speech mostly ends here.
  const least = (0.3 * MIN_SHARE * total * windowSum * windowSum) / (2 * windowSquares * (1 + MAX_TWIST));
  const row = findTone(ROWS, block, least);
  if (row === null) return null;
  const column = findTone(COLUMNS, block, least);
  if (column === null) return null;
  if (row.energy + column.energy < MIN_SHARE * total) return null;
  if (row.energy > column.energy * MAX_TWIST || column.energy > row.energy * MAX_TWIST) return null;
  return keyAt(row.index, column.index);
}

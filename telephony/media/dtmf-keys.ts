import { SAMPLE_RATE } from './format.js';

/** Rows and columns of the keypad in Hz (ITU-T Q.23). */
export const ROW_HZ = [697, 770, 852, 941] as const;
export const COLUMN_HZ = [1209, 1336, 1477, 1633] as const;

/** A key is one row's and one column's tone together. */
const KEYS = ['123A', '456B', '789C', '*0#D'];

/** The key at a row and a column, both from 0 to 3; null for another row. */
export function keyAt(row: number, column: number): string | null {
  return KEYS[row]?.charAt(column) ?? null;
}

/** The two tones of a key in Hz: the row's, the column's. Throws for what is no key. */
export function tonesOf(key: string): readonly [low: number, high: number] {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  const [low, high] = [ROW_HZ[row], COLUMN_HZ[KEYS[row]?.indexOf(key) ?? -1]];
  if (key.length !== 1 || low === undefined || high === undefined)
    throw new RangeError('not a telephone key');
  return [low, high];
}

/** The tones of a key, `amplitude` each (of 32767). Throws for what is no key. */
export function synthesizeKey(key: string, ms: number, amplitude = 4000): Int16Array {
  const [low, high] = tonesOf(key);
  const turn = (2 * Math.PI) / SAMPLE_RATE;
  return Int16Array.from({ length: (ms * SAMPLE_RATE) / 1000 }, (_, i) =>
    Math.round(amplitude * (Math.sin(turn * low * i) + Math.sin(turn * high * i))),
  );
}

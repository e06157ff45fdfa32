import { timingSafeEqual } from 'node:crypto';

/** The number of the authentication service (leaflet, "Authentication Mode"). */
export const SERVICE_NUMBER = '*89';

/**
 * What a caller has keyed, judged by form alone. Only a complete entry is an attempt (a `#` ends an
 * entry, it is no part of it).
 */
export type PapEntry = { kind: 'complete'; digits: string } | { kind: 'empty' } | { kind: 'incomplete' };

/** Judges the form of an entry against the number of digits of the device's PAP. */
export function readPapEntry(keyed: string, papDigits: number): PapEntry {
  if (keyed === '') return { kind: 'empty' };
  if (keyed.length === papDigits && /^\d+$/.test(keyed)) return { kind: 'complete', digits: keyed };
  return { kind: 'incomplete' };
}

/** Compares two PAPs in constant time. */
export function samePap(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * A complete attempt in one dial string, for phones whose DTMF is lost and for people who cannot
 * hear prompts: `*89*<PAP>`, with or without a closing `#`. Answers the digits, or null when the
 * dialled string is something else.
 */
export function papInDialString(dialled: string): string | null {
  return /^\*89\*(\d{1,32})#?$/.exec(dialled)?.[1] ?? null;
}

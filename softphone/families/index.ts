import type { PhoneFamily } from '../phone-setup.js';
import { snom } from './snom.js';
import { yealink } from './yealink.js';

/** The families that the phone can be. */
export const FAMILIES = { yealink, snom } as const satisfies Record<string, PhoneFamily>;
export type FamilyName = keyof typeof FAMILIES;

export function isFamilyName(text: string): text is FamilyName {
  return Object.hasOwn(FAMILIES, text);
}

import type { PhoneFamily } from '../phone-setup.js';
import { gigaset } from './gigaset.js';
import { fanvil } from './fanvil.js';
import { grandstream } from './grandstream.js';
import { panasonic } from './panasonic.js';
import { poly } from './poly.js';
import { cisco } from './cisco.js';
import { patton } from './patton.js';
import { snom } from './snom.js';
import { yealink } from './yealink.js';

/** The families that the phone can be. */
export const FAMILIES = {
  yealink,
  snom,
  poly,
  cisco,
  patton,
  grandstream,
  fanvil,
  panasonic,
  gigaset,
} as const satisfies Record<string, PhoneFamily>;
export type FamilyName = keyof typeof FAMILIES;

export function isFamilyName(text: string): text is FamilyName {
  return Object.hasOwn(FAMILIES, text);
}

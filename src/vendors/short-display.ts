import type { ServiceView } from './vendor.js';

/** The display texts for handsets with room for twelve characters: the same words, shortened. */
const SHORT_TEXTS: Record<ServiceView['displayText'], string> = {
  'Authentication needed': 'Auth needed',
  'Authentication failed': 'Auth failed',
  'Authentication blocked': 'Auth blocked',
  'Authorize provisioning!': 'Authorize!',
  'No line assigned': 'No line',
};

export const SHORT_DISPLAY_LENGTH = 12;

export function shortDisplayText(text: ServiceView['displayText']): string {
  return SHORT_TEXTS[text];
}

/** Cuts a label to what a short display has room for, never through a character. */
export function shortLabel(label: string): string {
  return Array.from(label).slice(0, SHORT_DISPLAY_LENGTH).join('');
}

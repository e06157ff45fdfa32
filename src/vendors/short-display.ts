import type { DisplayText } from '../domain/display.js';

/** The display texts for handsets with room for twelve characters: the same words, shortened. */
const SHORT_TEXTS: Record<DisplayText, string> = {
  'Authentication needed': 'Auth needed',
  'Authentication failed': 'Auth failed',
  'Authentication blocked': 'Auth blocked',
  'Authorize provisioning!': 'Authorize!',
};

export const SHORT_DISPLAY_LENGTH = 12;

export function shortDisplayText(text: DisplayText): string {
  return SHORT_TEXTS[text];
}

/** Cuts a label to what a short display has room for, never through a character. */
export function shortLabel(label: string): string {
  return Array.from(label).slice(0, SHORT_DISPLAY_LENGTH).join('');
}

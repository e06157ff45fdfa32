import { callProgressTones, type Tone } from '../call-progress-tones.js';
import type { Settings } from '../parameter-list.js';

/** Nothing for a country that is not given, or whose tones we do not know. */
export function toneSettings(country: string | null): Settings {
  const tones = country === null ? null : callProgressTones(country);
  if (tones === null) return new Map();
  return new Map([
    ['Dial_Tone', toneText(tones.dial, '10')],
    ['Ring_Back_Tone', toneText(tones.ringback, '*')],
    ['Busy_Tone', toneText(tones.busy, '10')],
    ['Reorder_Tone', toneText(tones.congestion, '10')],
  ]);
}

/** Two frequencies at once are played softer each, as the factory's are. */
const LEVEL = { 1: -16, 2: -19 } as const;

/**
 * `480@-19,620@-19;10(.5/.5/1+2)`: frequencies and levels, how many seconds in all, and
 * on/off/which of them.
 */
function toneText({ frequencies, cadence }: Tone, seconds: string): string {
  const script = frequencies.map((hertz) => `${hertz}@${LEVEL[frequencies.length]}`).join(',');
  const which = frequencies.length === 1 ? '1' : '1+2';
  const sections = cadence.map(({ on, off }) => `${secondsText(on)}/${secondsText(off)}/${which}`);
  return `${script};${seconds}(${sections.length === 0 ? `*/0/${which}` : sections.join(',')})`;
}

/** `.375`, `1.5`, `4`. */
function secondsText(milliseconds: number): string {
  return String(milliseconds / 1000).replace(/^0\./, '.');
}

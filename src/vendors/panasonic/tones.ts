import { callProgressTones, type Tone } from '../call-progress-tones.js';
import type { Settings } from '../parameter-list.js';
import type { PanasonicModel } from './models.js';
import { TONE_NAMES } from './parameters.js';

/** Silence before a tone, which the last pause of its cadence is shorter by. */
const LEAD_MILLISECONDS = 60;

/** Nothing for a country that is not given, or whose tones we do not know. */
export function toneSettings(country: string | null, { series }: PanasonicModel): Settings {
  const tones = country === null ? null : callProgressTones(country);
  if (tones === null) return new Map();
  const names = TONE_NAMES[series];
  const timing = series === 'tgp5' ? plainTiming : leadTiming;
  return new Map(
    (['dial', 'ringback', 'busy', 'congestion'] as const).flatMap((tone): [string, string][] => [
      [`${names[tone]}_FRQ`, tones[tone].frequencies.join(',')],
      [`${names[tone]}_TIMING`, timing(tones[tone])],
    ]),
  );
}

/** `60,500,440`: silence, on, off, …; `60,0` does not end. */
function leadTiming({ cadence }: Tone): string {
  if (cadence.length === 0) return `${LEAD_MILLISECONDS},0`;
  const times = cadence.flatMap(({ on, off }) => [on, off]);
  const last = Math.max(0, (times.at(-1) ?? 0) - LEAD_MILLISECONDS);
  return [LEAD_MILLISECONDS, ...times.slice(0, -1), last].join(',');
}

/** `500,500`: on, off, …; `0,0` does not end. */
function plainTiming({ cadence }: Tone): string {
  return cadence.length === 0 ? '0,0' : cadence.flatMap(({ on, off }) => [on, off]).join(',');
}

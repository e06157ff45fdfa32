import { primaryLanguage } from '../../domain/language.js';
import type { Tone } from '../call-progress-tones.js';
import type { PanasonicModel } from './models.js';

type Series = PanasonicModel['series'];

const LANGUAGES = ['cs', 'da', 'de', 'en', 'es', 'fi', 'fr', 'it', 'nl', 'pl', 'pt', 'ru', 'sv'];

export function languageCode(tag: string, series: Series): string {
  const language = primaryLanguage(tag);
  const known = LANGUAGES.includes(language) ? language : 'en';
  return known === 'en' && (series === 'ut' || series === 'tgp5') ? 'en-US' : known;
}

/**
 * The version of a firmware, which the phone compares with its own: it is in the file name of the
 * URL (`KX-HDV130-08.000.fw`).
 */
export function firmwareVersion(url: string): string {
  return /\d{2}\.\d{2,3}(?!\d)/.exec(url.split('/').at(-1) ?? '')?.[0] ?? '';
}

/** Silence before a tone, by which the last pause of its cadence is shorter. */
const LEAD_MS = 60;

/**
 * `60,500,440`: silence, on, off, …; `60,0` does not end. On TGP500 and TGP55x without the silence.
 */
export function toneTiming({ cadence }: Tone, series: Series): string {
  const times = cadence.flatMap(({ on, off }) => [on, off]);
  if (series === 'tgp5') return times.length === 0 ? '0,0' : times.join(',');
  if (times.length === 0) return `${LEAD_MS},0`;
  return [LEAD_MS, ...times.slice(0, -1), Math.max(0, (times.at(-1) ?? 0) - LEAD_MS)].join(',');
}
